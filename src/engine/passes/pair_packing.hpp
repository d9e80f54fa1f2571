#pragma once

#include <algorithm>

#include "engine/plan/memory.hpp"
#include "kernels/bf16.hpp"

namespace ganymede::engine {

constexpr int kPairPanel = 64;

/// Operands of pair products are padded to whole 32s of depth.
constexpr std::int64_t padded_depth(std::int64_t count) {
  return (count + 31) / 32 * 32;
}

/// Zeroed bf16 numbers.
class PairBuffer {
 public:
  PairBuffer() = default;
  explicit PairBuffer(std::int64_t count) : data_((count + 1) / 2) {}
  kernels::Bf16* data() const { return reinterpret_cast<kernels::Bf16*>(data_.data()); }
  std::int64_t size() const { return 2 * data_.size(); }
  std::int64_t bytes() const { return data_.bytes(); }

 private:
  Buffer data_;
};

/// Right-hand sides of pair products in panels of up to 64 columns: [panel][slice][depth / 2][column][2]. A slice is
/// one matrix [depth][columns], such as a kernel's tap.
class PairPanels {
 public:
  PairPanels(int depth, int columns, int slices)
      : rows_(depth),
        stored_((depth + 15) / 16 * 16),
        given_(columns),
        columns_((columns + 15) / 16 * 16),
        slices_(slices),
        data_(std::int64_t{stored_} * columns_ * slices + 16 * kPairPanel) {}

  /// PairProduct::depth.
  int depth() const { return static_cast<int>(padded_depth(rows_)); }
  int count() const { return (columns_ + kPairPanel - 1) / kPairPanel; }
  int width(int panel) const { return std::min(kPairPanel, columns_ - panel * kPairPanel); }
  /// PairProduct::b_row.
  std::int64_t row(int panel) const { return 2 * std::int64_t{1} * width(panel); }
  kernels::Bf16* at(int panel, int slice) const {
    return data_.data() +
           stored_ * (std::int64_t{kPairPanel} * panel * slices_ + std::int64_t{1} * slice * width(panel));
  }
  std::int64_t bytes() const { return data_.bytes(); }

  /// From a matrix [depth][columns to 16], rows `stride` apart.
  void pack_rows(int slice, const float* matrix, std::int64_t stride) {
    for (int panel = 0; panel < count(); ++panel) {
      kernels::round_pairs(matrix + panel * kPairPanel, stride, rows_, width(panel), at(panel, slice), row(panel));
    }
  }

  /// From the transpose [columns][depth], rows `stride` apart.
  void pack_columns(int slice, const float* matrix, std::int64_t stride) {
    for (int panel = 0; panel < count(); ++panel) {
      kernels::round_transposed_pairs(matrix + std::int64_t{kPairPanel} * panel * stride, stride,
                                      std::min(width(panel), given_ - panel * kPairPanel), rows_, at(panel, slice),
                                      row(panel));
    }
  }

 private:
  int rows_, stored_, given_, columns_, slices_;
  PairBuffer data_;
};

}  // namespace ganymede::engine
