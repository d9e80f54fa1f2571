#include "measure/resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

TEST(Permutation, HoldsEveryNumberOnce) {
  auto order = permutation(100, Random(1, "test"), 0);
  EXPECT_NE(order, permutation(100, Random(1, "test"), 1));
  EXPECT_EQ(order, permutation(100, Random(1, "test"), 0));
  std::ranges::sort(order);
  for (std::int64_t i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Subset, DrawsEveryNumberEquallyOften) {
  std::vector<int> drawn(10, 0);
  for (std::uint32_t s = 0; s < 3000; ++s) {
    const auto chosen = subset(10, 3, Random(1, "test"), s);
    ASSERT_EQ(chosen.size(), 3u);
    for (const std::int64_t i : chosen) ++drawn[static_cast<std::size_t>(i)];
  }
  // 900 expected, deviation sqrt(3000 * 0.3 * 0.7) = 25
  for (const int times : drawn) EXPECT_NEAR(times, 900, 4.5 * 25);
  EXPECT_THROW(subset(3, 4, Random(1, "test"), 0), ConfigError);
}

TEST(Quantile, LiesLinearlyBetweenTheValues) {
  const std::vector<double> values{1, 2, 4, 8};
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 0.5), 3);
  EXPECT_EQ(quantile(values, 1), 8);
  EXPECT_NEAR(quantile(values, 0.9), 4 + 0.7 * 4, 1e-12);
}

TEST(Deviation, DividesByNOrByNMinusOne) {
  const std::vector<double> values{0, 2, 4};
  EXPECT_NEAR(deviation_of(values), std::sqrt(8.0 / 3), 1e-15);
  EXPECT_NEAR(deviation_of(values, 1), 2, 1e-15);
  EXPECT_TRUE(std::isnan(deviation_of(std::vector<double>{3}, 1)));
}

TEST(MeanInterval, IsStudents) {
  // mean 2, s = 2, t(2) = 4.302653
  const Interval interval = mean_interval(std::vector<double>{0, 2, 4});
  EXPECT_NEAR(interval.low, 2 - 4.302652729911275 * 2 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(interval.high, 2 + 4.302652729911275 * 2 / std::sqrt(3), 1e-9);
  EXPECT_TRUE(std::isnan(mean_interval(std::vector<double>{1}).low));
}

// 1000 values of N(0, 1): the interval of the mean is about +-1.96 / sqrt(1000) = 0.062.
TEST(Bootstrap, OfAMeanMatchesTheNormalInterval) {
  std::vector<float> drawn(1000);
  Random(3, "test").normal(0, drawn);
  const std::vector<double> values(drawn.begin(), drawn.end());
  const Interval interval = bootstrap_mean(values);
  const double reach = 1.96 * deviation_of(values, 1) / std::sqrt(1000.0);
  EXPECT_NEAR(interval.low, mean_of(values) - reach, 0.15 * reach);
  EXPECT_NEAR(interval.high, mean_of(values) + reach, 0.15 * reach);
  EXPECT_EQ(interval, bootstrap_mean(values));
  EXPECT_NE(interval, bootstrap_mean(values, {.seed = 2}));
}

TEST(Bootstrap, RejectsWhatCannotBeDrawn) {
  EXPECT_THROW(bootstrap_mean({}), ConfigError);
  EXPECT_THROW(bootstrap_mean(std::vector<double>{1}, {.resamples = 0}), ConfigError);
  EXPECT_THROW(bootstrap_mean(std::vector<double>{1}, {.level = 1}), ConfigError);
}

// For a mean of groups of one, the jackknife is Student's interval exactly.
TEST(BootstrapDifference, OfMeansIsThatOfTwoIndependentSamples) {
  std::vector<float> normals(800);
  Random(3, "test.difference").normal(0, normals);
  std::vector<double> first, second;
  for (std::size_t i = 0; i < 400; ++i) first.push_back(normals[i] + 1);
  for (std::size_t i = 400; i < 800; ++i) second.push_back(2 * static_cast<double>(normals[i]));
  const double difference = mean_of(first) - mean_of(second), error = std::sqrt(1.0 / 400 + 4.0 / 400);
  const Interval found = bootstrap_difference(first, second, mean_of, {.resamples = 2000});
  EXPECT_NEAR(found.low, difference - 1.96 * error, 0.2 * error);
  EXPECT_NEAR(found.high, difference + 1.96 * error, 0.2 * error);
  const auto largest = [](std::span<const double> ascending) { return ascending.back(); };
  EXPECT_EQ(bootstrap_difference(std::vector<double>{5}, std::vector<double>{2}, largest), (Interval{3, 3}));
  EXPECT_THROW(bootstrap_difference({}, second, mean_of), ConfigError);
}

TEST(Jackknife, OfAMeanIsStudentsInterval) {
  const std::vector<double> values{0, 2, 4, 7, 1};
  std::vector<double> without;
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  for (const double v : values) without.push_back((sum - v) / 4);
  const Interval a = jackknife(sum / 5, without), b = mean_interval(values);
  EXPECT_NEAR(a.low, b.low, 1e-12);
  EXPECT_NEAR(a.high, b.high, 1e-12);
  EXPECT_THROW(jackknife(1, std::vector<double>{1}), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
