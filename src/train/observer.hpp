#pragma once

#include <cstdint>

#include "train/feed.hpp"
#include "train/meter.hpp"

namespace ganymede::train {

/// The loop as its observers see it. Valid during the call.
struct Moment {
  const Position& position;
  play::Phase phase;               ///< of the last update
  std::int64_t count;              ///< its images
  const play::StepResult& result;  ///< its result
  bool step_ended;                 ///< it completed a step
  bool epoch_ended;                ///< it completed an epoch (position.epoch counts it already)
  const Meter& epoch_meter;        ///< of the current epoch; in on_epoch of the one that has ended
  double seconds;                  ///< spent in updates by this process
};

enum class Ending { finished, interrupted };

/// Who watches a run: writes files, draws a bar, measures, stops it. The loop itself does no input or output, so with
/// several processes only the first one has observers that write.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Before the first update, of a resumed run as well; position tells them apart.
  virtual void on_start(const Moment&) {}
  /// After each update.
  virtual void on_step(const Moment&) {}
  /// After the last update of an epoch, after on_step.
  virtual void on_epoch(const Moment&) {}
  /// Asked after on_step and on_epoch of all observers; true ends the run there as finished, as if its length were
  /// reached. That it has ended belongs to the loop's state.
  virtual bool may_finish(const Moment&) { return false; }
  /// Adds what the observer must remember between two processes to what a checkpoint stores, under names of its own.
  virtual void store(NamedTensors&) const {}
  /// After on_step, on_epoch and may_finish of all observers: the state is settled and may be stored.
  virtual void on_settled(const Moment&) {}
  /// Asked last after each update; true ends the run there, to be resumed.
  virtual bool may_stop(const Moment&) { return false; }
  /// After the last update of this process.
  virtual void on_end(const Moment&, Ending) {}
};

}  // namespace ganymede::train
