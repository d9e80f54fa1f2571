#include "bench/inference.hpp"

#include "train/samples.hpp"
#include "train/sources.hpp"

namespace ganymede::bench {

Inference measure_inference(const play::Backend& backend, const run::Recipe& recipe, const run::Networks& networks,
                            play::Precision precision, int threads, const Budget& budget) {
  const int length = train::condition_length(networks.generator);  // what the numbers are does not matter
  train::Noise noise(recipe, train::partition_for(recipe, networks.generator, {}),
                     train::Conditions(length, std::vector<float>(static_cast<std::size_t>(length))));
  const NamedTensors weights = run::initial_parameters(networks, recipe);
  Inference result;
  {
    const auto model = backend.make_model(networks.generator, {.batch = 1, .threads = threads, .precision = precision});
    model->load(weights);
    Budget one = budget;
    one.warm_up = 20;
    std::uint64_t seed = 0;
    train::NamedSamples sample;
    const auto next = [&] { sample = train::named_samples(noise, networks.generator, seed++, 1); };
    next();
    one.on_repetition = [&](int number) {
      next();
      if (budget.on_repetition) budget.on_repetition(number);
    };
    result.one_image = spread_of(repeat(one, [&] { model->infer(sample.inputs()); }));
  }
  const auto model = backend.make_model(networks.generator, {.batch = 128, .threads = threads, .precision = precision});
  model->load(weights);
  const train::NamedSamples samples = train::named_samples(noise, networks.generator, 0, kManyImages);
  const train::NamedSamples few = train::named_samples(noise, networks.generator, 0, 256);
  model->infer(few.inputs());
  Budget many = budget;
  many.warm_up = 0;
  many.least = budget.seconds < 1 ? 1 : 3;
  many.on_repetition = {};
  result.many = spread_of(repeat(many, [&] { model->infer(samples.inputs()); }));
  return result;
}

}  // namespace ganymede::bench
