#pragma once

#include <algorithm>
#include <cstring>

#include "kernels/pair_product.hpp"

namespace ganymede::kernels {

// pair_product on tiles of 16 rows x 64 bytes, the same for the hardware and its emulation. A unit has eight tiles:
//   load<t>(from, stride in bytes), store<t>(to, stride), zero<t>(), dot<c, a, b>(): C += A B over 32 of k.
// Blocks of 2 x 2 tiles: C in tiles 0 .. 3, A in 4 and 5, B in 6 and 7.
template <class Tiles>
class TileProduct {
 public:
  explicit TileProduct(const PairProduct& p)
      : p_(p), a_stride_(p.a_row * 2), b_stride_(p.b_row * 2), c_stride_(p.c_row * 4) {}

  void run() {
    const int steps_a_term = p_.depth / kDepth;
    const std::int64_t steps = static_cast<std::int64_t>(p_.terms.size()) * steps_a_term;
    const bool once = p_.rows <= 2 * kTile && p_.rows % kTile == 0;  // B serves one block of rows: let it stream by
    const std::int64_t limit = once ? kSteps : kSegment;
    bool from_c = p_.accumulate;
    std::int64_t first = 0;
    do {
      const int count = static_cast<int>(std::min(limit, steps - first));
      for (int s = 0; s < count; ++s) {
        const std::int64_t term = (first + s) / std::max(steps_a_term, 1);
        const std::int64_t k = (first + s) % steps_a_term * kDepth;
        steps_[s] = {p_.terms[term].a + k, p_.terms[term].b + k / 2 * p_.b_row};
      }
      segment(count, from_c);
      from_c = true;
      first += count;
    } while (first < steps);
  }

 private:
  static constexpr int kTile = 16;
  static constexpr int kDepth = 32;
  // What of B (2 KB a step and 32 columns) stays in the first-level cache while all rows pass; sums wait in C. Ten
  // steps are five taps of 64 channels, a row of a kernel.
  static constexpr int kSegment = 10;
  static constexpr int kSteps = 256;

  struct Step {
    const Bf16* a;
    const Bf16* b;
  };

  void segment(int count, bool from_c) {
    const std::int64_t whole = p_.rows / kTile * kTile;
    const int left = static_cast<int>(p_.rows - whole);
    alignas(64) Bf16 edge_a[kSegment * kTile * kDepth];  // the last rows, padded to a tile a step
    Step edge[kSegment];
    for (int s = 0; left > 0 && s < count; ++s) {
      Bf16* tile = edge_a + s * kTile * kDepth;
      std::memset(tile, 0, kTile * kDepth * sizeof(Bf16));
      for (int r = 0; r < left; ++r)
        std::memcpy(tile + r * kDepth, steps_[s].a + (whole + r) * p_.a_row, kDepth * sizeof(Bf16));
      edge[s] = {tile, steps_[s].b};
    }
    for (int column = 0; column < p_.width; column += 2 * kTile) {
      const bool two = column + kTile < p_.width;
      std::int64_t row = 0;
      for (; row + 2 * kTile <= whole; row += 2 * kTile) {
        float* c = p_.c + row * p_.c_row + column;
        two ? block<true, true>(steps_, count, row, a_stride_, column, c, c_stride_, from_c)
            : block<true, false>(steps_, count, row, a_stride_, column, c, c_stride_, from_c);
      }
      if (row < whole) {
        float* c = p_.c + row * p_.c_row + column;
        two ? block<false, true>(steps_, count, row, a_stride_, column, c, c_stride_, from_c)
            : block<false, false>(steps_, count, row, a_stride_, column, c, c_stride_, from_c);
      }
      if (left > 0) last_rows(edge, count, whole, left, column, two, from_c);
    }
  }

  void last_rows(const Step* edge, int count, std::int64_t row, int rows, int column, bool two, bool from_c) {
    alignas(64) float sums[kTile * 2 * kTile] = {};
    const std::size_t bytes = (two ? 2 : 1) * kTile * sizeof(float);
    float* c = p_.c + row * p_.c_row + column;
    for (int r = 0; from_c && r < rows; ++r) std::memcpy(sums + r * 2 * kTile, c + r * p_.c_row, bytes);
    two ? block<false, true>(edge, count, 0, kDepth * 2, column, sums, 2 * kTile * 4, from_c)
        : block<false, false>(edge, count, 0, kDepth * 2, column, sums, 2 * kTile * 4, from_c);
    for (int r = 0; r < rows; ++r) std::memcpy(c + r * p_.c_row, sums + r * 2 * kTile, bytes);
  }

  template <bool kTwoRows, bool kTwoColumns>
  void block(const Step* steps, int count, std::int64_t row, std::int64_t a_stride, int column, float* c,
             std::int64_t c_stride, bool from_c) {
    float* below = c + kTile * c_stride / 4;
    if (from_c) {
      Tiles::template load<0>(c, c_stride);
      if constexpr (kTwoColumns) Tiles::template load<1>(c + kTile, c_stride);
      if constexpr (kTwoRows) Tiles::template load<2>(below, c_stride);
      if constexpr (kTwoRows && kTwoColumns) Tiles::template load<3>(below + kTile, c_stride);
    } else {
      Tiles::template zero<0>();
      if constexpr (kTwoColumns) Tiles::template zero<1>();
      if constexpr (kTwoRows) Tiles::template zero<2>();
      if constexpr (kTwoRows && kTwoColumns) Tiles::template zero<3>();
    }
    const std::int64_t offset = row * a_stride / 2;
    for (int s = 0; s < count; ++s) {
      const Bf16* a = steps[s].a + offset;
      const Bf16* b = steps[s].b + 2 * column;
      Tiles::template load<4>(a, a_stride);
      Tiles::template load<6>(b, b_stride_);
      Tiles::template dot<0, 4, 6>();
      if constexpr (kTwoColumns) {
        Tiles::template load<7>(b + 2 * kTile, b_stride_);
        Tiles::template dot<1, 4, 7>();
      }
      if constexpr (kTwoRows) {
        Tiles::template load<5>(a + kTile * a_stride / 2, a_stride);
        Tiles::template dot<2, 5, 6>();
        if constexpr (kTwoColumns) Tiles::template dot<3, 5, 7>();
      }
    }
    Tiles::template store<0>(c, c_stride);
    if constexpr (kTwoColumns) Tiles::template store<1>(c + kTile, c_stride);
    if constexpr (kTwoRows) Tiles::template store<2>(below, c_stride);
    if constexpr (kTwoRows && kTwoColumns) Tiles::template store<3>(below + kTile, c_stride);
  }

  const PairProduct& p_;
  std::int64_t a_stride_, b_stride_, c_stride_;
  Step steps_[kSteps];
};

}  // namespace ganymede::kernels
