#include "measure/manifold.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

struct Four {
  double precision, recall, density, coverage;
};

void expect(const FeatureMatrix& real, const FeatureMatrix& fake, std::int64_t k, const Four& wanted) {
  ThreadPool pool(2);
  const Manifold found = compare_manifolds({.real = real, .fake = fake}, k, pool);
  EXPECT_NEAR(found.precision(), wanted.precision, 1e-15);
  EXPECT_NEAR(found.recall(), wanted.recall, 1e-15);
  EXPECT_NEAR(found.density(), wanted.density, 1e-15);
  EXPECT_NEAR(found.coverage(), wanted.coverage, 1e-15);
}

TEST(Manifold, HasTheValuesByHand) {
  expect(rows(1, {0, 1, 2, 3}), rows(1, {.5, 1.5, 10, 11}), 1, {.5, .75, 1, .75});
  expect(rows(1, {0, 1, 2, 10}), rows(1, {9, 9.5, 10.5, 1}), 1, {1, 1, 1, .5});  // an outlier's ball
  expect(rows(1, {0, 1, 2, 3, 4, 5}), rows(1, {.5, 1.5, 2.5, 20, 21, 22}), 2, {.5, 5. / 6, 7. / 12, 2. / 3});
  expect(rows(2, {0, 0, 1, 0, 0, 1, 1, 1}), rows(2, {.5, .5, 2, 2, .2F, .1F, 5, 5}), 1, {.5, .5, 1.75, 1});
}

TEST(Manifold, IsOneForASetAndItself) {
  const FeatureMatrix set = rows(1, {0, 1, 3, 6, 10});
  expect(set, set, 2, {1, 1, 1, 1});
}

TEST(Manifold, OpenBallsLeaveOutTheirSurfaceAndClosedOnesHoldIt) {
  const FeatureMatrix real = rows(1, {0, 1, 2, 3}), fake = rows(1, {1, 2, 3, 4});
  expect(real, fake, 1, {.75, .75, .75, .75});
  ThreadPool pool(2);
  const Manifold closed = compare_manifolds({.real = real, .fake = fake}, 1, pool, Ball::closed);
  EXPECT_EQ(closed.precision(), 1);
  EXPECT_EQ(closed.recall(), 1);
}

TEST(Manifold, OfClosedBallsHasTheValuesByHandWithoutTies) {
  ThreadPool pool(2);
  const Manifold closed =
      compare_manifolds({.real = rows(1, {0, 1, 2, 3}), .fake = rows(1, {.5, 1.5, 10, 11})}, 1, pool, Ball::closed);
  EXPECT_EQ(closed.precision(), .5);
  EXPECT_EQ(closed.recall(), .75);
}

TEST(Manifold, OfOneLawHasTheExpectedDensityAndCoverage) {
  ThreadPool pool(2);
  const Manifold found = compare_manifolds({.real = gaussian(3000, 2, 1), .fake = gaussian(3000, 2, 2)}, 5, pool);
  EXPECT_NEAR(found.density(), 1, 0.04);  // between .98 and 1.02 at 10,000
  EXPECT_NEAR(found.coverage(), expected_coverage(3000, 3000, 5), 0.012);
}

TEST(Manifold, ExpectedCoverageHasTheValueOfItsFormula) {
  EXPECT_NEAR(expected_coverage(10000, 10000, 5), 0.968773, 5e-7);
  EXPECT_NEAR(expected_coverage(2, 2, 1), 1 - 1. / 3, 1e-15);
}

// Collapse onto one point of the data: realistic, but not varied. Noise about all of it: varied, not realistic.
TEST(Manifold, PrecisionSeesRealismAndRecallDiversity) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(500, 3, 1), collapsed = gaussian(500, 3, 2, 0, 0.05F),
                      wide = gaussian(500, 3, 3, 0, 4);
  const Manifold narrow = compare_manifolds({.real = real, .fake = collapsed}, 5, pool),
                 broad = compare_manifolds({.real = real, .fake = wide}, 5, pool);
  EXPECT_GT(narrow.precision(), 0.95);
  EXPECT_LT(narrow.recall(), 0.05);
  EXPECT_LT(narrow.coverage(), 0.2);
  EXPECT_LT(broad.precision(), 0.3);
  EXPECT_GT(broad.recall(), 0.9);
}

TEST(Manifold, DoesNotDependOnTheNumberOfThreads) {
  const FeatureMatrix real = gaussian(300, 20, 1), fake = gaussian(290, 20, 2);
  ThreadPool one(1), three(3);
  const Manifold a = compare_manifolds({.real = real, .fake = fake}, 5, one),
                 b = compare_manifolds({.real = real, .fake = fake}, 5, three);
  EXPECT_EQ(a.real_balls_at_fake, b.real_balls_at_fake);
  EXPECT_EQ(a.real_in_fake, b.real_in_fake);
  EXPECT_EQ(a.real_covered, b.real_covered);
}

TEST(Manifold, RejectsAKThatCannotBeHad) {
  ThreadPool pool(1);
  const FeatureMatrix two = rows(1, {0, 1}), three = rows(1, {0, 1, 2});
  EXPECT_THROW(compare_manifolds({.real = two, .fake = three}, 2, pool), ConfigError);
  EXPECT_THROW(compare_manifolds({.real = three, .fake = three}, 0, pool), ConfigError);
}

// N(0, I) in 1000 dimensions, 10,000 samples each: the reference implementation over several seeds gave precision
// .46-.49, recall .47-.50, density .86-1.15 (hubs), coverage .95-.98.
TEST(Manifold, MatchesTheReferenceInAThousandDimensionsSlow) {
  ThreadPool pool(2);
  const Manifold found =
      compare_manifolds({.real = gaussian(10000, 1000, 1), .fake = gaussian(10000, 1000, 2)}, 5, pool);
  EXPECT_NEAR(found.precision(), 0.477, 0.04);
  EXPECT_NEAR(found.recall(), 0.48, 0.04);
  EXPECT_NEAR(found.density(), 1, 0.25);
  EXPECT_NEAR(found.coverage(), 0.967, 0.025);
}

}  // namespace
}  // namespace ganymede::measure
