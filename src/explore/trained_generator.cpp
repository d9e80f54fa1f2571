#include "explore/trained_generator.hpp"

#include "base/error.hpp"
#include "fit/samples.hpp"
#include "net/network.hpp"
#include "train/sources.hpp"

namespace ganymede::explore {
namespace {

constexpr int kBatch = 64;

}  // namespace

TrainedGenerator::TrainedGenerator(const play::Backend& backend, const run::Snapshot& snapshot,
                                   const std::filesystem::path& run_folder, int threads)
    : network_(snapshot.generator),
      class_names_(snapshot.class_names),
      partition_(train::partition_for(snapshot.recipe, network_, run_folder)),
      noise_(snapshot.recipe, partition_),
      model_(backend.make_model(network_, {.batch = kBatch, .threads = threads})) {
  model_->load(run::generator_weights(snapshot));
}

Tensor TrainedGenerator::draw(std::uint64_t seed, std::int64_t count, std::vector<std::int32_t>* classes) {
  const train::Samples drawn = samples(seed, count);
  if (classes != nullptr) *classes = drawn.classes;
  return draw(drawn);
}

Tensor TrainedGenerator::draw_named(std::uint64_t seed, std::int64_t count, std::span<const std::int32_t> classes) {
  std::vector<float> z(static_cast<std::size_t>(count * noise_.dim()));
  noise_.fill_samples(seed, classes, z);
  return draw(z, classes);
}

Tensor TrainedGenerator::draw(std::span<const float> z, std::span<const std::int32_t> classes) {
  return model_->infer({.count = static_cast<std::int64_t>(z.size()) / noise_.dim(), .values = z, .classes = classes})
      .output;
}

Tensor as_samples(const Tensor& generated) {
  const Shape& s = generated.shape();
  if (train::is_ink({s[1], s[2], s[3]})) return generated.reshaped({s[0], s[2], s[3]});
  return fit::to_levels(generated);
}

void check_draws(const net::Network& generator, const run::ImageFacts& facts, const std::string& data) {
  const int output = generator.index_of(generator.outputs.front());
  const Shape drawn = net::infer_shapes(generator).at(static_cast<std::size_t>(output));
  const Shape held{facts.channels, facts.height, facts.width};
  if (drawn != held) {
    fail<DataError>(
        "{}: holds samples {}, the run's generator draws {}: the data are others than those it learned from", data,
        to_string(held), to_string(drawn));
  }
  const int classes = train::class_count(generator);
  if (classes > 0 && facts.classes > 0 && classes != facts.classes) {
    fail<DataError>(
        "{}: holds {} classes, the run's generator draws {}: the data are others than those it learned from", data,
        facts.classes, classes);
  }
}

}  // namespace ganymede::explore
