#include "base/portable_math.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace ganymede {
namespace {

constexpr double kLn2High = 0x1.62e42feep-1;       // ln 2 to 33 bits, so that k * kLn2High is exact
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;  // the rest
constexpr double kInverseLn2 = 1.4426950408889634;
constexpr double kSqrtHalf = 0.70710678118654752;

// log((1 + s) / (1 - s)) = 2 (s + s^3/3 + s^5/5 ...) up to s^last.
double twice_atanh(double s, int last) {
  const double s2 = s * s;
  double sum = 0;
  for (int i = last; i >= 3; i -= 2) sum = (sum + 1.0 / i) * s2;
  return 2 * s + 2 * s * sum;
}

}  // namespace

double portable_exp(double x) {
  if (std::isnan(x)) return x;
  if (x < -700) return 0;
  if (x > 700) x = 700;
  const double k = std::nearbyint(x * kInverseLn2);
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| <= ln 2 / 2
  double sum = 1;
  for (int i = 13; i >= 1; --i) sum = 1 + r * sum / i;  // Taylor: the first term left out is r^14/14! < 5e-18
  return std::ldexp(sum, static_cast<int>(k));
}

double portable_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // in [1/2, 1)
  if (m < kSqrtHalf) {
    m *= 2;
    --exponent;
  }
  const double log_m = twice_atanh((m - 1) / (m + 1), 21);  // |s| <= 0.172
  return exponent * kLn2High + (log_m + exponent * kLn2Low);
}

double portable_softplus(double x) {
  const double e = portable_exp(-std::fabs(x));
  return (x > 0 ? x : 0) + twice_atanh(e / (2 + e), 33);  // log(1 + e), and e / (2 + e) <= 1/3
}

double portable_sigmoid(double x) {
  const double e = portable_exp(-std::fabs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

void portable_sincos_turn(double t, double& sine, double& cosine) {
  const double quarter = std::floor(t * 4 + 0.5);
  const double angle = (t - quarter / 4) * 6.283185307179586477;  // |angle| <= pi / 4
  const double a2 = angle * angle;
  double s = 1, c = 1;
  for (int i = 17; i >= 3; i -= 2) s = 1 - s * a2 / (i * (i - 1));
  for (int i = 16; i >= 2; i -= 2) c = 1 - c * a2 / (i * (i - 1));
  s *= angle;
  switch (static_cast<int>(quarter) & 3) {
    case 0:
      sine = s, cosine = c;
      break;
    case 1:
      sine = c, cosine = -s;
      break;
    case 2:
      sine = -s, cosine = -c;
      break;
    default:
      sine = -c, cosine = s;
      break;
  }
}

}  // namespace ganymede
