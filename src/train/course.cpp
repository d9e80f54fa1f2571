#include "train/course.hpp"

#include <string_view>

namespace ganymede::train {

using play::Phase;

namespace {

bool is_of_discriminator(std::string_view name) {
  return name.starts_with("discriminator.") || name.starts_with("optimizer.discriminator.");
}

}  // namespace

Course::Course(const run::Recipe& recipe, Feed& feed, play::Executor& executor)
    : feed_(feed), executor_(executor), schedule_(recipe.game), unrolled_(recipe.game.unroll > 0) {}

void Course::restore(const Position& position, const UpdateSchedule::State& schedule) {
  position_ = position;
  schedule_.restore(schedule);
}

void Course::play_batch(const Position& position, Phase phase) {
  const play::Batch batch = feed_.fill(position, phase, executor_.resting_threads());
  last_.result = executor_.step(batch, phase);
  last_.phase = phase;
  last_.count = batch.count;
}

void Course::count_update() {
  ++position_.tick;
  if (last_.step_ended) ++position_.step;
  if (last_.phase != Phase::generator) {
    ++position_.batch;
    position_.images += last_.count;
  }
  last_.epoch_ended = position_.batch == feed_.batches() && schedule_.next() != Phase::generator;
  if (last_.epoch_ended) {
    ++position_.epoch;
    position_.batch = 0;
  }
}

const Course::Update& Course::advance() {
  play_batch(position_, schedule_.next());
  last_.step_ended = schedule_.record(last_.result);
  count_update();
  return last_;
}

Position Course::from_next_batch() const {
  Position next = position_;
  if (next.batch == feed_.batches()) {  // kept for a G that is next by the schedule
    ++next.epoch;
    next.batch = 0;
  }
  return next;
}

// G learns against the D that looked ahead, which is what both play; D is put back as it was.
void Course::play_ahead(const Position& position) {
  NamedTensors before = executor_.state();
  play_batch(position, Phase::both);
  NamedTensors after = executor_.state();
  for (auto& [name, tensor] : after) {
    if (is_of_discriminator(name)) tensor = std::move(before.at(name));
  }
  executor_.set_state(after);
  last_.phase = Phase::generator;
}

const Course::Update& Course::advance_alone(Phase who) {
  if (who == Phase::generator) {
    Position from = position_;
    // Its batch is as large as the last one that D saw, or as the first.
    if (from.batch == 0) from.batch = 1;
    if (unrolled_) {
      --from.batch;
      play_ahead(from);
    } else {
      play_batch(from, who);
    }
  } else {
    const Position from = from_next_batch();
    play_batch(from, who);
    position_ = from;  // only now: an error changes nothing
  }
  last_.step_ended = who != Phase::discriminator;
  count_update();
  return last_;
}

}  // namespace ganymede::train
