#include "theory/three_weights.hpp"

#include <gtest/gtest.h>

namespace ganymede::theory {
namespace {

TEST(ThreeWeights, AreRightWhereTheyAreTaughtAndWithAllSignsTurned) {
  EXPECT_EQ(loss_of(kTaught), 0);
  EXPECT_NEAR(loss_of({-2, 1, -1.5}), 0, 1e-30);
  for (const double slope : slope_of(kTaught)) EXPECT_EQ(slope, 0);
  EXPECT_GT(loss_of({2, -1, -1.5}), 1);
}

TEST(ThreeWeights, HaveTheSlopesOfFiniteDifferences) {
  constexpr double kStep = 1e-6;
  for (const ThreeWeights& w : {ThreeWeights{-1, 2, 0.3}, {0.5, 0.1, -1}, {3, 0, 2}}) {
    const ThreeWeights slope = slope_of(w);
    for (std::size_t k = 0; k < w.size(); ++k) {
      ThreeWeights above = w, below = w;
      above[k] += kStep;
      below[k] -= kStep;
      EXPECT_NEAR(slope[k], (loss_of(above) - loss_of(below)) / (2 * kStep), 1e-8);
    }
  }
}

TEST(Descend, NeverClimbsAtASmallRateAndEndsInAMinimum) {
  const auto places = descend({-1.5, 2, 0.3}, 0.2, 2000);
  ASSERT_EQ(places.size(), 2001U);
  for (std::size_t t = 1; t < places.size(); ++t) EXPECT_LE(loss_of(places[t]), loss_of(places[t - 1]));
  EXPECT_LT(loss_of(places.back()), 1e-4);
}

}  // namespace
}  // namespace ganymede::theory
