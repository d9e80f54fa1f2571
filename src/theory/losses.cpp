#include "theory/losses.hpp"

#include <cmath>

#include "base/portable_math.hpp"

namespace ganymede::theory {

double binary_cross_entropy(double s, double t) {
  return t * portable_softplus(-s) + (1 - t) * portable_softplus(s);
}

double binary_cross_entropy_slope(double s, double t) {
  return portable_sigmoid(s) - t;
}

double discriminator_loss(double s_real, double s_fake) {
  return binary_cross_entropy(s_real, 1) + binary_cross_entropy(s_fake, 0);
}

const char* name_of(GeneratorLoss loss) {
  return loss == GeneratorLoss::saturating ? "log(1 - D)" : "-log D";
}

double generator_loss(GeneratorLoss loss, double s) {
  return loss == GeneratorLoss::saturating ? -binary_cross_entropy(s, 0) : binary_cross_entropy(s, 1);
}

double generator_slope(GeneratorLoss loss, double s) {
  return loss == GeneratorLoss::saturating ? -portable_sigmoid(s) : -portable_sigmoid(-s);
}

double gradient_of_shifted(GeneratorLoss loss, double d, double x) {
  return std::abs(generator_slope(loss, d * d / 2 - d * x)) * d;
}

MeanGradient mean_gradient_of_shifted(GeneratorLoss loss, double d) {
  constexpr int kSteps = 2000;
  constexpr double kReach = 12;
  double mean = 0, square = 0;
  const Density fakes = normal(d);
  for (int i = 0; i <= kSteps; ++i) {
    const double x = d - kReach + 2 * kReach * i / kSteps;
    const double g = gradient_of_shifted(loss, d, x), q = fakes.at(std::span(&x, 1)) * 2 * kReach / kSteps;
    mean += q * g;
    square += q * g * g;
  }
  return {.mean = mean, .root_mean_square = std::sqrt(square)};
}

}  // namespace ganymede::theory
