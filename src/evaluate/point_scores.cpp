#include "evaluate/point_scores.hpp"

#include <algorithm>
#include <cmath>

#include "data/points/point_sets.hpp"
#include "evaluate/real_or_generated.hpp"
#include "evaluate/stacked_scores.hpp"
#include "measure/histogram.hpp"
#include "measure/modes.hpp"
#include "measure/score_forms.hpp"
#include "train/sources.hpp"

namespace ganymede::evaluate {
namespace {

constexpr int kBinsOfALine = 100, kBinsOfAPlane = 30;

measure::Features features_of(const Tensor& points) {
  return {points.values<float>(), points.shape()[1]};
}

Tensor fakes_of(const ScoreContext& c) {
  return collect(watched(generated(c.generator, kScoreSeed, {}), c.options), c.count);
}

std::optional<data::Mixture> mixture_of_run(const ScoreContext& c) {
  const run::Recipe& recipe = c.weights.snapshot.recipe;
  return data::mixture_of(recipe.data.source, train::open_options(recipe).points);
}

/// Share of a normal law in one or two dimensions that lies within so many deviations.
double share_within(double deviations, int dim) {
  return dim == 1 ? std::erf(deviations / std::sqrt(2.0)) : 1 - std::exp(-deviations * deviations / 2);
}

}  // namespace

std::string needs_mixture(const ScoreContext& c) {
  return mixture_of_run(c) ? "" : "only for points that are drawn from a known mixture: ring, grid, two-blobs ...";
}

std::string needs_few_dimensions(const ScoreContext& c) {
  return c.reference.test().channels() <= 2 ? "" : "only for points of one or two dimensions";
}

std::vector<measure::Score> mixture_scores(const ScoreContext& c) {
  const data::Mixture mixture = *mixture_of_run(c);
  const Tensor fakes = fakes_of(c), reals = c.reference.held_out(0, c.count);
  auto scores =
      measure::scores_of(measure::mixture_coverage(features_of(fakes), mixture, kWithin, kLeast), c.reference.name(),
                         kWithin, kLeast, measure::mixture_coverage(features_of(reals), mixture, kWithin, kLeast));
  for (measure::Score& score : scores) {
    score.protocol += fmt::format(
        "; floor: as many {}, which a perfect sampler drew: of its samples {:.2f} % lie so near, and its KL is about "
        "{:.2g}, (modes - 1) / (2 samples)",
        c.reference.reals(), 100 * share_within(kWithin, mixture.dim), perfect_reverse_kl(mixture.modes(), c.count));
  }
  return scores;
}

measure::Score density_score(const ScoreContext& c) {
  const Tensor fakes = fakes_of(c), reals = c.reference.held_out(0, c.count);
  const int bins = c.reference.test().channels() == 1 ? kBinsOfALine : kBinsOfAPlane;
  const measure::HistogramBox box = measure::box_around(features_of(reals), bins);
  const auto real = measure::cells_of(features_of(reals), box), fake = measure::cells_of(features_of(fakes), box);
  const auto found = measure::class_divergence(real, fake, box.cells());
  const bool halves = c.reference.one_split();
  const auto half = static_cast<std::ptrdiff_t>(real.size() / 2);
  std::vector<std::int32_t> perfect(real.begin(), real.begin() + half), others(real.begin() + half, real.end());
  if (!halves) {
    const measure::Features train = features_of(c.reference.train().images);
    perfect = measure::cells_of(train.slice(0, std::min(c.count, train.count())), box);
    others = real;
  }
  return {.name = c.name("density_js"),
          .value = found.value,
          .low = found.interval.low,
          .high = found.interval.high,
          .count_real = c.count,
          .count_fake = c.count,
          .floor = measure::class_divergence(others, perfect, box.cells()).value,
          .count_floor = static_cast<std::int64_t>(perfect.size()),
          .better = measure::Better::lower,
          .protocol = fmt::format(
              "Jensen-Shannon divergence in nats between histograms of {} cells over the reals and a tenth of their "
              "extent beyond, and one cell for what lies outside; interval: jackknife of 20 groups, less the bias of "
              "counting; floor: {}",
              box.cells() - 1,
              halves ? "between halves of the reals" : "a perfect sampler (training samples) in place of the fakes")};
}

}  // namespace ganymede::evaluate
