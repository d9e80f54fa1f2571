#pragma once

#include <cstdint>

#include "play/executor.hpp"
#include "run/recipe.hpp"
#include "train/feed.hpp"
#include "train/update_schedule.hpp"

namespace ganymede::train {

/// A game under way, one update at a time: asks the schedule who is next, feeds the executor and counts. An epoch ends
/// when its batches are used up and the next update would need a new one.
class Course {
 public:
  /// What an update was.
  struct Update {
    play::Phase phase = play::Phase::both;
    std::int64_t count = 0;  ///< samples of its batch
    play::StepResult result{};
    bool step_ended = false;   ///< it completed a step: an update of G with what goes before it
    bool epoch_ended = false;  ///< it was the last of its epoch
  };

  /// Feed and executor must outlive it.
  Course(const run::Recipe& recipe, Feed& feed, play::Executor& executor);

  /// The update that the schedule names. Errors of the executor pass through; then nothing has changed.
  const Update& advance();
  /// One player by itself, beside the schedule, which stays where it is; a step is counted where it is G. D sees the
  /// next batch of real samples, G takes noise alone. G of an unrolled game descends against the D that would be, as in
  /// a step of both, and D is put back.
  const Update& advance_alone(play::Phase who);

  /// The update that was made last, by this course; one of 0 samples before the first.
  const Update& last() const { return last_; }
  /// Who is next by the schedule.
  play::Phase next() const { return schedule_.next(); }
  const Position& position() const { return position_; }
  /// The same where D's next update takes its batch from: in the next epoch where this one's are used up.
  Position from_next_batch() const;
  const UpdateSchedule& schedule() const { return schedule_; }
  void restore(const Position& position, const UpdateSchedule::State& schedule);

 private:
  void play_batch(const Position& position, play::Phase phase);
  void play_ahead(const Position& position);
  void count_update();

  Feed& feed_;
  play::Executor& executor_;
  UpdateSchedule schedule_;
  bool unrolled_;
  Position position_;
  Update last_;
};

}  // namespace ganymede::train
