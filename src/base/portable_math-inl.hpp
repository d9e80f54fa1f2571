#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "base/portable_math.hpp"

// Formulas of portable_math.hpp for whoever computes many of them: without a branch or a call, so that a loop over them
// becomes vectors. Every operation is one of IEEE double, rounded for itself: the bits are those of one at a time.
namespace ganymede::portable {

inline constexpr double kLn2High = 0x1.62e42feep-1;       // ln 2 to 33 bits, so that k * kLn2High is exact
inline constexpr double kLn2Low = 0x1.a39ef35793c76p-33;  // the rest
inline constexpr double kSqrtHalf = 0.70710678118654752;

/// x / divisor of a finite x, which a unit that has fused multiply-add need not divide for: x times the rounded
/// reciprocal is off by less than a unit in the last place, and what one step of Newton makes of that is the rounded
/// quotient (Markstein 1990, theorem 8: of any divisor whose digits are not all ones).
template <bool fused, int divisor>
[[gnu::always_inline]] inline double over(double x) {
  if constexpr (!fused || (divisor & (divisor - 1)) == 0) {
    return x / divisor;
  } else {
    constexpr double kReciprocal = 1.0 / divisor;
    const double quotient = x * kReciprocal;
    return __builtin_fma(__builtin_fma(-quotient, divisor, x), kReciprocal, quotient);
  }
}

/// 1 + r/1 (1 + r/2 (... (1 + r/last ...))).
template <bool fused, int last, int i = 1>
[[gnu::always_inline]] inline double exp_series(double r) {
  if constexpr (i > last) {
    return 1;
  } else {
    return 1 + over<fused, i>(r * exp_series<fused, last, i + 1>(r));
  }
}

/// portable_exp of a number in [-700, 700].
template <bool fused>
[[gnu::always_inline]] inline double exp(double x) {
  constexpr double kInverseLn2 = 1.4426950408889634, kRounding = 0x1.8p52;  // adding it rounds to the nearest integer
  const double shifted = x * kInverseLn2 + kRounding, k = shifted - kRounding;
  const double r = (x - k * kLn2High) - k * kLn2Low;  // |r| <= ln 2 / 2
  const double sum = exp_series<fused, 13>(r);        // the first term left out is r^14/14! < 5e-18
  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(shifted) + 1023;  // its last bits are k + 1023
  return sum * std::bit_cast<double>(exponent << 52);
}

/// log((1 + s) / (1 - s)) = 2 (s + s^3/3 + s^5/5 ...) up to s^last.
template <int last>
inline double twice_atanh(double s) {
  const double s2 = s * s;
  double sum = 0;
#pragma GCC unroll 16
  for (int i = last; i >= 3; i -= 2) sum = (sum + 1.0 / i) * s2;
  return 2 * s + 2 * s * sum;
}

/// portable_log of a number.
inline double log(double x) {
  constexpr std::uint64_t kMantissa = 0x000FFFFFFFFFFFFF, kHalf = 0x3FE0000000000000, kTwoTo52 = 0x4330000000000000;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto half = std::bit_cast<double>((bits & kMantissa) | kHalf);  // x = half * 2^exponent, half in [1/2, 1)
  const double exponent = std::bit_cast<double>((bits >> 52) | kTwoTo52) - (0x1p52 + 1022);
  const bool low = half < kSqrtHalf;
  const double m = low ? half * 2 : half, e = low ? exponent - 1 : exponent;
  const double log_m = twice_atanh<21>((m - 1) / (m + 1));  // |s| <= 0.172
  return e * kLn2High + (log_m + e * kLn2Low);
}

/// portable_logistic.
template <bool fused>
[[gnu::always_inline]] inline Logistic logistic(double x) {
  const double far = -std::fabs(x);
  const double near = exp<fused>(far < -700 ? -700 : far);
  const double e = far < -700 ? 0 : near;
  const double tail = twice_atanh<33>(e / (2 + e));  // log(1 + e), and e / (2 + e) <= 1/3
  const double large = 1 / (1 + e), small = e / (1 + e);
  return {.softplus = (x > 0 ? x : 0) + tail,
          .softplus_of_minus = (x < 0 ? -x : 0) + tail,
          .sigmoid = x >= 0 ? large : small,
          .sigmoid_of_minus = x > 0 ? small : large};
}

/// 1 - x/(i (i - 1)) (1 - x/((i + 2) (i + 1)) ...) up to i = last.
template <bool fused, int last, int i>
[[gnu::always_inline]] inline double turn_series(double x) {
  if constexpr (i > last) {
    return 1;
  } else {
    return 1 - over<fused, i*(i - 1)>(turn_series<fused, last, i + 2>(x) * x);
  }
}

/// portable_sincos_turn.
template <bool fused>
[[gnu::always_inline]] inline void sincos_turn(double t, double& sine, double& cosine) {
  // At a tie either quarter serves; lround would keep this from becoming vectors.
  // NOLINTNEXTLINE(bugprone-incorrect-roundings)
  const auto quarter = static_cast<int>(t * 4 + 0.5);
  const double angle = (t - quarter / 4.0) * 6.283185307179586477;  // |angle| <= pi / 4
  const double a2 = angle * angle;
  const double s = turn_series<fused, 17, 3>(a2) * angle, c = turn_series<fused, 16, 2>(a2);
  const bool crossed = (quarter & 1) != 0;
  const double along = crossed ? c : s, across = crossed ? s : c;
  sine = (quarter & 2) != 0 ? -along : along;
  cosine = ((quarter + 1) & 2) != 0 ? -across : across;
}

}  // namespace ganymede::portable
