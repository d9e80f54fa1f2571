#include "theory/shift_game.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ganymede::theory {
namespace {

double expected_loss(const ShiftGame& game) {
  double sum = 0;
  const Density p = normal(kShiftedMean), q = normal(game.theta);
  for (int i = 0; i <= 2400; ++i) {
    const double x = -12 + 24.0 * i / 2400, s = game.a * x + game.b;
    const std::span<const double> at(&x, 1);
    sum += (p.at(at) * binary_cross_entropy(s, 1) + q.at(at) * binary_cross_entropy(s, 0)) * 0.01;
  }
  return sum;
}

TEST(ShiftGame, TheBestDiscriminatorIsThatOfTheDensities) {
  const ShiftGame best = with_best_discriminator({.theta = -0.7});
  for (const double x : {-3.0, 0.0, 0.65, 2.0}) {
    const std::span<const double> at(&x, 1);
    EXPECT_NEAR(best.a * x + best.b, optimal_logit(normal(kShiftedMean), normal(-0.7), at), 1e-12);
  }
}

TEST(ShiftGame, TheBestDiscriminatorDoesNotMove) {
  const ShiftGame best = with_best_discriminator({.theta = 0.5}), next = discriminator_step(best, 1);
  EXPECT_NEAR(next.a, best.a, 1e-6);
  EXPECT_NEAR(next.b, best.b, 1e-6);
}

TEST(ShiftGame, ADiscriminatorStepFollowsTheSlopesOfItsLoss) {
  const ShiftGame at = {.theta = -1, .a = 0.4, .b = -0.3}, next = discriminator_step(at, 1);
  constexpr double kStep = 1e-4;
  const auto moved = [&](double a, double b) { return expected_loss({.theta = -1, .a = at.a + a, .b = at.b + b}); };
  EXPECT_NEAR(at.a - next.a, (moved(kStep, 0) - moved(-kStep, 0)) / (2 * kStep), 1e-6);
  EXPECT_NEAR(at.b - next.b, (moved(0, kStep) - moved(0, -kStep)) / (2 * kStep), 1e-6);
}

TEST(ShiftGame, WithADThatKnowsNothingGStays) {
  for (const GeneratorLoss loss : {GeneratorLoss::saturating, GeneratorLoss::non_saturating})
    EXPECT_EQ(generator_step({.theta = -1}, loss, 1).theta, -1);
}

TEST(ShiftGame, ItsGradientBehindTheBestDIsThatOfShiftedNormals) {
  // d = theta - 2 below 0: mirrored, the mean gradient of fakes at that distance.
  for (const GeneratorLoss loss : {GeneratorLoss::saturating, GeneratorLoss::non_saturating}) {
    const double moved = generator_step(with_best_discriminator({.theta = -1}), loss, 1).theta - -1;
    EXPECT_NEAR(moved, mean_gradient_of_shifted(loss, 3).mean, 1e-6);
  }
}

TEST(ShiftGame, EveryKComesToTheRealsAndCountsItsWork) {
  for (const int k : {0, 1, 2, 5}) {
    const auto places = play({.theta = -1}, GeneratorLoss::non_saturating, k, {}, 3000);
    EXPECT_NEAR(places.back().theta, kShiftedMean, 0.01) << k;
    EXPECT_EQ(places[1].work, k == 0 ? 51 : k + 1);
    EXPECT_LE(places.back().work, 3000);
  }
}

TEST(ShiftGame, AFewUpdatesMakeMoreProgressForTheWorkThanConvergence) {
  const auto away = [](int k) {
    return std::abs(play({.theta = -1}, GeneratorLoss::non_saturating, k, {}, 400).back().theta - kShiftedMean);
  };
  EXPECT_LT(away(1), 0.1);
  EXPECT_LT(away(5), 0.1);
  EXPECT_GT(away(0), 0.5);
}

}  // namespace
}  // namespace ganymede::theory
