#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "play/executor.hpp"
#include "run/recipe.hpp"
#include "train/course.hpp"
#include "train/feed.hpp"
#include "train/observer.hpp"

namespace ganymede::cluster {
class Group;
}

namespace ganymede::train {

/// The training loop: lets the course go on, update by update, and tells the observers. The run ends after
/// `train.epochs`, `train.steps`, or with the step that reaches `train.images`.
class Loop {
 public:
  /// All that it remembers between two updates, besides the executor's state.
  struct State {
    Position position;
    UpdateSchedule::State schedule;
    Meter::Sums epoch;
    bool settled = false;  ///< an observer ended the run before its length
    friend bool operator==(const State&, const State&) = default;
  };

  /// Feed and executor must outlive it, and so must the group of processes that train together, if there is one: they
  /// end at the same update. Observers of the first process decide when, those of the others ask to stop at most.
  Loop(const run::Recipe& recipe, Feed& feed, play::Executor& executor, cluster::Group* group = nullptr);

  /// Observers are called in the order of adding and must outlive the run.
  void add(Observer& observer) { observers_.push_back(&observer); }
  State state() const { return {course_.position(), course_.schedule().state(), epoch_meter_.sums(), settled_}; }
  void restore(const State& state);

  /// Trains to the end or until an observer may stop. Errors of the executor and the observers pass through; then the
  /// state is that before the update that failed.
  Ending run();
  bool finished() const;
  /// What the observers want to have stored.
  NamedTensors stored_by_observers() const;

 private:
  void advance();
  /// Whether to stop, what the other processes say included.
  bool agree(bool stop);
  void tell_failure();

  run::Recipe::Train limits_;
  Course course_;
  cluster::Group* group_;
  std::vector<Observer*> observers_;
  Meter epoch_meter_;
  bool settled_ = false;
  double seconds_ = 0;
};

/// What a run by this recipe takes from beginning to end; 0 where that is not known beforehand (game.update
/// "converge").
struct Length {
  std::int64_t images = 0;  ///< real images
  std::int64_t steps = 0;
  friend bool operator==(const Length&, const Length&) = default;
};
Length length_of(const run::Recipe& recipe, std::int64_t batches_per_epoch, std::int64_t images_per_epoch);

/// What a checkpoint holds of the loop besides its numbered fields, as JSON text for run::Checkpoint::loop_state.
/// Numbers come back to the bit.
struct StoredState {
  UpdateSchedule::State schedule;
  Meter::Sums epoch;
  Meter::Sums window;          ///< since the last "step" event
  std::uint32_t data_crc = 0;  ///< data::content_hash of the data set
  bool settled = false;        ///< Loop::State::settled
  friend bool operator==(const StoredState&, const StoredState&) = default;
};
std::string to_json(const StoredState& state);
/// @throws DataError with `origin` on anything else.
StoredState stored_state_from_json(const std::string& text, const std::string& origin);

}  // namespace ganymede::train
