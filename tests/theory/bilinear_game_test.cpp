#include "theory/bilinear_game.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"

namespace ganymede::theory {
namespace {

TEST(BilinearGame, StepsAreThoseByHand) {
  const Players simultaneous = step(Turns::simultaneous, {.x = 1, .y = 2}, 0.5);
  EXPECT_EQ(simultaneous.x, 0);
  EXPECT_EQ(simultaneous.y, 2.5);
  const Players alternating = step(Turns::alternating, {.x = 1, .y = 2}, 0.5);
  EXPECT_EQ(alternating.x, 0);
  EXPECT_EQ(alternating.y, 2);
}

TEST(BilinearGame, SimultaneousStepsSpiralOutByTheExactRadius) {
  const Players from{.x = 0.6, .y = 0.8};
  for (const double eta : {0.01, 0.1, 0.7}) {
    const auto places = walk(Turns::simultaneous, from, eta, 200);
    ASSERT_EQ(places.size(), 201U);
    for (const int t : {0, 1, 10, 200}) {
      const double radius = places[static_cast<std::size_t>(t)].radius();
      EXPECT_NEAR(radius / spiral_radius(1, eta, t), 1, 1e-12) << eta << " " << t;
    }
  }
}

TEST(BilinearGame, AlternatingStepsStayOnTheirEllipse) {
  const Players from{.x = 1, .y = 0};
  for (const double eta : {0.05, 0.5, 1.9}) {
    const Radii radii = orbit_radii(from, eta);
    double least = 10, largest = 0;
    for (const Players& at : walk(Turns::alternating, from, eta, 2000)) {
      EXPECT_NEAR(orbit_invariant(at, eta), 1, 1e-11);
      least = std::min(least, at.radius());
      largest = std::max(largest, at.radius());
    }
    EXPECT_GE(least, radii.least - 1e-12);
    EXPECT_LE(largest, radii.largest + 1e-12);
    // Two thousand steps come by both ends of it.
    EXPECT_NEAR(least, radii.least, 0.01);
    EXPECT_NEAR(largest, radii.largest, 0.02 * radii.largest);
  }
}

TEST(BilinearGame, AlternatingStepsOrbitForRatesBelowTwoAlone) {
  EXPECT_THROW(orbit_radii({}, 2), ConfigError);
  EXPECT_GT(walk(Turns::alternating, {}, 2.1, 200).back().radius(), 1e6);
}

TEST(BilinearGame, TheFlowIsACircleOfOneTurnInTwoPi) {
  const Players from{.x = 0.6, .y = -0.8};
  for (const double time : {0.3, 2.0, 40.0}) EXPECT_NEAR(flow(from, time).radius(), 1, 1e-14);
  EXPECT_NEAR(flow(from, 2 * std::numbers::pi).x, 0.6, 1e-14);
  EXPECT_NEAR(flow(from, std::numbers::pi / 2).x, 0.8, 1e-14);
  EXPECT_NEAR(flow(from, std::numbers::pi / 2).y, 0.6, 1e-14);
}

}  // namespace
}  // namespace ganymede::theory
