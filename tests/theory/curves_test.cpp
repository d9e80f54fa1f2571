#include "theory/curves.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace ganymede::theory {
namespace {

const Curve& curve(const std::string& name) {
  for (const Curve& one : activation_curves()) {
    if (one.name == name) return one;
  }
  throw std::out_of_range(name);
}

TEST(ActivationCurves, HaveTheValuesByHand) {
  EXPECT_EQ(curve("relu").value(-2), 0);
  EXPECT_EQ(curve("relu with a ceiling").value(7), 6);
  EXPECT_DOUBLE_EQ(curve("leaky_relu").value(-2), -0.6);
  EXPECT_DOUBLE_EQ(curve("prelu").value(-2), -0.5);
  EXPECT_NEAR(curve("elu").value(-1), -0.6321205588285577, 1e-15);
  EXPECT_NEAR(curve("rrelu").value(-48), -11, 1e-12);
  EXPECT_NEAR(curve("tanh").value(0.5), std::tanh(0.5), 1e-15);
  EXPECT_NEAR(curve("sigmoid").value(-1.5), 1 / (1 + std::exp(1.5)), 1e-15);
}

TEST(ActivationCurves, HaveTheSlopesOfFiniteDifferences) {
  constexpr double kStep = 1e-6;
  std::set<std::string> names;
  for (const Curve& one : activation_curves()) {
    EXPECT_TRUE(names.insert(one.name).second && !one.formula.empty());
    for (const double x : {-3.0, -0.2, 0.7, 5.0, 8.0})
      EXPECT_NEAR(one.slope(x), (one.value(x + kStep) - one.value(x - kStep)) / (2 * kStep), 1e-8) << one.name << x;
    EXPECT_EQ(one.bounded, std::abs(one.value(600)) < 7 && std::abs(one.value(-600)) < 7) << one.name;
  }
}

TEST(ActivationCurves, LetNoGradientPassWhereTheyAreFlat) {
  EXPECT_NEAR(share_without_slope(curve("relu"), 1e-3), 0.5, 1e-4);
  EXPECT_EQ(share_without_slope(curve("leaky_relu"), 1e-3), 0);
  // sech^2(x) < 1/100 beyond x = arcosh(10) = 2.9932: 2 (1 - Phi(2.9932)) = 0.002761.
  EXPECT_NEAR(share_without_slope(curve("tanh"), 0.01), std::erfc(std::acosh(10) / std::sqrt(2.0)), 1e-4);
}

}  // namespace
}  // namespace ganymede::theory
