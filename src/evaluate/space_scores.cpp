#include "evaluate/space_scores.hpp"

#include <algorithm>

#include "base/thread_pool.hpp"
#include "measure/feature_scores.hpp"
#include "measure/frechet.hpp"
#include "measure/score_forms.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kPositionsPiece = 1024;
constexpr double kKept = 0.5;

struct Positions {
  measure::FeatureMatrix rows;  // a position each
  std::int64_t each = 0;        // positions of a sample
};

Positions positions_of(fit::Classifier& classifier, const SampleSource& source, std::int64_t count) {
  Positions positions;
  for (std::int64_t first = 0; first < count; first += kPositionsPiece) {
    const Tensor maps = classifier.feature_maps(source(first, std::min(kPositionsPiece, count - first)));
    const Shape& s = maps.shape();
    positions.each = s[2] * s[3];
    const auto rows = measure::rows_of_positions(maps.values<float>(), s[1], positions.each);
    positions.rows.dim = rows.dim;
    positions.rows.values.insert(positions.rows.values.end(), rows.values.begin(), rows.values.end());
  }
  return positions;
}

}  // namespace

measure::Score positions_score(const ScoreContext& c, std::span<const std::int32_t> classes) {
  fit::Classifier& classifier = c.reference.classifier();
  const auto reals = static_cast<std::int64_t>(c.reference.order().size());
  const auto held_out = [&](std::int64_t first, std::int64_t n) { return c.reference.held_out(first, n); };
  const Positions real = positions_of(classifier, watched(held_out, c.options), std::min(2 * c.count, reals));
  const Positions fake =
      positions_of(classifier, watched(generated(c.generator, kScoreSeed, classes), c.options), c.count);
  ThreadPool pool(c.options.threads);
  return measure::frechet_positions_score({.real = real.rows, .fake = fake.rows}, real.each,
                                          {.features = c.reference.name(), .count = c.count, .seed = c.options.seed},
                                          pool);
}

measure::Score separability_score(const ScoreContext& c) {
  const train::NamedSamples samples = c.generator.samples(kScoreSeed, c.count);
  const Classified classified =
      classify(c.reference.classifier(), watched(generated(c.generator, kScoreSeed, {}), c.options), c.count);
  const measure::Features z{samples.z, c.generator.latent_dim()};
  return measure::score_of(measure::linear_separability(z, classified.probabilities, kKept), c.count, kKept,
                           c.reference.name());
}

}  // namespace ganymede::evaluate
