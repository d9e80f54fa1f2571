#include "base/portable_math.hpp"

#include <cmath>

#include "base/portable_math-inl.hpp"

namespace ganymede {
namespace {

constexpr double kInverseLn2 = 1.4426950408889634;

}  // namespace

double portable_exp(double x) {
  if (std::isnan(x)) return x;
  if (x < -700) return 0;
  if (x > 700) x = 700;
  const double k = std::nearbyint(x * kInverseLn2);
  const double r = (x - k * portable::kLn2High) - k * portable::kLn2Low;  // |r| <= ln 2 / 2
  double sum = 1;
  for (int i = 13; i >= 1; --i) sum = 1 + r * sum / i;  // Taylor: the first term left out is r^14/14! < 5e-18
  return std::ldexp(sum, static_cast<int>(k));
}

double portable_log(double x) {
  return std::isnan(x) ? x : portable::log(x);
}

Logistic portable_logistic(double x) {
  const double e = portable_exp(-std::fabs(x));
  const double tail = portable::twice_atanh<33>(e / (2 + e));  // log(1 + e), and e / (2 + e) <= 1/3
  const double large = 1 / (1 + e), small = e / (1 + e);
  return {.softplus = (x > 0 ? x : 0) + tail,
          .softplus_of_minus = (x < 0 ? -x : 0) + tail,
          .sigmoid = x >= 0 ? large : small,
          .sigmoid_of_minus = x > 0 ? small : large};
}

double portable_softplus(double x) {
  return portable_logistic(x).softplus;
}

double portable_sigmoid(double x) {
  return portable_logistic(x).sigmoid;
}

void portable_sincos_turn(double t, double& sine, double& cosine) {
  portable::sincos_turn(t, sine, cosine);
}

}  // namespace ganymede
