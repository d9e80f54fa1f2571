#pragma once

#include <cstdint>
#include <span>

#include "kernels/bf16.hpp"

namespace ganymede::kernels {

/// One product of a sum of products.
struct PairTerm {
  const Bf16* a = nullptr;
  const Bf16* b = nullptr;
};

/// C[i][j] (+)= sum over terms t, over k < depth, of A_t[i][k] B_t[k][j]: bf16 operands, f32 sums. Needs a unit other
/// than none (kernels/unit.hpp).
///   A[i][k] at a[i * a_row + k];  B[k][j] at b[(k / 2) * b_row + 2 * j + k % 2] (bf16.hpp's round_pairs and
///   round_transposed_pairs write it);  C[i][j] at c[i * c_row + j].
/// Each C[i][j] is one running sum from zero, or from C where `accumulate`, in an order that depends on the unit alone:
/// terms in the order given, k ascending; so it does not matter for the bits how rows, columns or (with `accumulate`)
/// terms are cut into calls. Units dot: for each pair of k in turn, sum = (sum + second product) + first product, each
/// by FMA. Units tiles: for each 32 of k, even and odd k are summed apart from zero by FMA, then added to each other,
/// then to the sum. Denormals count as zero, in operands and results, whatever the thread's mode.
/// |error| <= n 2^-23 sum |A| |B| over n = terms * depth, against exact sums of the same bf16 numbers.
struct PairProduct {
  std::span<const PairTerm> terms;
  std::int64_t a_row = 0;  ///< even
  std::int64_t b_row = 0;  ///< even, at least 2 * width
  float* c = nullptr;
  std::int64_t c_row = 0;
  std::int64_t rows = 0;
  int depth = 0;   ///< a multiple of 32: pad A's or B's with zeros (and the other with finite numbers)
  int width = 64;  ///< a multiple of 16, at most 64
  bool accumulate = false;
};
void pair_product(const PairProduct& p);

}  // namespace ganymede::kernels
