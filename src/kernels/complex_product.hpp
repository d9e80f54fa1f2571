#pragma once

#include <cstdint>

#include "kernels/product.hpp"
#include "kernels/spectral.hpp"

namespace ganymede::kernels {

/// C[i][j] = sum over k of A[i][k] B[k][j], or of A[i][k] conj(B[k][j]), in complex bf16 with f32 sums: what
/// convolution by transform multiplies in mixed precision. Both parts are dot products of pairs, so that one layout of
/// A and B serves all three passes of a layer.
///   A[i][k] at a[i * a_row + k * a_k], B[k][j] at b[k * b_k + j]; columns: 16 or 32.
/// Two instructions of the dot-product unit (kernels/unit.hpp) a complex product; their bits are those of k in
/// ascending order, whatever the rows of the call. A sum over n numbers is off by at most (2^-8 + n 2^-23) sum |A| |B|,
/// rounding of the operands included.
struct ComplexProduct {
  const Pair* a = nullptr;
  std::int64_t a_row = 0;
  std::int64_t a_k = 1;
  const Pair* b = nullptr;
  std::int64_t b_k = 32;
  std::int64_t rows = 0;
  std::int64_t depth = 0;
  int columns = 32;
  bool conjugate = false;
  bool real = false;  ///< the imaginary parts of A and B are zero: those of C are then zero, at half the work

  /// The result, either rounded (to the nearest bf16, ties away from zero) at c[i * c_row + j], streamed past the
  /// caches;
  Pair* c = nullptr;
  std::int64_t c_row = 0;
  /// or in f32 at re, im[i * sum_row + j], added to what is there if `accumulate`.
  float* re = nullptr;
  float* im = nullptr;
  std::int64_t sum_row = 0;
  bool accumulate = false;

  Upcoming next = {};  ///< in floats, of four bytes as pairs are
};

/// Needs Unit::avx512bf16 or Unit::emulated_dot to be in use.
void complex_product(const ComplexProduct& p);

/// The two ways (kernels/unit.hpp chooses).
void complex_product_avx512bf16(const ComplexProduct& p);
void complex_product_emulated(const ComplexProduct& p);

}  // namespace ganymede::kernels
