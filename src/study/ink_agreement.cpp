#include "study/ink_agreement.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "latent/prior.hpp"

namespace ganymede::study {
namespace {

std::vector<std::int32_t> cells_of(const explore::TrainedGenerator& model, std::span<const float> z) {
  if (!model.partition()) fail<ConfigError>("agreement: both models need a partition");
  const auto dim = static_cast<std::size_t>(model.latent_dim());
  std::vector<std::int32_t> classes;
  for (std::size_t i = 0; i < z.size(); i += dim)
    classes.push_back(latent::nearest_class(*model.partition(), z.subspan(i, dim)));
  return classes;
}

std::vector<std::int32_t> symbols_of(explore::TrainedGenerator& model, fit::Classifier& classifier,
                                     std::span<const float> z) {
  const Tensor drawn = model.draw(z, cells_of(model, z));
  const Shape& s = drawn.shape();
  return classifier.labels(Tensor::of<float>({s[0], s[2], s[3]}, drawn.values<float>()));
}

double share_equal(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::int64_t equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) equal += a[i] == b[i] ? 1 : 0;
  return static_cast<double>(equal) / static_cast<double>(a.size());
}

// Places in (0, 1) where the class changes along a walk.
std::vector<double> changes_of(std::span<const std::int32_t> walk) {
  std::vector<double> places;
  for (std::size_t i = 1; i < walk.size(); ++i) {
    if (walk[i] != walk[i - 1]) places.push_back((static_cast<double>(i) - 0.5) / static_cast<double>(walk.size() - 1));
  }
  return places;
}

// Mean distance of each change of `a` to the nearest of `b`; a whole walk where b has none.
double distance_of_changes(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (const double x : a) {
    double nearest = 1;
    for (const double y : b) nearest = std::min(nearest, std::fabs(x - y));
    sum += nearest;
  }
  return a.empty() ? 0 : sum / static_cast<double>(a.size());
}

}  // namespace

Agreement agreement_of(explore::TrainedGenerator& first, explore::TrainedGenerator& second, fit::Classifier& classifier,
                       const AgreementOptions& options) {
  const int dim = first.latent_dim();
  if (second.latent_dim() != dim) fail<ConfigError>("agreement: z has {} and {} numbers", dim, second.latent_dim());
  Agreement result;
  std::vector<float> z(static_cast<std::size_t>(options.points * dim));
  latent::fill_samples({.dim = dim}, options.seed, z);
  result.cells = share_equal(cells_of(first, z), cells_of(second, z));
  result.symbols = share_equal(symbols_of(first, classifier, z), symbols_of(second, classifier, z));

  const train::NamedSamples drawn = first.samples(options.seed, options.points);
  result.drawn = share_equal(symbols_of(first, classifier, drawn.z), symbols_of(second, classifier, drawn.z));

  std::vector<float> ends(static_cast<std::size_t>(2 * options.walks * dim));
  latent::fill_samples({.dim = dim}, options.seed + 1000000, ends);
  std::vector<float> walk(static_cast<std::size_t>(options.steps * dim));
  for (std::int64_t w = 0; w < options.walks; ++w) {
    const float* from = ends.data() + 2 * w * dim;
    for (std::int64_t i = 0; i < options.steps; ++i) {
      const float t = static_cast<float>(i) / static_cast<float>(options.steps - 1);
      for (int k = 0; k < dim; ++k) walk[static_cast<std::size_t>(i * dim + k)] = (1 - t) * from[k] + t * from[dim + k];
    }
    const auto a = symbols_of(first, classifier, walk);
    const auto b = symbols_of(second, classifier, walk);
    result.walks += share_equal(a, b) / static_cast<double>(options.walks);
    const auto changes_a = changes_of(a), changes_b = changes_of(b);
    const double distance = (distance_of_changes(changes_a, changes_b) + distance_of_changes(changes_b, changes_a)) / 2;
    result.crossings += distance / static_cast<double>(options.walks);
  }
  return result;
}

}  // namespace ganymede::study
