#include "data/synthetic/value_noise.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ganymede::data {
namespace {

TEST(ValueNoise, LiesWithinOneAroundZero) {
  const ValueNoise noise(7);
  double sum = 0, squares = 0, lowest = 1, highest = -1;
  constexpr int kCount = 40000;
  for (int i = 0; i < kCount; ++i) {
    const double v = noise.at(0.173 * i, -0.311 * i);
    sum += v, squares += v * v;
    lowest = std::min(lowest, v), highest = std::max(highest, v);
  }
  EXPECT_GE(lowest, -1);
  EXPECT_LE(highest, 1);
  EXPECT_LT(lowest, -0.9);
  EXPECT_GT(highest, 0.9);
  EXPECT_NEAR(sum / kCount, 0, 0.02);
  EXPECT_GT(squares / kCount, 0.1);
}

TEST(ValueNoise, IsContinuousAcrossItsLatticeAndZero) {
  const ValueNoise noise(3);
  for (const double x : {-3.0, -1.0, 0.0, 1.0, 5.0, 1.5}) {
    for (const double y : {-2.0, 0.0, 0.5, 4.0}) {
      EXPECT_NEAR(noise.at(x - 1e-9, y), noise.at(x + 1e-9, y), 1e-7);
      EXPECT_NEAR(noise.at(x, y - 1e-9), noise.at(x, y + 1e-9), 1e-7);
      EXPECT_NEAR(noise.fractal(x - 1e-9, y, 5), noise.fractal(x + 1e-9, y, 5), 1e-6);
    }
  }
}

TEST(ValueNoise, IsMeanOfFourKnotsInTheMiddleOfACell) {
  const ValueNoise noise(11);
  const double mean = (noise.at(4, -7) + noise.at(5, -7) + noise.at(4, -6) + noise.at(5, -6)) / 4;
  EXPECT_DOUBLE_EQ(noise.at(4.5, -6.5), mean);
}

TEST(ValueNoise, DependsOnTheSeed) {
  int same = 0;
  for (int i = 0; i < 100; ++i) same += ValueNoise(1).at(i, 0) == ValueNoise(2).at(i, 0);
  EXPECT_EQ(same, 0);
}

TEST(ValueNoise, FractalsStayWithinOne) {
  const ValueNoise noise(5);
  for (int i = 0; i < 5000; ++i) {
    const double x = 0.37 * i, y = 0.11 * i;
    EXPECT_LE(std::fabs(noise.fractal(x, y, 5)), 1);
    EXPECT_LE(std::fabs(noise.ridged(x, y, 5)), 1);
  }
  EXPECT_EQ(noise.fractal(0.3, 0.7, 1), noise.at(0.3, 0.7));
  EXPECT_EQ(noise.ridged(0.3, 0.7, 1), 1 - 2 * std::fabs(noise.at(0.3, 0.7)));
}

TEST(SmoothStep, IsHermitesCubic) {
  EXPECT_EQ(smooth_step(2, 4, 1), 0);
  EXPECT_EQ(smooth_step(2, 4, 3), 0.5);
  EXPECT_EQ(smooth_step(2, 4, 2.5), 0.15625);  // 3/16 - 2/64
  EXPECT_EQ(smooth_step(2, 4, 9), 1);
}

}  // namespace
}  // namespace ganymede::data
