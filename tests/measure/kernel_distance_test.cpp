#include "measure/kernel_distance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

void expect(const FeatureMatrix& real, const FeatureMatrix& fake, double unbiased, double u_statistic, double biased) {
  ThreadPool pool(2);
  const RealAndFake sets{.real = real, .fake = fake};
  EXPECT_NEAR(squared_mmd(sets, pool), unbiased, 1e-12);
  EXPECT_NEAR(squared_mmd(sets, pool, MmdEstimator::u_statistic), u_statistic, 1e-12);
  EXPECT_NEAR(squared_mmd(sets, pool, MmdEstimator::biased), biased, 1e-12);
}

TEST(SquaredMmd, HasTheValuesByHand) {
  expect(rows(1, {0, 1}), rows(1, {0, 1}), -3.5, 0, 0);
  expect(rows(2, {1, 0, 0, 1}), rows(2, {1, 1, 2, 0}), 1.125, -2.375, 7.0625);
  expect(rows(1, {0, 1, 2}), rows(1, {1, 2, 3}), 65. / 3, 79, 111);
  const FeatureMatrix ones{.values = std::vector<float>(64, 1), .dim = 16};
  expect(ones, ones, 0, 0, 0);
}

TEST(SquaredMmd, EqualsAPlainLoopForUnequalCounts) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(70, 130, 1), fake = gaussian(131, 130, 2, 0.3F);
  const auto mean = [](const FeatureMatrix& a, const FeatureMatrix& b, bool within) {
    double sum = 0, pairs = 0;
    for (std::int64_t i = 0; i < a.count(); ++i) {
      for (std::int64_t j = 0; j < b.count(); ++j) {
        if (within && i == j) continue;
        double product = 0;
        for (std::size_t c = 0; c < 130; ++c) product += double{a.view().row(i)[c]} * double{b.view().row(j)[c]};
        sum += std::pow(product / 130 + 1, 3);
        ++pairs;
      }
    }
    return sum / pairs;
  };
  const double wanted = mean(real, real, true) + mean(fake, fake, true) - 2 * mean(real, fake, false);
  EXPECT_NEAR(squared_mmd({.real = real, .fake = fake}, pool), wanted, 1e-6);
}

TEST(SquaredMmd, RejectsAUStatisticOfUnequalCounts) {
  ThreadPool pool(1);
  EXPECT_THROW(squared_mmd({.real = rows(1, {0, 1}), .fake = rows(1, {0, 1, 2})}, pool, MmdEstimator::u_statistic),
               ConfigError);
  EXPECT_THROW(squared_mmd({.real = rows(1, {0}), .fake = rows(1, {0, 1})}, pool), DataError);
}

constexpr KernelDistanceOptions kSmall{.subsets = 10, .size = 100};

// Unbiased: over many pairs of sets of one law the mean is 0 and both signs occur.
TEST(KernelDistance, IsZeroOnAverageForOneLawAndNotClamped) {
  ThreadPool pool(2);
  std::vector<double> values;
  int held = 0;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const auto found =
        kernel_distance({.real = gaussian(200, 5, 2 * i), .fake = gaussian(200, 5, 2 * i + 1)}, pool, kSmall);
    values.push_back(found.value);
    held += found.interval.low <= 0 && 0 <= found.interval.high;
  }
  EXPECT_NEAR(mean_of(values), 0, 4 * deviation_of(values, 1) / std::sqrt(40.0));
  EXPECT_LT(*std::ranges::min_element(values), 0);
  EXPECT_GT(*std::ranges::max_element(values), 0);
  EXPECT_GE(held, 34);
}

TEST(KernelDistance, GrowsWithTheShiftAndAgreesWithAllPairs) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(300, 5, 1);
  double last = 0;
  for (const float shift : {0.5F, 1.0F, 2.0F}) {
    const FeatureMatrix fake = gaussian(300, 5, 2, shift);
    const auto found = kernel_distance({.real = real, .fake = fake}, pool, kSmall);
    EXPECT_GT(found.interval.low, 0);
    EXPECT_GT(found.value, last);
    EXPECT_NEAR(found.value, squared_mmd({.real = real, .fake = fake}, pool), 3 * found.deviation);
    last = found.value;
  }
}

TEST(KernelDistance, OfSubsetsThatAreTheWholeIsTheMmdItself) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(100, 5, 1), fake = gaussian(100, 5, 2, 1);
  const auto found = kernel_distance({.real = real, .fake = fake}, pool, kSmall);
  EXPECT_NEAR(found.value, squared_mmd({.real = real, .fake = fake}, pool), 1e-9);
  EXPECT_NEAR(found.deviation, 0, 1e-9);
}

TEST(KernelDistance, HasTheIntervalOfAJackknifeOverGroups) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(101, 3, 1), fake = gaussian(110, 3, 2, 0.5F);
  const auto others = [](const FeatureMatrix& set, std::int64_t group) {
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < set.count(); ++i) {
      if (i % 4 != group) kept.push_back(i);
    }
    return gather(set, kept);
  };
  std::vector<double> without;
  for (std::int64_t g = 0; g < 4; ++g) {
    without.push_back(squared_mmd({.real = others(real, g), .fake = others(fake, g)}, pool));
  }
  const auto found = kernel_distance({.real = real, .fake = fake}, pool, {.subsets = 5, .size = 50, .groups = 4});
  const Interval wanted = jackknife(found.value, without);
  EXPECT_NEAR(found.interval.low, wanted.low, 1e-9);
  EXPECT_NEAR(found.interval.high, wanted.high, 1e-9);
}

TEST(KernelDistance, DoesNotDependOnTheNumberOfThreads) {
  const FeatureMatrix real = gaussian(150, 5, 1), fake = gaussian(150, 5, 2);
  ThreadPool one(1), three(3);
  const auto a = kernel_distance({.real = real, .fake = fake}, one, kSmall),
             b = kernel_distance({.real = real, .fake = fake}, three, kSmall);
  EXPECT_EQ(a.subsets, b.subsets);
  EXPECT_EQ(a.interval, b.interval);
  EXPECT_NE(a.subsets,
            kernel_distance({.real = real, .fake = fake}, one, {.subsets = 10, .size = 100, .seed = 2}).subsets);
}

TEST(KernelDistance, RejectsFewerSamplesThanASubset) {
  ThreadPool pool(1);
  const FeatureMatrix few = gaussian(99, 5, 1);
  EXPECT_THROW(kernel_distance({.real = few, .fake = few}, pool, kSmall), DataError);
  EXPECT_THROW(kernel_distance({.real = few, .fake = few}, pool, {.subsets = 0, .size = 10}), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
