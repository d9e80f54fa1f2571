#include "explore/half.hpp"

#include <bit>
#include <cmath>

namespace ganymede::explore {

std::uint16_t half_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16U & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) return sign | 0x7E00U;   // NaN
  if (magnitude >= 0x477FF000U) return sign | 0x7C00U;  // from 65,520 on: infinity
  if (magnitude < 0x38800000U) {                        // below 2^-14: whole multiples of 2^-24
    const float steps = std::nearbyint(std::bit_cast<float>(magnitude) * 16777216.0F);
    return sign | static_cast<std::uint16_t>(steps);
  }
  const std::uint32_t odd = magnitude >> 13U & 1U;
  return sign | static_cast<std::uint16_t>((magnitude + 0xFFFU + odd - 0x38000000U) >> 13U);
}

float float_of(std::uint16_t half) {
  const bool negative = (half & 0x8000U) != 0;
  const int exponent = half >> 10U & 0x1FU;
  const auto fraction = static_cast<float>(half & 0x3FFU);
  float value = std::ldexp(fraction, -24);
  if (exponent == 31) value = fraction == 0 ? INFINITY : NAN;
  if (exponent > 0 && exponent < 31) value = std::ldexp(fraction + 1024, exponent - 25);
  return negative ? -value : value;
}

bool half_keeps(std::span<const float> values) {
  constexpr double kKept = 1.0 / 2048;
  double error = 0, sum = 0;
  for (const float value : values) {
    const double off = static_cast<double>(float_of(half_of(value))) - value;
    error += off * off;
    sum += static_cast<double>(value) * value;
  }
  return error <= kKept * kKept * sum;
}

}  // namespace ganymede::explore
