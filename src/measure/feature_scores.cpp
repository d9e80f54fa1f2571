#include "measure/feature_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "measure/frechet.hpp"
#include "measure/inception_score.hpp"
#include "measure/kernel_distance.hpp"
#include "measure/manifold.hpp"
#include "measure/neighbours.hpp"
#include "measure/subsamples.hpp"

namespace ganymede::measure {
namespace {

constexpr std::array<FeatureMeasure, 7> kMeasures{
    {{"frechet", "Fréchet distance of two Gaussians: realism and diversity in one; lower is better"},
     {"kernel", "kernel distance, unbiased, may be negative; lower is better"},
     {"precision", "share of fakes within the manifold of reals: realism"},
     {"recall", "share of reals within the manifold of fakes: diversity"},
     {"density", "how many real balls a fake lies in, over k; about 1 for equal laws"},
     {"coverage", "share of reals with a fake in their ball: diversity"},
     {"one_nn", "accuracy of the leave-one-out nearest neighbour: 0.5 is best, below it copies"}}};
constexpr std::int64_t kNeighbours = 5;
constexpr std::int64_t kLeast = 100;

constexpr int kGroups = 20;  // of the jackknife

struct Value {
  double value = 0;
  Interval interval;
};

/// No distance is below 0: where rounding or the jackknife puts one there, value and interval are clamped alike.
Value from_zero(const FrechetEstimate& found) {
  return {std::max(0.0, found.value), {std::max(0.0, found.interval.low), std::max(0.0, found.interval.high)}};
}

/// Everything between two sets that the wanted measures need, each part computed at most once.
class Comparer {
 public:
  Comparer(const RealAndFake& sets, std::int64_t subset, std::uint64_t seed, ThreadPool& pool)
      : sets_(sets), subset_(subset), seed_(seed), pool_(pool) {}

  Value measure(std::string_view name) {
    if (name == "frechet") {
      return from_zero(estimate_frechet(sets_, pool_, {.groups = kGroups}));
    }
    if (name == "kernel") {
      const auto found = kernel_distance(sets_, pool_, {.size = subset_, .groups = kGroups, .seed = seed_});
      return {found.value, found.interval};
    }
    const double found = value(name);
    const std::int64_t reals = sets_.real.count(), fakes = sets_.fake.count();
    if (name == "one_nn")
      return {found, share_interval(found, one_nn_of_subsamples(sets_, seed_, pool_), reals + fakes)};
    if (subsamples_.empty()) subsamples_ = manifold_of_subsamples(sets_, kNeighbours, seed_, pool_);
    std::vector<double> values;
    for (const ManifoldScores& scores : subsamples_) {
      values.push_back(name == "precision" ? scores.precision
                       : name == "recall"  ? scores.recall
                       : name == "density" ? scores.density
                                           : scores.coverage);
    }
    if (name == "density") return {found, count_interval(found, values)};
    return {found, share_interval(found, values, name == "precision" ? fakes : reals)};
  }

  /// Without the interval, which costs the larger part.
  double value(std::string_view name) {
    if (name == "frechet") return std::max(0.0, frechet_distance(sets_, pool_));
    if (name == "kernel") return measure(name).value;
    if (name == "one_nn") return leave_one_out_1nn(sets_, pool_).accuracy;
    if (!manifold_) manifold_ = compare_manifolds(sets_, kNeighbours, pool_);
    return name == "precision" ? manifold_->precision()
           : name == "recall"  ? manifold_->recall()
           : name == "density" ? manifold_->density()
                               : manifold_->coverage();
  }

 private:
  RealAndFake sets_;
  std::int64_t subset_;
  std::uint64_t seed_;
  ThreadPool& pool_;
  std::optional<Manifold> manifold_;
  std::vector<ManifoldScores> subsamples_;
};

std::string score_name(std::string_view measure, const FeatureProtocol& protocol) {
  return fmt::format("{}{}_{}", measure, short_count(protocol.count), protocol.features);
}

Better better_of(std::string_view measure) {
  if (measure == "frechet" || measure == "kernel") return Better::lower;
  return measure == "one_nn" ? Better::half : Better::higher;
}

std::string sentence_of(std::string_view measure, std::int64_t subset) {
  if (measure == "frechet") return "covariance N - 1, float64; interval: jackknife of 20 groups";
  if (measure == "kernel") {
    return fmt::format("cubic kernel, unbiased, 100 subsets of {}; interval: jackknife of 20 groups", subset);
  }
  if (measure == "one_nn") return "leave one out, Euclidean, ties half; interval: subsampling";
  return fmt::format("k = {}, Euclidean, open balls; interval: subsampling", kNeighbours);
}

bool wants(std::span<const std::string> measures, std::string_view name) {
  return measures.empty() || std::ranges::find(measures, name) != measures.end();
}

void check_names(std::span<const std::string> measures) {
  std::vector<std::string> known;
  std::ranges::transform(kMeasures, std::back_inserter(known), &FeatureMeasure::name);
  for (const std::string& name : measures) {
    if (std::ranges::find(known, name) == known.end()) {
      fail<ConfigError>("unknown measure \"{}\"{}; there are: {}", name, did_you_mean(name, known),
                        fmt::join(known, ", "));
    }
  }
}

void check_counts(const RealAndFake& sets, std::int64_t count, std::int64_t rows_a_sample) {
  if (count < kLeast) fail<ConfigError>("scores: wanted a count of {} or more, found {}", kLeast, count);
  check(sets, count * rows_a_sample, "scores");
}

/// Rows between which the floor is measured.
Halves halves_of(const Features& real, const FeatureProtocol& protocol) {
  return split_halves(real.slice(0, std::min(real.count(), 2 * protocol.count)), protocol.seed);
}

}  // namespace

std::span<const FeatureMeasure> list_feature_measures() {
  return kMeasures;
}

std::vector<Score> feature_scores(const RealAndFake& sets, const FeatureProtocol& protocol, ThreadPool& pool,
                                  std::span<const std::string> measures) {
  check_names(measures);
  check_counts(sets, protocol.count, 1);
  const std::int64_t subset = std::min<std::int64_t>(1000, protocol.count / 2);
  const Halves halves = halves_of(sets.real, protocol);
  Comparer scores({.real = sets.real.slice(0, protocol.count), .fake = sets.fake.slice(0, protocol.count)}, subset,
                  protocol.seed, pool);
  Comparer floors({.real = halves.first, .fake = halves.second}, subset, protocol.seed, pool);
  std::vector<Score> out;
  for (const FeatureMeasure& measure : kMeasures) {
    if (!wants(measures, measure.name)) continue;
    const Value found = scores.measure(measure.name);
    out.push_back({.name = score_name(measure.name, protocol),
                   .value = found.value,
                   .low = found.interval.low,
                   .high = found.interval.high,
                   .count_real = protocol.count,
                   .count_fake = protocol.count,
                   .floor = floors.value(measure.name),
                   .count_floor = halves.first.count(),
                   .better = better_of(measure.name),
                   .protocol = fmt::format("features {} of {} values, seed {}; {}", protocol.features, sets.real.dim,
                                           protocol.seed, sentence_of(measure.name, subset))});
  }
  return out;
}

Score frechet_positions_score(const RealAndFake& rows, std::int64_t positions, const FeatureProtocol& protocol,
                              ThreadPool& pool) {
  check_counts(rows, protocol.count, positions);
  const FrechetOptions options{.rows_a_sample = positions};
  const std::int64_t used = protocol.count * positions;
  const auto estimate =
      estimate_frechet({.real = rows.real.slice(0, used), .fake = rows.fake.slice(0, used)}, pool, options);
  const Value found = from_zero(estimate);
  // Halves of samples: all positions of one stay together.
  const std::int64_t samples = std::min(rows.real.count() / positions, 2 * protocol.count);
  const Halves halves =
      split_halves({rows.real.slice(0, samples * positions).values, rows.real.dim * positions}, protocol.seed);
  return {
      .name = score_name("frechet_positions", protocol),
      .value = found.value,
      .low = found.interval.low,
      .high = found.interval.high,
      .count_real = protocol.count,
      .count_fake = protocol.count,
      .floor = std::max(0.0, frechet_distance({.real = {halves.first.values, rows.real.dim},
                                               .fake = {halves.second.values, rows.real.dim}},
                                              pool)),
      .count_floor = halves.first.count(),
      .better = Better::lower,
      .protocol = fmt::format("features {} of {} channels over samples and {} positions, seed {}; {}",
                              protocol.features, rows.real.dim, positions, protocol.seed, sentence_of("frechet", 0))};
}

Score inception_score_of(const RealAndFake& probabilities, const FeatureProtocol& protocol) {
  check_counts(probabilities, protocol.count, 1);
  const InceptionScoreOptions options{.seed = protocol.seed};
  const auto found = inception_score(probabilities.fake.slice(0, protocol.count), options),
             real = inception_score(probabilities.real.slice(0, protocol.count), options);
  return {.name = score_name("inception", protocol),
          .value = found.value,
          .low = found.interval.low,
          .high = found.interval.high,
          .count_real = protocol.count,
          .count_fake = protocol.count,
          .floor = real.value,
          .better = Better::higher,
          .protocol = fmt::format("probabilities {} of {} classes, seed {}; mean of 10 shuffled splits; interval: "
                                  "Student's over splits; floor: the reals' own score",
                                  protocol.features, probabilities.real.dim, protocol.seed)};
}

}  // namespace ganymede::measure
