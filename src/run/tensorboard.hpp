#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "run/tensorboard_file.hpp"

namespace ganymede::run {

/// Turns the events of one run, in their order, into TensorBoard's.
///
/// A number `generator_loss` of an event of kind `epoch` becomes a scalar of tag "epoch/generator_loss" at the event's
/// step (curve_point says which numbers); the picture of an epoch, and that before the first step, becomes an image of
/// tag "samples". The time of day is that of the run: its beginning plus the seconds that its events tell.
class TensorBoardTranslator {
 public:
  /// `run`: its folder, where the pictures are.
  explicit TensorBoardTranslator(std::filesystem::path run) : run_(std::move(run)) {}

  struct Translated {
    double wall_time = 0;
    std::int64_t step = 0;
    std::string event;  ///< the bytes of a tensorflow.Event
  };
  /// None for events without curves and pictures. A picture that is not there is left out.
  std::optional<Translated> translate(const nlohmann::json& event);
  /// Seconds since 1970 of the last event that was seen.
  double wall_time() const { return begin_ + before_ + last_; }

 private:
  std::filesystem::path run_;
  double begin_ = 0;   ///< of the run
  double before_ = 0;  ///< seconds of earlier sessions
  double last_ = 0;    ///< of the present one
};

/// A whole file of events, the scalars `more` of other steps behind them.
std::string tensorboard_file(const std::filesystem::path& run, const std::vector<nlohmann::json>& events,
                             const std::vector<std::pair<std::int64_t, ScalarSummary>>& more = {});

/// TensorBoard's files beside a run that trains (train.tensorboard), in `folder`: a file a session, all of them
/// together always what events.jsonl says.
///
/// When a session begins, what lies behind the checkpoint that it goes on from is cut off the older files, as it is off
/// events.jsonl; what they lack is told again at the beginning of the new one, which names the step from which a reader
/// that is still open has to forget. Each record is one write: a kill leaves a torn last one at most, which readers
/// pass over.
class TensorBoardLog {
 public:
  /// `kept`: the events that events.jsonl holds now. @throws as AppendFile
  TensorBoardLog(const std::filesystem::path& run, const std::filesystem::path& folder,
                 const std::vector<nlohmann::json>& kept);
  /// A line of events.jsonl, as soon as it is there.
  void add(const std::string& line);

 private:
  void write(const nlohmann::json& event);

  TensorBoardTranslator translator_;
  std::unique_ptr<AppendFile> file_;
};

inline constexpr const char* kTensorBoardFolder = "tensorboard";  ///< within a run's

/// "events.out.tfevents.0000000003.ganymede", in the order of which TensorBoard reads them.
std::string tensorboard_name(std::int64_t session);

}  // namespace ganymede::run
