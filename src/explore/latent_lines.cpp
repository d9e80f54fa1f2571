#include "explore/latent_lines.hpp"

#include <cmath>

#include "base/error.hpp"
#include "measure/distributions.hpp"

namespace ganymede::explore {
namespace {

constexpr int kLines = 24;                              // along an axis of a plane
constexpr std::int64_t kOfTheLine = 2001, kEach = 251;  // points
constexpr double kLeftOut = 1.0 / 2000;

/// The number below which a share of the prior lies.
double quantile_of(const latent::Prior& prior, double share) {
  if (prior.kind != latent::PriorKind::normal) return 2 * share - 1;
  const double within = prior.truncation > 0 ? std::erf(prior.truncation / std::sqrt(2.0)) : 1;
  return measure::normal_quantile((1 - within) / 2 + share * within);
}

}  // namespace

LatentLines latent_lines(const latent::Prior& prior) {
  if (prior.dim > 2)
    fail<ConfigError>("G's manifold is drawn of a latent space of one or two dimensions, found {}", prior.dim);
  const double low = quantile_of(prior, kLeftOut), high = quantile_of(prior, 1 - kLeftOut);
  LatentLines all;
  const auto add_line = [&](int axis, std::int64_t points, double other) {
    for (std::int64_t i = 0; i < points; ++i) {
      const double along = low + (high - low) * static_cast<double>(i) / static_cast<double>(points - 1);
      for (int k = 0; k < prior.dim; ++k) all.z.push_back(static_cast<float>(k == axis ? along : other));
    }
    ++all.lines;
  };
  if (prior.dim == 1) {
    add_line(0, kOfTheLine, 0);
    return all;
  }
  for (int axis = 0; axis < 2; ++axis) {
    for (int i = 0; i < kLines; ++i) add_line(axis, kEach, quantile_of(prior, (i + 0.5) / kLines));
  }
  return all;
}

std::vector<std::vector<float>> manifold_of(TrainedGenerator& generator, std::optional<int> only, double truncation) {
  if (generator.classes() > 0 && !only)
    fail<ConfigError>("G's manifold is that of one class of this generator: name it (--class)");
  if (generator.condition_length() > 0 && !generator.has_given())
    fail<ConfigError>("G's manifold is that of one condition of this generator: give it (--condition)");
  if (!generator.codes().empty())
    fail<ConfigError>("G's manifold is drawn of a latent space without codes (latent.codes)");
  const run::Recipe::Latent& latent = generator.about().recipe.latent;
  const LatentLines lines =
      latent_lines({.dim = latent.dim, .kind = latent::prior_kind_from(latent.prior), .truncation = truncation});
  const auto count = static_cast<std::size_t>(std::ssize(lines.z) / latent.dim);
  const Tensor points =
      generator.draw(lines.z, std::vector<std::int32_t>(generator.classes() > 0 ? count : 0, only.value_or(0)));
  const std::size_t each = points.values<float>().size() / static_cast<std::size_t>(lines.lines);
  std::vector<std::vector<float>> images;
  for (std::size_t i = 0; i < static_cast<std::size_t>(lines.lines); ++i) {
    const auto one = points.values<float>().subspan(i * each, each);
    images.emplace_back(one.begin(), one.end());
  }
  return images;
}

}  // namespace ganymede::explore
