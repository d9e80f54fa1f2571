#include "measure/frechet.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

using Numbers = std::vector<double>;

double distance(const Numbers& m1, const Numbers& s1, const Numbers& m2, const Numbers& s2) {
  const Moments real{.count = 9, .mean = m1, .covariance = s1}, fake{.count = 9, .mean = m2, .covariance = s2};
  const double there = frechet_distance({.real = real, .fake = fake});
  EXPECT_NEAR(there, frechet_distance({.real = fake, .fake = real}), 1e-12);
  return there;
}

TEST(FrechetDistance, MatchesClosedFormsOfGaussians) {
  EXPECT_NEAR(distance({0}, {1}, {3}, {4}), 10, 1e-12);
  EXPECT_NEAR(distance({0, 0}, {1, 0, 0, 4}, {1, 2}, {9, 0, 0, 16}), 13, 1e-12);
  // Covariances that do not commute: 9 - 2 sqrt(10 + 4 sqrt 3).
  EXPECT_NEAR(distance({0, 0}, {2, 1, 1, 2}, {0, 0}, {1, 0, 0, 4}), 0.7712204476543416, 1e-12);
}

TEST(FrechetDistance, DoesNotChangeUnderRotation) {
  const double c = std::cos(0.7), s = std::sin(0.7);
  const auto turned = [&](double a, double b) {
    return std::vector<double>{c * c * a + s * s * b, c * s * (a - b), c * s * (a - b), s * s * a + c * c * b};
  };
  EXPECT_NEAR(distance({0, 0}, turned(1, 4), {c * 1 - s * 2, s * 1 + c * 2}, turned(9, 16)), 13, 1e-12);
}

TEST(FrechetDistance, IsExactForSingularCovariances) {
  EXPECT_NEAR(distance({0, 0}, {1, 0, 0, 0}, {0, 0}, {4, 0, 0, 0}), 1, 1e-12);
  EXPECT_NEAR(distance({0, 0}, {1, 0, 0, 0}, {0, 0}, {0, 0, 0, 1}), 2, 1e-12);
}

TEST(FrechetDistance, FromSamplesDividesByNMinusOne) {
  ThreadPool pool(2);
  EXPECT_NEAR(frechet_distance({.real = rows(1, {0, 2}), .fake = rows(1, {0, 4})}, pool), 3, 1e-12);
}

TEST(FrechetDistance, IsZeroForIdenticalSamples) {
  ThreadPool pool(2);
  const FeatureMatrix set = gaussian(300, 40, 1);
  EXPECT_NEAR(frechet_distance({.real = set, .fake = set}, pool), 0, 1e-6);
  // 31 eigenvalues that should be 0 are about 1e-16 and have roots of 1e-8.
  const FeatureMatrix few = gaussian(10, 40, 1);
  EXPECT_NEAR(frechet_distance({.real = few, .fake = few}, pool), 0, 1e-5);
}

TEST(FrechetDistance, GrowsWithTheShift) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(2000, 4, 1);
  double last = 0;
  for (const float shift : {0.0F, 0.5F, 1.0F, 2.0F}) {
    const double found = frechet_distance({.real = real, .fake = gaussian(2000, 4, 2, shift)}, pool);
    EXPECT_GT(found, last);
    EXPECT_NEAR(found, 4 * shift * shift, 0.05 + 0.2 * shift);
    last = found;
  }
}

TEST(FrechetDistance, RejectsWhatHasNoCovariance) {
  ThreadPool pool(1);
  EXPECT_THROW(frechet_distance({.real = rows(1, {0}), .fake = rows(1, {0, 1})}, pool), DataError);
  EXPECT_THROW(distance({0}, {1}, {0, 0}, {1, 0, 0, 1}), ShapeError);
  EXPECT_THROW(distance({0}, {std::nan("")}, {0}, {1}), DataError);
}

// (m - m')^2 + (s - s')^2 of N(0, 1) and N(1, 4) is 2; over 60 pairs of sets the interval should miss 5 % of the time.
TEST(EstimateFrechet, HoldsTheTruthAboutAsOftenAsItSays) {
  ThreadPool pool(2);
  int held = 0;
  for (std::uint32_t i = 0; i < 60; ++i) {
    const auto estimate =
        estimate_frechet({.real = gaussian(400, 1, 2 * i), .fake = gaussian(400, 1, 2 * i + 1, 1, 2)}, pool);
    EXPECT_EQ(estimate.value,
              frechet_distance({.real = gaussian(400, 1, 2 * i), .fake = gaussian(400, 1, 2 * i + 1, 1, 2)}, pool));
    held += estimate.interval.low <= 2 && 2 <= estimate.interval.high;
  }
  EXPECT_GE(held, 52);
}

TEST(EstimateFrechet, DoesNotDependOnTheNumberOfThreads) {
  const FeatureMatrix real = gaussian(200, 10, 1), fake = gaussian(200, 10, 2);
  ThreadPool one(1), three(3);
  EXPECT_EQ(estimate_frechet({.real = real, .fake = fake}, one).interval,
            estimate_frechet({.real = real, .fake = fake}, three).interval);
  EXPECT_THROW(estimate_frechet({.real = real, .fake = fake}, one, {.groups = 101}), ConfigError);
  EXPECT_THROW(estimate_frechet({.real = real, .fake = fake}, one, {.rows_a_sample = 3}), ConfigError);
}

TEST(FrechetOverPositions, SeesTheLayoutThatPoolingLoses) {
  ThreadPool pool(2);
  // Two positions with opposite signs: the pooled means are 0, the positions are not.
  FeatureMatrix real, fake;
  const FeatureMatrix noise = gaussian(400, 2, 1, 0, 0.1F);
  for (std::size_t i = 0; i < 400; ++i) {
    const float a = noise.values[2 * i], b = noise.values[2 * i + 1];
    real.values.insert(real.values.end(), {a, b});
    fake.values.insert(fake.values.end(), {a + 1, b - 1});
  }
  const FeatureMatrix real_rows = rows_of_positions(real.values, 1, 2),
                      fake_rows = rows_of_positions(fake.values, 1, 2);
  EXPECT_EQ(real_rows.count(), 800);
  FeatureMatrix real_pooled{.dim = 1}, fake_pooled{.dim = 1};
  for (std::size_t i = 0; i < 400; ++i) {
    real_pooled.values.push_back((real.values[2 * i] + real.values[2 * i + 1]) / 2);
    fake_pooled.values.push_back((fake.values[2 * i] + fake.values[2 * i + 1]) / 2);
  }
  EXPECT_LT(frechet_distance({.real = real_pooled, .fake = fake_pooled}, pool), 1e-6);
  EXPECT_GT(frechet_distance({.real = real_rows, .fake = fake_rows}, pool), 0.5);
  EXPECT_THROW(rows_of_positions(real.values, 3, 1), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
