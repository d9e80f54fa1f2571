#include "theory/losses.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ganymede::theory {
namespace {

constexpr auto kBoth = {GeneratorLoss::saturating, GeneratorLoss::non_saturating};

TEST(BinaryCrossEntropy, IsItsDefinition) {
  for (const double s : {-3.0, 0.0, 1.5}) {
    const double y = 1 / (1 + std::exp(-s));
    for (const double t : {0.0, 0.3, 1.0})
      EXPECT_NEAR(binary_cross_entropy(s, t), -t * std::log(y) - (1 - t) * std::log(1 - y), 1e-14);
  }
}

TEST(Losses, OfADThatCannotTellAreThoseOfTheLecture) {
  EXPECT_NEAR(discriminator_loss(0, 0), 1.3862944, 5e-8);
  EXPECT_NEAR(generator_loss(GeneratorLoss::non_saturating, 0), 0.6931472, 5e-8);
  EXPECT_NEAR(generator_loss(GeneratorLoss::saturating, 0), -0.6931472, 5e-8);
}

TEST(Losses, HaveTheSlopesOfFiniteDifferences) {
  constexpr double kStep = 1e-5;
  for (const double s : {-6.0, -0.4, 0.0, 2.5}) {
    for (const GeneratorLoss loss : kBoth) {
      const double slope = (generator_loss(loss, s + kStep) - generator_loss(loss, s - kStep)) / (2 * kStep);
      EXPECT_NEAR(generator_slope(loss, s), slope, 1e-9) << name_of(loss) << " " << s;
    }
    for (const double t : {0.0, 0.25, 1.0}) {
      const double slope = (binary_cross_entropy(s + kStep, t) - binary_cross_entropy(s - kStep, t)) / (2 * kStep);
      EXPECT_NEAR(binary_cross_entropy_slope(s, t), slope, 1e-9);
    }
  }
}

TEST(GeneratorSlope, VanishesWhereDIsSureOfAFakeForTheSaturatingLossAlone) {
  EXPECT_NEAR(generator_slope(GeneratorLoss::saturating, -20), 0, 1e-8);
  EXPECT_NEAR(generator_slope(GeneratorLoss::non_saturating, -20), -1, 1e-8);
  EXPECT_NEAR(generator_slope(GeneratorLoss::saturating, 20), -1, 1e-8);
  EXPECT_NEAR(generator_slope(GeneratorLoss::non_saturating, 20), 0, 1e-8);
}

// E_q[D* d] = d times the integral of p q / (p + q), and E_q[1 - D*] is what is left of 1.
TEST(MeanGradient, OfBothLossesTogetherIsTheDistance) {
  for (const double d : {0.1, 1.0, 3.0, 8.0}) {
    const double saturating = mean_gradient_of_shifted(GeneratorLoss::saturating, d).mean;
    EXPECT_NEAR(saturating + mean_gradient_of_shifted(GeneratorLoss::non_saturating, d).mean, d, 1e-10);
  }
  EXPECT_LT(mean_gradient_of_shifted(GeneratorLoss::saturating, 8).mean, 0.003);
  EXPECT_NEAR(mean_gradient_of_shifted(GeneratorLoss::non_saturating, 8).mean, 8, 0.003);
}

TEST(MeanGradient, OfTheSaturatingLossFallsLikeTheOverlap) {
  // d E_q[D*] <= d times the overlap of both densities, 2 Phi(-d / 2).
  for (const double d : {2.0, 5.0, 9.0}) {
    EXPECT_LT(mean_gradient_of_shifted(GeneratorLoss::saturating, d).mean, d * std::erfc(d / (2 * std::sqrt(2.0))));
  }
}

}  // namespace
}  // namespace ganymede::theory
