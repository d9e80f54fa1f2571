#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "play/game.hpp"

namespace ganymede::play {
namespace {

// The formulas at play::Schedule, by hand.
TEST(Schedule, ConstantIsTheRateItself) {
  const Optimizer rule{.learning_rate = 3e-4};
  for (const std::int64_t t : {0, 1, 9999, 10000, 1000000}) EXPECT_EQ(learning_rate(rule, t), 3e-4);
}

TEST(Schedule, LinearEndsAtItsShareAndStaysThere) {
  const Optimizer rule{
      .learning_rate = 2e-4, .schedule = Schedule::linear, .schedule_updates = 100, .schedule_end = 0.1};
  EXPECT_EQ(learning_rate(rule, 0), 2e-4);
  EXPECT_DOUBLE_EQ(learning_rate(rule, 50), 2e-4 * 0.55);
  EXPECT_DOUBLE_EQ(learning_rate(rule, 100), 2e-5);
  EXPECT_EQ(learning_rate(rule, 100000), learning_rate(rule, 100));
}

TEST(Schedule, CosineFallsAlongHalfAWave) {
  const Optimizer rule{.learning_rate = 1, .schedule = Schedule::cosine, .schedule_updates = 60, .schedule_end = 0.2};
  EXPECT_EQ(learning_rate(rule, 0), 1);
  for (int t = 0; t <= 60; ++t) {
    EXPECT_NEAR(learning_rate(rule, t), 0.2 + 0.8 * (1 + std::cos(std::numbers::pi * t / 60)) / 2, 1e-14) << t;
  }
  EXPECT_NEAR(learning_rate(rule, 1000), 0.2, 1e-14);
}

TEST(Schedule, StepsFallByTheirFactorEverySoManyUpdates) {
  const Optimizer rule{
      .learning_rate = 1e-3, .schedule = Schedule::steps, .schedule_updates = 7, .schedule_factor = 0.5};
  for (int t = 0; t < 40; ++t)
    EXPECT_NEAR(learning_rate(rule, t), 1e-3 * std::pow(0.5, std::floor(t / 7.0)), 1e-17) << t;
  EXPECT_EQ(learning_rate(rule, 6), 1e-3);
}

}  // namespace
}  // namespace ganymede::play
