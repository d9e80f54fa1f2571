#include "measure/modes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using data::grid_mixture;
using data::Mixture;
using data::ring_mixture;
using testing::rows;

Features centres_of(const Mixture& mixture) {
  return {mixture.centres, mixture.dim};
}

TEST(Divergence, HasTheValuesByHand) {
  EXPECT_NEAR(kl_divergence(std::vector<double>{1, 1}, std::vector<double>{1, 3}),
              0.5 * std::log(2) + 0.5 * std::log(2. / 3), 1e-15);
  EXPECT_EQ(kl_divergence(std::vector<double>{1, 0}, std::vector<double>{0, 1}),
            std::numeric_limits<double>::infinity());
  EXPECT_NEAR(js_divergence(std::vector<double>{1, 0}, std::vector<double>{0, 2}), std::log(2), 1e-15);
  EXPECT_THROW(kl_divergence(std::vector<double>{1}, std::vector<double>{1, 1}), ShapeError);
  EXPECT_THROW(kl_divergence(std::vector<double>{0, 0}, std::vector<double>{1, 1}), DataError);
  EXPECT_THROW(kl_divergence(std::vector<double>{2, -1}, std::vector<double>{1, 1}), DataError);
}

TEST(ModeCoverage, OfMOfEightModesIsLogEightOverM) {
  const auto on = [](int modes) {
    std::vector<std::int64_t> counts(8, 0);
    std::fill_n(counts.begin(), modes, 100);
    return mode_coverage(counts);
  };
  for (const auto& [modes, kl] :
       std::vector<std::pair<int, double>>{{1, 2.0794415}, {2, 1.3862944}, {4, .6931472}, {7, .1335314}, {8, 0}}) {
    EXPECT_EQ(on(modes).modes, modes);
    EXPECT_NEAR(on(modes).reverse_kl, kl, 5e-8);
  }
  EXPECT_NEAR(on(1).js, .4969291, 5e-8);
}

TEST(ModeCoverage, OfAThousandModesMatchesStackedDigits) {
  std::vector<std::int64_t> half(1000, 0), tenth(1000, 0);
  std::fill_n(half.begin(), 500, 51);
  std::fill_n(tenth.begin(), 100, 256);
  EXPECT_NEAR(mode_coverage(half).reverse_kl, .6931, 5e-5);
  EXPECT_NEAR(mode_coverage(tenth).reverse_kl, 2.3026, 5e-5);
  // A perfect model, 25,600 samples: about 999/(2 * 25600) = .0195.
  std::vector<std::int64_t> drawn(1000, 0);
  RandomSequence random(Random(1, "test"), 0);
  for (int i = 0; i < 25600; ++i) ++drawn[random.below(1000)];
  EXPECT_NEAR(mode_coverage(drawn).reverse_kl, .0195, 4 * std::sqrt(2 * 999.0) / (2 * 25600));
}

TEST(ModeCoverage, AsksForAsManySamplesAsAreWantedAndForTheTrueWeights) {
  EXPECT_EQ(mode_coverage({5, 1, 0}, 2).modes, 1);
  EXPECT_EQ(mode_coverage({5, 1, 0}, 1).modes, 2);
  EXPECT_NEAR(mode_coverage({2, 1, 1}, 1, std::vector<double>{.5, .25, .25}).reverse_kl, 0, 1e-15);
  EXPECT_TRUE(std::isnan(mode_coverage({0, 0}).reverse_kl));
}

TEST(ModeCoverage, HasIntervalsByHand) {
  // Two modes met once: 3 -+ 1.96 sqrt(2), of 4. Where all are met again and again nothing can change.
  const ModeCoverage few = mode_coverage({1, 1, 8, 0});
  EXPECT_NEAR(few.modes_interval.low, 3 - 1.959964 * std::sqrt(2), 1e-6);
  EXPECT_EQ(few.modes_interval.high, 4);
  EXPECT_EQ(mode_coverage({5, 5, 0}).modes_interval, (Interval{2, 2}));
  EXPECT_TRUE(std::isnan(mode_coverage({5, 5, 0}, 2).modes_interval.low));
  // Two and two of two modes: without one of them the shares are 1/3 and 2/3, whichever it was. The jackknife has no
  // variance, (2 - 1)/(2 4^2) is left, and the bias is 3 (KL(1/3, 2/3) - 0).
  const double kl = std::log(2) + (std::log(1. / 3) + 2 * std::log(2. / 3)) / 3;
  const Interval even = mode_coverage({2, 2}).kl_interval;
  EXPECT_EQ(even.low, 0);
  EXPECT_NEAR(even.high, std::max(0.0, -3 * kl + 1.959964 / std::sqrt(32)), 1e-6);
  // Three and one: without one of the three 2/3 and 1/3, without the other all in one mode.
  const ModeCoverage tilted = mode_coverage({3, 1});
  const double own = .75 * std::log(1.5) + .25 * std::log(.5), all = std::log(2), mean = .75 * kl + .25 * all;
  const double variance = .75 * (3 * std::pow(kl - mean, 2) + std::pow(all - mean, 2)) + 1. / 32;
  EXPECT_NEAR(tilted.kl_interval.high, std::max(own, own - 3 * (mean - own) + 1.959964 * std::sqrt(variance)), 1e-6);
  EXPECT_TRUE(std::isnan(mode_coverage({0, 0}).kl_interval.low));
}

// Of a law whose modes are met seldom, and of one that a perfect sampler has: how often the intervals hold what they
// are of.
TEST(ModeCoverage, HasIntervalsThatHoldTheTruth) {
  std::vector<double> shares(200);
  double sum = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) sum += shares[k] = std::pow(.96, k);
  double truth = 0, modes = 0;
  for (double& share : shares) {
    share /= sum;
    truth += share * std::log(share * 200);
    modes += 1 - std::pow(1 - share, 1000);
  }
  int held_kl = 0, held_modes = 0, held_zero = 0;
  for (std::uint32_t i = 0; i < 300; ++i) {
    std::vector<std::int64_t> counts(200, 0), even(200, 0);
    RandomSequence random(Random(5, "test.modes"), i);
    for (int n = 0; n < 1000; ++n) {
      double at = random.uniform();
      std::size_t k = 0;
      while (k + 1 < shares.size() && at >= shares[k]) at -= shares[k++];
      ++counts[k];
      ++even[random.below(200)];
    }
    const ModeCoverage found = mode_coverage(counts);
    held_kl += found.kl_interval.low <= truth && truth <= found.kl_interval.high;
    held_modes += found.modes_interval.low <= modes && modes <= found.modes_interval.high;
    held_zero += mode_coverage(even).kl_interval.low <= 0;
  }
  EXPECT_GE(held_kl, 270);
  EXPECT_GE(held_modes, 279);
  EXPECT_GE(held_zero, 279);
}

TEST(Ring, HasAsManyCentresAsModes) {
  const Mixture ring = ring_mixture(8, 1, .01);
  for (std::int64_t a = 0; a < 8; ++a) {
    for (std::int64_t b = 0; b < a; ++b) {
      const auto x = centres_of(ring).row(a), y = centres_of(ring).row(b);
      EXPECT_GT(std::hypot(x[0] - y[0], x[1] - y[1]), .76);  // 2 sin(pi/8) = .7654 between neighbours
    }
  }
  const Mixture grid = grid_mixture(5, 2, .05);
  EXPECT_EQ(grid.modes(), 25);
  EXPECT_EQ(grid.centres.front(), -4);
  EXPECT_EQ(grid.centres.back(), 4);
}

TEST(MixtureCoverage, OfAPerfectGeneratorIsThatOfTheGaussian) {
  const Mixture ring = ring_mixture(8, 1, .01);
  FeatureMatrix samples = testing::gaussian(40000, 2, 1, 0, .01F);
  for (std::size_t i = 0; i < 40000; ++i) {
    const auto centre = centres_of(ring).row(static_cast<std::int64_t>(i % 8));
    samples.values[2 * i] += centre[0];
    samples.values[2 * i + 1] += centre[1];
  }
  const MixtureCoverage three = mixture_coverage(samples, ring), four = mixture_coverage(samples, ring, 4);
  EXPECT_EQ(three.modes.modes, 8);
  EXPECT_NEAR(three.high_quality_share, .988891, 4 * std::sqrt(.0111 / 40000));
  EXPECT_NEAR(four.high_quality_share, .9996645, 4 * std::sqrt(.00034 / 40000));
  EXPECT_LT(three.interval.low, .988891);
  EXPECT_GT(three.interval.high, .988891);
  EXPECT_NEAR(three.modes.reverse_kl, 0, 1e-3);
}

TEST(MixtureCoverage, SendsASampleToTheModeNearestInItsDeviations) {
  const Mixture mixture{.dim = 1, .centres = {0, 10}, .deviations = {1, 4}};
  // 4 is 4 deviations from the first and 1.5 from the second; 3 lies on the border and counts for neither of them.
  const MixtureCoverage found = mixture_coverage(rows(1, {4, -3, 2.5, 100}), mixture);
  EXPECT_EQ(found.modes.counts, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(found.high_quality, 2);
  EXPECT_THROW(mixture_coverage(rows(1, {4}), {.dim = 1, .centres = {0}, .deviations = {}}), ShapeError);
}

/// Labels by shares.
std::vector<std::int32_t> drawn(std::size_t count, std::span<const double> shares, std::uint32_t index) {
  RandomSequence random(Random(11, "test.classes"), index);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    double at = random.uniform();
    std::int32_t k = 0;
    while (k + 1 < static_cast<std::int32_t>(shares.size()) && at >= shares[static_cast<std::size_t>(k)])
      at -= shares[static_cast<std::size_t>(k++)];
    labels.push_back(k);
  }
  return labels;
}

TEST(ClassDivergence, HasTheValueByHand) {
  std::vector<std::int32_t> zeros(40, 0), ones(40, 1);
  EXPECT_NEAR(class_divergence(zeros, ones, 2).value, std::log(2), 1e-12);
  EXPECT_EQ(class_divergence(zeros, zeros, 2).interval, (Interval{0, 0}));
  EXPECT_THROW(class_divergence(std::vector<std::int32_t>(39, 0), zeros, 2), DataError);
}

// Counting alone makes shares differ: the value of equal laws is never 0, but its interval holds 0 (of one side, so
// oftener than it says), and between unlike laws it holds their divergence.
TEST(ClassDivergence, HasAnIntervalThatHoldsTheTruth) {
  const std::vector<double> even(10, .1), tilted{.19, .17, .15, .13, .11, .09, .07, .05, .03, .01};
  const double truth = js_divergence(tilted, even);
  int zero = 0, unlike = 0;
  for (std::uint32_t i = 0; i < 400; ++i) {
    const auto real = drawn(500, even, 3 * i);
    const Interval same = class_divergence(real, drawn(500, even, 3 * i + 1), 10).interval,
                   other = class_divergence(real, drawn(500, tilted, 3 * i + 2), 10).interval;
    zero += same.low <= 0;
    unlike += other.low <= truth && truth <= other.high;
    EXPECT_GT(other.low, 0);
  }
  EXPECT_GE(zero, 352);
  EXPECT_GE(unlike, 352);
  EXPECT_LE(unlike, 396);
}

// Of many classes counting makes most of the value: without that bias the interval would lie above 0.
TEST(ClassDivergence, IsLessTheBiasOfCountingManyClasses) {
  const std::vector<double> even(60, 1.0 / 60);
  int zero = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const ClassDivergence found = class_divergence(drawn(600, even, 2 * i), drawn(600, even, 2 * i + 1), 60);
    EXPECT_GT(found.value, 0.005);
    zero += found.interval.low <= 0;
  }
  EXPECT_GE(zero, 88);
}

}  // namespace
}  // namespace ganymede::measure
