#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "data/catalogue.hpp"
#include "play/backend.hpp"
#include "run/checkpoint.hpp"
#include "run/recipe.hpp"
#include "run/run_directory.hpp"
#include "train/meter.hpp"
#include "train/recorder.hpp"
#include "train/setup.hpp"

namespace ganymede::cluster {
class Group;
}

namespace ganymede::train {

/// What an observer from outside this room may look at and write to.
struct ObserverContext {
  Setup& setup;
  run::EventWriter& events;
  const run::RunDirectory& directory;
  const run::Checkpoint* from = nullptr;  ///< of a run that goes on: what the observer stored is in its `monitors`
  /// Adds to the console's line of an epoch, in on_epoch; may be empty.
  std::function<void(const std::string& text)> note{};
};
/// Makes an observer of a run that is about to begin or go on; null: none. What it writes in on_epoch lies between the
/// epoch's event and its checkpoint, and must be a function of the run's state alone but for time_* fields.
using ObserverFactory = std::function<std::unique_ptr<Observer>(const ObserverContext&)>;

/// What a run does not depend on: where, how fast, for how long now.
struct SessionOptions {
  const play::Backend* backend = nullptr;  ///< who computes; must be given
  std::vector<data::SearchPlace> places;
  std::filesystem::path run_folder{};  ///< of a run that goes on: its own partition comes first
  int threads = 0;                     ///< 0: physical cores
  double minutes = 0;                  ///< > 0: pause after so many
  std::int64_t pause_after = 0;        ///< > 0: pause when so many further epochs have ended
  std::int64_t pause_at_step = 0;      ///< > 0: pause when this step has ended
  ProgressStyle progress = ProgressStyle::automatic;
  std::string version;
  std::string commit;
  std::function<void(const std::string& line)> say;  ///< sentences for a person; none if empty
  std::vector<ObserverFactory> observers{};          ///< called after those of this room that write
  /// Processes that train together (together.hpp), none: this one alone. Not owned.
  cluster::Group* group = nullptr;
};

/// The recipe's names as the engine's values. @throws ConfigError for an unknown one.
play::ExecutorConfig executor_config(const run::Recipe& recipe, int threads);

/// Opens the data, builds the networks and an executor with fresh parameters. Nothing is written.
Setup prepare(const run::Recipe& recipe, const SessionOptions& options);
/// The same of data at hand, whatever recipe.data says.
Setup prepare(const run::Recipe& recipe, data::Dataset dataset, const SessionOptions& options);

/// What is about to be trained: networks, data, length, and the disk space that it will take.
std::string announcement(const Setup& setup);

/// How a session ended.
struct Outcome {
  run::RunState state = run::RunState::finished;  ///< finished or paused
  Position position;
  Means last_epoch;    ///< means of the last whole epoch (of what there was, if none was completed)
  double seconds = 0;  ///< in updates, this session
  double images_per_second = 0;
  std::filesystem::path checkpoint;
  bool settled = false;  ///< an observer ended the run before its length
};

/// Trains in `directory` (locked) from `from`, or from the beginning. Stops at the end, on a signal, or after
/// options.minutes, in both latter cases with a checkpoint.
/// @throws GuardError, with the last good checkpoint in its message, when a guard stops the run (NaN, full disk); the
/// run is marked as stopped then, as failed on any other error. A new run that cannot even begin leaves nothing behind.
Outcome train(Setup& setup, run::RunDirectory& directory, const std::optional<run::LoadedCheckpoint>& from,
              const SessionOptions& options);

/// Where a resumed run begins: its newest good checkpoint, none if it never wrote one. Says which were passed over.
/// @throws DataError if there are checkpoints but none is whole.
std::optional<run::LoadedCheckpoint> starting_point(const run::RunDirectory& directory, const SessionOptions& options);

}  // namespace ganymede::train
