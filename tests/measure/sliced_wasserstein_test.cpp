#include "measure/sliced_wasserstein.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

using Numbers = std::vector<double>;

TEST(SquaredWasserstein, HasTheValuesByHand) {
  EXPECT_EQ(squared_wasserstein(Numbers{0}, Numbers{3}), 9);
  EXPECT_EQ(squared_wasserstein(Numbers{0, 1}, Numbers{2, 5}), (4 + 16) / 2.);
  // Half of the mass at 0 goes to 0, half of it to 4.
  EXPECT_EQ(squared_wasserstein(Numbers{0}, Numbers{0, 4}), 8);
  // Quantiles in sixths: 0 0 0 6 6 6 against 0 0 3 3 9 9.
  EXPECT_EQ(squared_wasserstein(Numbers{0, 6}, Numbers{0, 3, 9}), (0 + 0 + 9 + 9 + 9 + 9) / 6.);
  EXPECT_EQ(squared_wasserstein(Numbers{0, 3, 9}, Numbers{0, 6}), 6);
  EXPECT_EQ(squared_wasserstein(Numbers{1, 2, 2}, Numbers{1, 1, 2, 2, 2, 2}), 0) << "one law, drawn twice as often";
}

TEST(SlicedWasserstein, IsZeroForIdenticalSets) {
  ThreadPool pool(2);
  const FeatureMatrix set = gaussian(200, 5, 1);
  FeatureMatrix turned = set;  // the same samples in another order
  for (std::int64_t i = 0; i < 200; ++i) std::ranges::copy(set.view().row(199 - i), turned.values.begin() + 5 * i);
  const SlicedWasserstein found = sliced_wasserstein({.real = set, .fake = turned}, pool);
  EXPECT_EQ(found.value, 0);
  EXPECT_GE(found.interval.high, 0);
}

// All directions of a line are the line itself.
TEST(SlicedWasserstein, OfALineIsTheWassersteinDistance) {
  ThreadPool pool(1);
  EXPECT_NEAR(sliced_wasserstein({.real = rows(1, {0}), .fake = rows(1, {3})}, pool, {.groups = 0}).value, 3, 1e-12);
  EXPECT_NEAR(sliced_wasserstein({.real = rows(1, {0, 1}), .fake = rows(1, {5, 2})}, pool, {.groups = 0}).value,
              std::sqrt(10.), 1e-12);
}

// W_2^2 of N(m, s^2) and N(m', s'^2) is (m - m')^2 + (s - s')^2: of samples m + s q with mean 0 and mean square 1 of q.
TEST(SlicedWasserstein, OfNormalLawsOfALineIsTheClosedForm) {
  ThreadPool pool(2);
  FeatureMatrix standard = gaussian(4000, 1, 3);
  double sum = 0, squares = 0;
  for (const float q : standard.values) sum += q, squares += double{q} * double{q};
  const double mean = sum / 4000, deviation = std::sqrt(squares / 4000 - mean * mean);
  FeatureMatrix a = standard, b = standard;
  for (std::size_t i = 0; i < 4000; ++i) {
    const double q = (double{standard.values[i]} - mean) / deviation;
    a.values[i] = static_cast<float>(1 + 2 * q);
    b.values[3999 - i] = static_cast<float>(-2 + 5 * q);
  }
  EXPECT_NEAR(sliced_wasserstein({.real = a, .fake = b}, pool).value, std::sqrt(9. + 9.), 1e-5);
}

// E (u v)^2 = |v|^2 / F over the sphere.
TEST(SlicedWasserstein, OfPointMassesIsTheirDistanceOverTheRootOfDimensions) {
  ThreadPool pool(2);
  const FeatureMatrix real = rows(2, {0, 0}), fake = rows(2, {3, 4});
  EXPECT_NEAR(sliced_wasserstein({.real = real, .fake = fake}, pool, {.directions = 20000, .groups = 0}).value,
              5 / std::sqrt(2.), .03);
  const FeatureMatrix zero{.values = std::vector<float>(50), .dim = 50},
      one{.values = std::vector<float>(50, 1), .dim = 50};
  EXPECT_NEAR(sliced_wasserstein({.real = zero, .fake = one}, pool, {.directions = 20000, .groups = 0}).value, 1, .02);
}

TEST(SlicedWasserstein, ScalesAndMovesWithTheSamples) {
  ThreadPool pool(1);
  FeatureMatrix real = gaussian(150, 4, 1), fake = gaussian(250, 4, 2, .5F);
  const double value = sliced_wasserstein({.real = real, .fake = fake}, pool).value;
  for (FeatureMatrix* set : {&real, &fake}) {
    for (float& v : set->values) v = 4 * v + 8;
  }
  EXPECT_NEAR(sliced_wasserstein({.real = real, .fake = fake}, pool).value, 4 * value, 1e-5);
  EXPECT_NEAR(sliced_wasserstein({.real = fake, .fake = real}, pool).value, 4 * value, 1e-5);
}

TEST(SlicedWasserstein, HasAnIntervalThatHoldsOtherDrawsOfTheSets) {
  ThreadPool pool(2);
  const auto of = [&](std::uint32_t i) {
    return sliced_wasserstein({.real = gaussian(400, 3, 2 * i), .fake = gaussian(400, 3, 2 * i + 1, 1)}, pool,
                              {.directions = 128});
  };
  std::vector<double> values;
  int held = 0;
  for (std::uint32_t i = 1; i <= 20; ++i) values.push_back(of(i).value);
  const double mean = mean_of(values);
  for (std::uint32_t i = 1; i <= 20; ++i) {
    const Interval interval = of(i).interval;
    held += interval.low <= mean && mean <= interval.high ? 1 : 0;
  }
  EXPECT_GE(held, 16);
}

TEST(SlicedWasserstein, DoesNotDependOnTheNumberOfThreads) {
  ThreadPool one(1), three(3);
  const FeatureMatrix real = gaussian(300, 70, 1), fake = gaussian(300, 70, 2);
  const auto a = sliced_wasserstein({.real = real, .fake = fake}, one),
             b = sliced_wasserstein({.real = real, .fake = fake}, three);
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.interval, b.interval);
}

TEST(SlicedWasserstein, RefusesWhatCannotBe) {
  ThreadPool pool(1);
  const FeatureMatrix set = gaussian(30, 2, 1);
  EXPECT_THROW(sliced_wasserstein({.real = set, .fake = set}, pool, {.directions = 0}), ConfigError);
  EXPECT_THROW(sliced_wasserstein({.real = set, .fake = set}, pool, {.groups = 1}), ConfigError);
  EXPECT_THROW(sliced_wasserstein({.real = set, .fake = set}, pool, {.groups = 20}), DataError);
  EXPECT_THROW(sliced_wasserstein({.real = set, .fake = gaussian(30, 3, 1)}, pool, {.groups = 2}), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
