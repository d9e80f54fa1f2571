#include "theory/curves.hpp"

#include <cmath>

#include "base/portable_math.hpp"
#include "theory/density.hpp"

namespace ganymede::theory {
namespace {

constexpr double kLeaky = 0.3, kPrelu = 0.25, kRrelu = 11.0 / 48, kCeiling = 6;

Curve bent(std::string name, std::string formula, double slope_below) {
  return {.name = std::move(name),
          .formula = std::move(formula),
          .value = [slope_below](double x) { return x > 0 ? x : slope_below * x; },
          .slope = [slope_below](double x) { return x > 0 ? 1 : slope_below; }};
}

double tanh_of(double x) {
  return 2 * portable_sigmoid(2 * x) - 1;
}

std::vector<Curve> make_curves() {
  return {bent("relu", "max(x, 0)", 0),
          {.name = "relu with a ceiling",
           .formula = "min(max(x, 0), 6)",
           .value = [](double x) { return x <= 0 ? 0 : std::min(x, kCeiling); },
           .slope = [](double x) { return x > 0 && x < kCeiling ? 1.0 : 0.0; },
           .bounded = true},
          bent("leaky_relu", "x > 0: x, else 0.3 x", kLeaky),
          bent("prelu", "x > 0: x, else a x; a learned, here 1/4", kPrelu),
          {.name = "elu",
           .formula = "x > 0: x, else exp(x) - 1",
           .value = [](double x) { return x > 0 ? x : portable_exp(x) - 1; },
           .slope = [](double x) { return x > 0 ? 1 : portable_exp(x); }},
          bent("rrelu", "x > 0: x, else a x; a drawn from 1/8 to 1/3, here its mean", kRrelu),
          {.name = "tanh",
           .formula = "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
           .value = tanh_of,
           .slope = [](double x) { return 4 * portable_sigmoid(2 * x) * portable_sigmoid(-2 * x); },
           .bounded = true},
          {.name = "sigmoid",
           .formula = "1 / (1 + exp(-x))",
           .value = [](double x) { return portable_sigmoid(x); },
           .slope = [](double x) { return portable_sigmoid(x) * portable_sigmoid(-x); },
           .bounded = true}};
}

}  // namespace

const std::vector<Curve>& activation_curves() {
  static const std::vector<Curve> all = make_curves();
  return all;
}

double share_without_slope(const Curve& curve, double least) {
  constexpr int kCells = 20000;
  constexpr double kReach = 10;
  const Density standard = normal(0);
  double share = 0;
  for (int i = 0; i < kCells; ++i) {
    const double x = -kReach + 2 * kReach * (i + 0.5) / kCells;
    if (std::abs(curve.slope(x)) < least) share += standard.at(std::span(&x, 1)) * 2 * kReach / kCells;
  }
  return share;
}

}  // namespace ganymede::theory
