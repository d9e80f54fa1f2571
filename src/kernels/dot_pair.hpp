#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace ganymede::kernels {

inline std::uint32_t bits_of(float value) {
  return std::bit_cast<std::uint32_t>(value);
}

/// Denormals count as zeros of their sign.
inline float flush_denormal(float value) {
  const std::uint32_t bits = bits_of(value);
  return (bits & 0x7F800000U) == 0 ? std::bit_cast<float>(bits & 0x80000000U) : value;
}

/// The low and high bf16 of a pair as floats.
inline float low_of(std::uint32_t pair) {
  return flush_denormal(std::bit_cast<float>(pair << 16));
}
inline float high_of(std::uint32_t pair) {
  return flush_denormal(std::bit_cast<float>(pair & 0xFFFF0000U));
}

/// sum + a . b bit for bit as VDPBF16PS computes it: the high product first, each by a fused multiply-add to the
/// nearest, ties to even, denormals flushed on both sides (Intel SDM; found so on Zen 4, where a multiplication
/// followed by an addition differs when the product alone is a denormal).
inline float dot_pair(float sum, std::uint32_t a, std::uint32_t b) {
  sum = flush_denormal(std::fma(high_of(a), high_of(b), flush_denormal(sum)));
  return flush_denormal(std::fma(low_of(a), low_of(b), sum));
}

}  // namespace ganymede::kernels
