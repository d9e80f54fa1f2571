#pragma once

#include <bit>
#include <cstdint>

namespace ganymede::kernels {

/// bfloat16: the upper half of a float (8 bits of exponent, 8 of significand, the hidden one included).
using Bf16 = std::uint16_t;

/// Nearest bf16, ties to even: |result - x| <= 2^-8 |x| for normal numbers. Infinities and denormals are rounded as any
/// number is; NaN stays NaN (a quiet one).
constexpr Bf16 rounded(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return static_cast<Bf16>((bits >> 16) | 0x40U);
  return static_cast<Bf16>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

constexpr float widened(Bf16 x) {
  return std::bit_cast<float>(std::uint32_t{x} << 16);
}

// Rounding and packing of a float matrix from[r * from_row + c], r < rows, c < columns (any counts; fast are multiples
// of 32 columns and, in transpositions, of 32 rows and 4 columns). The same bits at every vector level.

/// to[r * to_row + c].
void round_rows(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                std::int64_t to_row);

/// Pairs over rows: to[(r / 2) * to_row + 2 * c + r % 2]; a last odd row is paired with zeros.
void round_pairs(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                 std::int64_t to_row);

/// to[c * to_row + r].
void round_transposed(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                      std::int64_t to_row);

/// Pairs over columns: to[(c / 2) * to_row + 2 * r + c % 2]; a last odd column is paired with zeros.
void round_transposed_pairs(const float* from, std::int64_t from_row, std::int64_t rows, std::int64_t columns, Bf16* to,
                            std::int64_t to_row);

}  // namespace ganymede::kernels
