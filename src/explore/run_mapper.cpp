#include "explore/run_mapper.hpp"

#include "explore/trained_generator.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {
namespace {

constexpr int kBatch = 128;

}  // namespace

MapSource map_source(const play::Backend& backend, const run::Snapshot& snapshot, fit::Classifier& classifier,
                     int threads, play::Precision precision) {
  const std::shared_ptr<play::Model> model =
      backend.make_model(snapshot.generator, {.batch = kBatch, .threads = threads, .precision = precision});
  model->load(run::generator_weights(snapshot));
  const int dim = snapshot.recipe.latent.dim;
  return {.prior = {.dim = dim, .kind = latent::prior_kind_from(snapshot.recipe.latent.prior)},
          .classes = train::class_count(snapshot.generator),
          .class_names = classifier.record().class_names,
          .generate =
              [model, dim](std::span<const float> z, std::span<const std::int32_t> classes) {
                return model
                    ->infer({.count = static_cast<std::int64_t>(z.size()) / dim, .values = z, .classes = classes})
                    .output;
              },
          .classify = [&classifier](const Tensor& pictures) { return classifier.labels(as_samples(pictures)); }};
}

}  // namespace ganymede::explore
