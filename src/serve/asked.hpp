#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "serve/api.hpp"
#include "serve/body.hpp"
#include "serve/models.hpp"

namespace ganymede::serve {

// What look, map and walk have in common.

/// A request's part that all of them have: {"run", "epoch"?, "plan"?, "view"?, "serial"?}.
struct Asked {
  std::string run;
  std::filesystem::path folder;
  std::string data;  ///< the folder that --data named when the run was started; "": none
  explore::Wanted wanted{};
  Newest::Ticket ticket{};
  bool has_view = false;
  bool points = false;  ///< runs whose samples are points are answered, too
};
/// Reads it, and lets it overtake older ones of its view. @throws HttpError 400, 404; 503 without models.
Asked read_asked(const Body& body, const std::string& endpoint, const Api& api);

/// The same of a GET about one run: its name stands in the address, "epoch" in the query. @throws likewise.
Asked read_query(const Request& request, const Parts& parts, const Api& api);
/// A whole number of the query; nothing if it is not there. @throws HttpError 400 for another.
std::optional<std::uint64_t> number_in(const Request& request, const char* name, std::uint64_t most);

/// What Asked::data says.
std::string data_folder_of(const std::filesystem::path& run);

/// The models of this server. @throws HttpError 503 if it runs none.
Models& models_of(const Api& api);

/// Epochs whose snapshots can be asked for, ascending. @throws HttpError 409 where a link lies among the weights: what
/// it leads to is none of the run's.
std::vector<std::uint64_t> epochs_of(const std::filesystem::path& folder);

/// The generator and, if asked for, the classifier of its data: on the thread of models. @throws HttpError 409 if a
/// newer request has overtaken it, 404 for an epoch without a snapshot.
Opened open_asked(const Asked& asked, Api& api, bool with_classifier);

/// The answer that `work` makes of what was opened, on the thread of models. Where the data have to be opened first to
/// know of a classifier, a request without a view waits for that, so that it gets the same answer whenever it is asked;
/// one with a view is answered without (its page asks again when it is known). `patient`: that one waits, too.
Response with_models(std::shared_ptr<const Asked> asked, Api& api, bool with_classifier, bool patient,
                     std::function<Response(Opened)> work);

/// The overrides of "set". @throws HttpError 400 for a text that dissect --ablate would not take.
std::vector<play::Override> overrides_of(const std::vector<std::string>& set, const net::Network& network);

/// "0.5,-1.2": as the command line takes a point, and no seed of one coordinate ("3.0").
std::string z_words(std::span<const float> z);
/// " --ablate act2:channel=5" for each text of "set".
std::string ablate_words(const std::vector<std::string>& set);

/// Pictures f32 [N, C, H, W] as they are sent: u8 [N, H, W, C] "picture", of ink f32 [N, T, 3] "strokes", or of points
/// f32 [N, D] "points".
/// `name`: what the array is called in place of "picture".
std::pair<std::string, Tensor> sent_pictures(const Tensor& pictures, const std::string& name = "picture");

}  // namespace ganymede::serve
