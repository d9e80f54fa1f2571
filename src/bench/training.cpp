#include "bench/training.hpp"

#include <malloc.h>

#include <algorithm>

#include "base/environment.hpp"
#include "base/philox.hpp"
#include "train/samples.hpp"
#include "train/session.hpp"
#include "train/sources.hpp"
#include "train/update_schedule.hpp"

namespace ganymede::bench {
namespace {

/// Batches of the right shapes without a data set.
class MadeUpData {
 public:
  MadeUpData(const run::Recipe& recipe, const run::Networks& networks)
      : recipe_(recipe), noise_(recipe, train::partition_for(recipe, networks.generator, {})) {
    const std::int64_t n = recipe.train.batch;
    int classes = 0;
    for (const net::Network* network : {&networks.generator, &networks.discriminator}) {
      for (const net::Node& node : network->nodes) {
        const auto* input = std::get_if<net::Input>(&node.layer);
        if (input == nullptr) continue;
        if (input->role == net::Role::image)
          real_.resize(static_cast<std::size_t>(n * element_count(input->shape) / recipe.game.pack));
        if (input->role == net::Role::class_index) classes = input->classes;
        if (input->role == net::Role::condition)
          conditions_.resize(static_cast<std::size_t>(n * element_count(input->shape)));
      }
    }
    if (run::predicts_class(networks.discriminator)) {
      const std::string head = net::class_head(networks.discriminator);
      classes =
          static_cast<int>(net::infer_shapes(networks.discriminator)[networks.discriminator.index_of(head)].front());
    }
    Random(recipe.train.seed, "bench.real").uniform(0, real_);
    for (float& v : real_) v = 2 * v - 1;
    for (std::int64_t i = 0; i < n && classes > 0; ++i) classes_.push_back(static_cast<std::int32_t>(i % classes));
    z_.resize(static_cast<std::size_t>(n * noise_.dim()));
  }

  play::Batch batch(std::uint32_t tick, ThreadPool* threads) {
    noise_.fill_training(recipe_.train.seed, tick, classes_, z_, threads);
    play::Batch batch{.count = recipe_.train.batch,
                      .real = real_,
                      .z = z_,
                      .real_classes = classes_,
                      .fake_classes = classes_,
                      .real_conditions = conditions_,
                      .fake_conditions = conditions_,
                      .step = tick};
    if (recipe_.game.unroll_batches == play::UnrollBatches::fresh)  // what they hold does not matter
      batch.unrolled.assign(static_cast<std::size_t>(std::max(1, recipe_.game.unroll) - 1), play::Batch(batch));
    return batch;
  }

 private:
  const run::Recipe& recipe_;
  train::Noise noise_;
  std::vector<float> real_, z_, conditions_;
  std::vector<std::int32_t> classes_;
};

}  // namespace

Training measure_training(const play::Backend& backend, const run::Recipe& recipe, const run::Networks& networks,
                          play::Precision precision, int threads, const Budget& budget) {
  malloc_trim(0);
  reset_peak_memory();
  play::ExecutorConfig config = train::executor_config(recipe, threads);
  config.precision = precision;
  config.profile = true;
  const auto executor = backend.make_executor(networks.generator, networks.discriminator, config);
  executor->set_state(run::initial_parameters(networks, recipe));

  MadeUpData data(recipe, networks);
  train::UpdateSchedule schedule(recipe.game);
  std::uint32_t tick = 0;
  std::int64_t images = 0;
  Budget timed = budget;
  timed.after_warm_up = [&] {
    executor->reset_profile();
    images = 0;
  };
  const std::vector<double> seconds = repeat(timed, [&] {
    bool complete = false;
    while (!complete) {
      const play::Phase phase = schedule.next();
      complete = schedule.record(executor->step(data.batch(tick++, executor->resting_threads()), phase));
      if (phase != play::Phase::generator) images += recipe.train.batch;
    }
  });

  Training result;
  result.plan = executor->plan_name();
  result.buffer_bytes = executor->memory_bytes();
  result.peak_memory_bytes = peak_memory_bytes();
  const auto steps = static_cast<double>(seconds.size());
  result.step_seconds = spread_of(seconds);
  result.images_per_second = result.step_seconds.rate(static_cast<double>(images) / steps);
  double total = 0;
  for (const double s : seconds) total += s;
  result.outside_passes = total / steps;
  for (const play::PassTime& time : executor->profile()) {
    if (time.runs == 0) continue;
    const double flops = time.pass.flops * static_cast<double>(time.samples);
    result.flops_per_image += flops / static_cast<double>(images);
    result.outside_passes -= time.seconds / steps;
    result.passes.push_back({.pass = time.pass,
                             .seconds = time.seconds / steps,
                             .share = time.seconds / total,
                             .flops_per_second = flops / time.seconds});
  }
  std::stable_sort(result.passes.begin(), result.passes.end(),
                   [](const PassShare& a, const PassShare& b) { return a.seconds > b.seconds; });
  return result;
}

}  // namespace ganymede::bench
