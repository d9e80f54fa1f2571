#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace ganymede::kernels {

inline std::uint32_t bits_of(float value) {
  return std::bit_cast<std::uint32_t>(value);
}

/// The low and high bf16 of a pair as floats.
inline float low_of(std::uint32_t pair) {
  return std::bit_cast<float>(pair << 16);
}
inline float high_of(std::uint32_t pair) {
  return std::bit_cast<float>(pair & 0xFFFF0000U);
}

/// sum + a . b bit for bit as VDPBF16PS computes it, where denormals are flushed (FlushingDenormals): the high product
/// first, each by a fused multiply-add (Intel SDM; found so on Zen 4, where a multiplication followed by an addition
/// differs when the product alone is a denormal).
inline float dot_pair(float sum, std::uint32_t a, std::uint32_t b) {
  return std::fma(low_of(a), low_of(b), std::fma(high_of(a), high_of(b), sum));
}

}  // namespace ganymede::kernels
