#pragma once

#include <bit>
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

/// sum + a . b bit for bit as VDPBF16PS computes it: the high product first, each sum rounded to the nearest, ties to
/// even, denormals flushed on both sides (Intel SDM; products of two bf16 are exact in f32).
inline float dot_pair(float sum, std::uint32_t a, std::uint32_t b) {
  sum = flush_denormal(flush_denormal(sum) + flush_denormal(high_of(a) * high_of(b)));
  return flush_denormal(sum + flush_denormal(low_of(a) * low_of(b)));
}

}  // namespace ganymede::kernels
