#include "train/loop.hpp"

#include <chrono>

#include "cluster/group.hpp"

namespace ganymede::train {

namespace {

// What processes tell one another after each update.
constexpr std::uint32_t kStop = 1, kSettled = 2, kFailed = 4;

}  // namespace

Loop::Loop(const run::Recipe& recipe, Feed& feed, play::Executor& executor, cluster::Group* group)
    : limits_(recipe.train), course_(recipe, feed, executor), group_(group) {}

void Loop::restore(const State& state) {
  course_.restore(state.position, state.schedule);
  epoch_meter_.restore(state.epoch);
  settled_ = state.settled;
}

NamedTensors Loop::stored_by_observers() const {
  NamedTensors stored;
  for (const Observer* observer : observers_) observer->store(stored);
  return stored;
}

bool Loop::finished() const {
  const Position& position = course_.position();
  if (settled_) return true;
  if (limits_.epochs > 0) return position.epoch >= limits_.epochs;
  if (limits_.steps > 0) return position.step >= limits_.steps;
  return position.images >= limits_.images && course_.schedule().between_steps();
}

Ending Loop::run() {
  using Clock = std::chrono::steady_clock;
  const Course::Update& last = course_.last();
  const auto moment = [&] {
    return Moment{course_.position(), last.phase,       last.count,   last.result,
                  last.step_ended,    last.epoch_ended, epoch_meter_, seconds_};
  };
  // What an observer throws, the other processes do not know of.
  const auto watched = [&](const auto& work) {
    try {
      work();
    } catch (...) {
      tell_failure();
      throw;
    }
  };
  watched([&] {
    for (Observer* observer : observers_) observer->on_start(moment());
  });
  bool stop = agree(false);
  while (!stop && !finished()) {
    const auto begin = Clock::now();
    advance();
    epoch_meter_.add(last.phase, last.count, last.result);
    seconds_ += std::chrono::duration<double>(Clock::now() - begin).count();
    watched([&] {
      for (Observer* observer : observers_) observer->on_step(moment());
      if (last.epoch_ended) {
        for (Observer* observer : observers_) observer->on_epoch(moment());
        epoch_meter_.reset();
      }
      for (Observer* observer : observers_) settled_ = observer->may_finish(moment()) || settled_;
      for (Observer* observer : observers_) observer->on_settled(moment());
      for (Observer* observer : observers_) stop = observer->may_stop(moment()) || stop;
    });
    stop = agree(stop);
  }
  const Ending ending = finished() ? Ending::finished : Ending::interrupted;
  for (Observer* observer : observers_) observer->on_end(moment(), ending);
  return ending;
}

void Loop::advance() {
  try {
    course_.advance();
  } catch (const play::NonFiniteError&) {
    if (group_ != nullptr) group_->failed_together = true;  // all find the same
    throw;
  }
}

bool Loop::agree(bool stop) {
  if (group_ == nullptr) return stop;
  const std::uint32_t all = cluster::any_of(*group_, (stop ? kStop : 0) | (settled_ ? kSettled : 0));
  settled_ = (all & kSettled) != 0;
  if ((all & kFailed) == 0) return (all & kStop) != 0;
  group_->failed_together = true;
  throw cluster::SaidByFirst(3);
}

void Loop::tell_failure() {
  if (group_ == nullptr) return;
  try {
    cluster::any_of(*group_, kFailed);
    group_->failed_together = true;
  } catch (const cluster::LostError&) {  // then nobody waits for this
  }
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
