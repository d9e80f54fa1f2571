#include "train/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "play/batch_part.hpp"
#include "train/resume.hpp"
#include "train/session.hpp"

namespace ganymede::train {
namespace {

/// The first `count` samples.
play::Batch first_of(const play::Batch& batch, std::int64_t count) {
  return batch.count <= count ? batch : play::part_of(batch, 0, count);
}

/// So many samples, or some more where D sees packs of them.
std::int64_t whole_packs(std::int64_t samples, const run::Recipe& recipe) {
  const std::int64_t pack = recipe.game.pack;
  return (samples + pack - 1) / pack * pack;
}

/// Both at once, in the place of the run's executor.
class Both : public play::Executor {
 public:
  Both(play::Executor& executor, play::Reference& reference, std::int64_t most)
      : executor_(executor), reference_(reference), most_(most) {}

  play::StepResult step(const play::Batch& batch, play::Phase phase) override {
    const play::Batch part = first_of(batch, most_);
    batch_ = std::max(batch_, part.count);
    steps_.push_back(play::check_step(executor_, reference_, part, phase));
    return steps_.back().result;
  }
  NamedTensors gradients() const override { return executor_.gradients(); }
  play::Inference infer(const std::string& network, const play::Inputs& inputs, bool ema,
                        const std::vector<std::string>& taps, const std::vector<play::Override>& overrides) override {
    return executor_.infer(network, inputs, ema, taps, overrides);
  }
  NamedTensors state() const override { return executor_.state(); }
  void set_state(const NamedTensors& state) override {
    executor_.set_state(state);
    reference_.set_state(state);
  }
  std::vector<play::PassInfo> plan() const override { return executor_.plan(); }
  std::string plan_name() const override { return executor_.plan_name(); }
  std::int64_t memory_bytes() const override { return executor_.memory_bytes() + reference_.memory_bytes(); }

  const std::vector<play::StepCheck>& steps() const { return steps_; }
  std::int64_t batch() const { return batch_; }

 private:
  play::Executor& executor_;
  play::Reference& reference_;
  std::int64_t most_;
  std::int64_t batch_ = 0;
  std::vector<play::StepCheck> steps_;
};

/// Of the reference for one sample of one update, timed on two.
double seconds_of_a_sample(const Setup& setup, const NamedTensors& state, const Loop::State& at,
                           const ReferenceFactory& make, const play::Game& game) {
  constexpr std::int64_t kTimed = 2;
  const auto reference = make(setup.networks.generator, setup.networks.discriminator, game);
  reference->set_state(state);
  Feed feed(setup.dataset, setup.recipe, setup.networks, setup.partition);
  const play::Batch batch = first_of(feed.fill(at.position, play::Phase::both), whole_packs(kTimed, setup.recipe));
  const auto begin = std::chrono::steady_clock::now();
  reference->step(batch, play::Phase::both);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return taken.count() / static_cast<double>(batch.count);
}

void refuse_if_long(double seconds, std::int64_t updates, std::int64_t batch, const CheckOptions& options) {
  const double all = seconds * static_cast<double>(updates * batch);
  if (all <= options.most_seconds) return;
  const auto possible = static_cast<std::int64_t>(options.most_seconds / (seconds * static_cast<double>(updates)));
  fail<ConfigError>(
      "the reference, which computes in double by plain loops, would take about {} for {} of {} samples; {}",
      human_duration(all), counted(updates, "update"), batch,
      possible > 0
          ? fmt::format("--batch {} checks the first {} of each batch, --minutes gives it longer", possible, possible)
          : std::string("--batch 1 with fewer --steps takes the least, --minutes gives it longer"));
}

}  // namespace

double Check::worst() const {
  double worst = 0;
  for (const play::StepCheck& step : steps) worst = std::max(worst, step.worst());
  return worst;
}

Check check(Setup& setup, const run::LoadedCheckpoint& from, const CheckOptions& options) {
  Loop::State at = resumed(from, setup).loop;
  at.settled = false;
  run::Recipe recipe = setup.recipe;  // as long as it takes, however long the run was to be
  recipe.train.epochs = recipe.train.images = 0;
  recipe.train.steps = at.position.step + options.steps;
  const std::int64_t most = whole_packs(options.batch > 0 ? options.batch : recipe.train.batch, recipe);
  const play::Game game = executor_config(recipe, 0).game;
  const UpdateSchedule schedule(recipe.game);
  const int of_d = schedule.d_updates_per_step() > 0 ? schedule.d_updates_per_step() : recipe.game.converge_max_steps;
  const std::int64_t updates = options.steps * (recipe.game.update == play::UpdateOrder::simultaneous ? 1 : 1 + of_d);
  Feed feed(setup.dataset, recipe, setup.networks, setup.partition);
  if (at.position.batch >= feed.batches()) at.position.batch = 0;
  refuse_if_long(seconds_of_a_sample(setup, from.checkpoint.tensors, at, options.make_reference, game), updates,
                 std::min<std::int64_t>(most, recipe.train.batch), options);

  const auto reference = options.make_reference(setup.networks.generator, setup.networks.discriminator, game);
  Both both(*setup.executor, *reference, most);
  both.set_state(from.checkpoint.tensors);
  Loop loop(recipe, feed, both);
  loop.restore(at);
  loop.run();
  return {.steps = both.steps(),
          .batch = both.batch(),
          .plan = setup.executor->plan_name(),
          .reference = reference->plan_name(),
          .tolerance = play::tolerance(setup.executor->precision())};
}

}  // namespace ganymede::train
