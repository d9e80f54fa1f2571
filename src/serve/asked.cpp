#include "serve/asked.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/shell_word.hpp"
#include "explore/dissection.hpp"
#include "explore/point_pictures.hpp"
#include "fit/samples.hpp"
#include "serve/catalogue.hpp"
#include "serve/frame.hpp"

namespace ganymede::serve {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestView = 64;
constexpr std::int64_t kLastEpoch = 1'000'000'000;
constexpr double kLastSerial = 9007199254740992;  // 2^53: beyond it numbers of a page are not whole

// What is loaded of a run lies in its folder.
void refuse_links(const fs::path& folder) {
  const auto refuse_link = [](const fs::path& path) {
    if (fs::is_symlink(fs::symlink_status(path))) {
      throw HttpError(
          409, fmt::format("{} is a link: weights are read from the run's own folder alone", path.filename().string()));
    }
  };
  std::error_code ignored;
  refuse_link(folder / run::kPartitionFile);
  refuse_link(folder / run::kConditionsFile);
  for (const char* name : {"snapshots", "checkpoints"}) {
    refuse_link(folder / name);
    for (const auto& entry : fs::directory_iterator(folder / name, ignored)) {
      if (entry.is_symlink(ignored)) refuse_link(entry.path());
    }
  }
}

bool is_ink(const Tensor& pictures) {
  const Shape& s = pictures.shape();
  return train::is_ink({s[1], s[2], s[3]});
}

}  // namespace

Models& models_of(const Api& api) {
  if (api.models == nullptr) throw HttpError(503, "this server runs no models");
  return *api.models;
}

std::string data_folder_of(const fs::path& run) {
  const RunView view = look_at(run);
  std::error_code ignored;
  return view.info && fs::is_directory(view.info->data, ignored) ? view.info->data : "";
}

Asked read_asked(const Body& body, const std::string& endpoint, const Api& api) {
  Models& models = models_of(api);
  Asked asked{.run = body.required_text("run"), .folder = {}, .data = {}};
  asked.folder = api.runs.folder_of(asked.run);
  asked.data = data_folder_of(asked.folder);
  if (const auto epoch = body.whole("epoch", 0, kLastEpoch)) asked.wanted.epoch = static_cast<std::uint64_t>(*epoch);
  if (body.choice("plan", {"exact", "quick"}) == "quick") asked.wanted.plan = explore::Plan::quick;
  const std::string view = body.text("view", kLongestView);
  asked.has_view = !view.empty();
  asked.ticket = models.newest().take(endpoint, view, body.number("serial", 0, kLastSerial, 0));
  return asked;
}

std::optional<std::uint64_t> number_in(const Request& request, const char* name, std::uint64_t most) {
  const std::string* text = request.parameter(name);
  if (text == nullptr) return {};
  std::uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [at, fault] = std::from_chars(text->data(), end, value);
  if (fault != std::errc() || at != end || value > most)
    throw HttpError(400, fmt::format("{}: wanted a whole number from 0 to {}", name, most));
  return value;
}

Asked read_query(const Request& request, const Parts& parts, const Api& api) {
  models_of(api);
  Asked asked{.run = parts.at(0), .folder = api.runs.folder_of(parts.at(0)), .data = {}};
  asked.data = data_folder_of(asked.folder);
  asked.wanted.epoch = number_in(request, "epoch", kLastEpoch);
  return asked;
}

std::vector<std::uint64_t> epochs_of(const fs::path& folder) {
  refuse_links(folder);
  std::vector<std::uint64_t> epochs;
  for (const run::SnapshotFile& file : run::list_snapshots(folder / "snapshots")) epochs.push_back(file.epoch);
  return epochs;
}

Opened open_asked(const Asked& asked, Api& api, bool with_classifier) {
  Models& models = models_of(api);
  models.newest().check(asked.ticket);
  refuse_links(asked.folder);
  if (asked.wanted.epoch) {
    try {
      run::find_snapshot(asked.folder / "snapshots", *asked.wanted.epoch);
    } catch (const DataError& missing) {
      throw HttpError(404, missing.what());
    }
  }
  Opened opened{.run = asked.run, .exhibit = models.open(asked.folder, asked.wanted), .known = {}};
  if (!asked.points && explore::draws_points(opened.generator().network())) {
    throw HttpError(409, "this run's samples are points, which have no classes: there are no maps and walks of them");
  }
  const fs::path& file = opened.exhibit->file;
  std::error_code gone;
  opened.stamp = fmt::format("{} {} {}\n", file.string(), fs::last_write_time(file, gone).time_since_epoch().count(),
                             opened.generator().plan() == explore::Plan::exact);
  if (!with_classifier) return opened;
  opened.known = models.judges().known(opened.generator().about().recipe, asked.data);
  opened.classifier = models.classifier(opened.known);
  return opened;
}

Response with_models(std::shared_ptr<const Asked> asked, Api& api, bool with_classifier, bool patient,
                     std::function<Response(Opened)> work) {
  const bool waits = with_classifier && (patient || !asked->has_view);
  Later later{.lane = Lane::looks};
  later.work = [asked, &api, with_classifier, patient, waits, work = std::move(work)]() -> Response {
    Models& models = models_of(api);
    models.use_all_cores(false);
    Opened opened = open_asked(*asked, api, with_classifier);
    if (waits && opened.known.state == Judges::State::looking) {
      const run::Recipe recipe = opened.generator().about().recipe;
      Later wait{.lane = Lane::data, .work = [=, &api, &models] {
                   models.judges().wait(recipe, asked->data);
                   return with_models(asked, api, with_classifier, patient, work);
                 }};
      return {.later = std::move(wait)};
    }
    Response response = work(std::move(opened));
    models.make_room();
    return response;
  };
  return {.later = std::move(later)};
}

std::vector<play::Override> overrides_of(const std::vector<std::string>& set, const net::Network& network) {
  std::vector<play::Override> overrides;
  for (const std::string& text : set) {
    try {
      overrides.push_back(explore::parse_ablation(text, network));
    } catch (const ConfigError& fault) {
      const std::string sentence = fault.what();
      constexpr std::string_view kOption = "--ablate ";
      throw HttpError(400, "\"set\": " + (sentence.starts_with(kOption) ? sentence.substr(kOption.size()) : sentence));
    }
  }
  return overrides;
}

std::string z_words(std::span<const float> z) {
  std::string words = fmt::format("{}", fmt::join(z, ","));
  return words.find_first_not_of("0123456789") == std::string::npos ? words + ".0" : words;
}

std::string ablate_words(const std::vector<std::string>& set) {
  std::string words;
  for (const std::string& one : set) words += " --ablate " + shell_word(one);
  return words;
}

std::pair<std::string, Tensor> sent_pictures(const Tensor& pictures, const std::string& name) {
  const Shape& s = pictures.shape();
  if (train::is_points({s[1], s[2], s[3]}))
    return {name == "picture" ? "points" : name, pictures.reshaped({s[0], s[1]})};
  if (is_ink(pictures)) return {name == "picture" ? "strokes" : name, pictures.reshaped({s[0], s[2], s[3]})};
  return {name, channels_last(fit::to_levels(pictures))};
}

}  // namespace ganymede::serve
