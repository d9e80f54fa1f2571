#include "train/loop.hpp"

#include <chrono>

namespace ganymede::train {

Loop::Loop(const run::Recipe& recipe, Feed& feed, play::Executor& executor)
    : limits_(recipe.train), feed_(feed), executor_(executor), schedule_(recipe.game) {}

void Loop::restore(const State& state) {
  position_ = state.position;
  schedule_.restore(state.schedule);
  epoch_meter_.restore(state.epoch);
  settled_ = state.settled;
}

NamedTensors Loop::stored_by_observers() const {
  NamedTensors stored;
  for (const Observer* observer : observers_) observer->store(stored);
  return stored;
}

bool Loop::finished() const {
  if (settled_) return true;
  if (limits_.epochs > 0) return position_.epoch >= limits_.epochs;
  if (limits_.steps > 0) return position_.step >= limits_.steps;
  return position_.images >= limits_.images && schedule_.between_steps();
}

void Loop::update() {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  phase_ = schedule_.next();
  const play::Batch batch = feed_.fill(position_, phase_, executor_.resting_threads());
  result_ = executor_.step(batch, phase_);
  count_ = batch.count;
  step_ended_ = schedule_.record(result_);
  ++position_.tick;
  if (step_ended_) ++position_.step;
  if (phase_ != play::Phase::generator) {
    ++position_.batch;
    position_.images += count_;
  }
  epoch_meter_.add(phase_, count_, result_);
  seconds_ += std::chrono::duration<double>(Clock::now() - begin).count();
}

Ending Loop::run() {
  bool epoch_ended = false;
  const auto moment = [&] {
    return Moment{position_, phase_, count_, result_, step_ended_, epoch_ended, epoch_meter_, seconds_};
  };
  for (Observer* observer : observers_) observer->on_start(moment());
  bool stop = false;
  while (!stop && !finished()) {
    update();
    epoch_ended = position_.batch == feed_.batches() && schedule_.next() != play::Phase::generator;
    if (epoch_ended) {
      ++position_.epoch;
      position_.batch = 0;
    }
    for (Observer* observer : observers_) observer->on_step(moment());
    if (epoch_ended) {
      for (Observer* observer : observers_) observer->on_epoch(moment());
      epoch_meter_.reset();
    }
    for (Observer* observer : observers_) settled_ = observer->may_finish(moment()) || settled_;
    for (Observer* observer : observers_) observer->on_settled(moment());
    for (Observer* observer : observers_) stop = observer->may_stop(moment()) || stop;
  }
  const Ending ending = finished() ? Ending::finished : Ending::interrupted;
  for (Observer* observer : observers_) observer->on_end(moment(), ending);
  return ending;
}

Length length_of(const run::Recipe& recipe, std::int64_t batches_per_epoch, std::int64_t images_per_epoch) {
  const std::int64_t per_step = UpdateSchedule(recipe.game).d_updates_per_step();
  const run::Recipe::Train& train = recipe.train;
  if (train.epochs > 0) {
    return {train.epochs * images_per_epoch, per_step > 0 ? train.epochs * batches_per_epoch / per_step : 0};
  }
  if (train.steps > 0) {
    const std::int64_t updates = per_step * train.steps;
    return {updates / batches_per_epoch * images_per_epoch + updates % batches_per_epoch * train.batch, train.steps};
  }
  const std::int64_t rest = train.images % images_per_epoch;
  const std::int64_t batches =
      train.images / images_per_epoch * batches_per_epoch + (rest + train.batch - 1) / train.batch;
  return {train.images, per_step > 0 ? (batches + per_step - 1) / per_step : 0};
}

}  // namespace ganymede::train
