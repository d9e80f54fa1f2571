#include "measure/energy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

TEST(MeanDistances, AreThoseByHand) {
  ThreadPool pool(2);
  const FeatureMatrix real = rows(1, {0, 2, 6}), fake = rows(1, {1, 1});
  const MeanDistances found = mean_distances({.real = real, .fake = fake}, pool);
  EXPECT_DOUBLE_EQ(found.between, (1 + 1 + 5) / 3.0);
  EXPECT_DOUBLE_EQ(found.real, (2 + 6 + 4) / 3.0);
  EXPECT_EQ(found.fake, 0);
  EXPECT_EQ(found.diversity(), 0);
  EXPECT_DOUBLE_EQ(found.energy(), 14.0 / 3 - 4);
}

// E|x - x'| of two normals is 2 / sqrt(pi); moved apart by m, that of a normal of deviation sqrt(2) about m.
TEST(MeanDistances, OfNormalsAreTheClosedForms) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(2000, 1, 0), same = gaussian(2000, 1, 1), far = gaussian(2000, 1, 2, 3);
  const double within = 2 / std::sqrt(std::numbers::pi);
  EXPECT_NEAR(mean_distances({.real = real, .fake = same}, pool).energy(), 0, 0.01);
  const MeanDistances moved = mean_distances({.real = real, .fake = far}, pool);
  EXPECT_NEAR(moved.real, within, 0.03);
  EXPECT_NEAR(moved.diversity(), 1, 0.03);
  const double between = within * std::exp(-9.0 / 4) + 3 * std::erf(3.0 / 2);
  EXPECT_NEAR(moved.between, between, 0.12);
}

TEST(MeanDistances, HaveOneValueForAnyNumberOfThreads) {
  const FeatureMatrix real = gaussian(150, 7, 0), fake = gaussian(90, 7, 1);
  ThreadPool one(1), three(3);
  const MeanDistances a = mean_distances({.real = real, .fake = fake}, one);
  const MeanDistances b = mean_distances({.real = real, .fake = fake}, three);
  EXPECT_EQ(a.between, b.between);
  EXPECT_EQ(a.real, b.real);
  EXPECT_EQ(a.fake, b.fake);
}

TEST(MeanDistances, WantTwoSamplesOfEach) {
  ThreadPool pool(1);
  const FeatureMatrix one = rows(1, {0}), two = rows(1, {0, 1});
  EXPECT_THROW(mean_distances({.real = two, .fake = one}, pool), DataError);
  EXPECT_THROW(mean_distances({.real = two, .fake = rows(2, {0, 1, 2, 3})}, pool), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
