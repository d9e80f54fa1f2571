#pragma once

#include <algorithm>

#include "engine/plan/memory.hpp"

namespace ganymede::engine {

/// Right-hand sides of products cut into panels of up to 64 columns, each panel's rows contiguous:
/// [panel][slice][depth][width]. A slice is one matrix [depth][columns], such as a kernel's tap. The last panel is as
/// wide as is left, rounded up to 16, zero beyond.
class Panels {
 public:
  Panels(int depth, int columns, int slices)
      : depth_(depth),
        columns_(columns),
        slices_(slices),
        data_(std::int64_t{1} * depth * ((columns + 15) / 16 * 16) * slices) {}

  int depth() const { return depth_; }
  int count() const { return (columns_ + 63) / 64; }
  int width(int panel) const { return std::min(64, (columns_ - panel * 64 + 15) / 16 * 16); }
  float* at(int panel, int slice) const {
    return data_.data() + std::int64_t{panel} * 64 * depth_ * slices_ + std::int64_t{slice} * depth_ * width(panel);
  }
  std::int64_t bytes() const { return data_.bytes(); }

  /// From a matrix [depth][columns], rows `stride` apart.
  void pack_rows(int slice, const float* matrix, std::int64_t stride) {
    for (int panel = 0; panel < count(); ++panel) {
      const int w = std::min(64, columns_ - panel * 64);
      float* to = at(panel, slice);
      for (int k = 0; k < depth_; ++k)
        std::copy_n(matrix + k * stride + panel * 64, w, to + std::int64_t{k} * width(panel));
    }
  }

  /// From the transpose [columns][depth], rows `stride` apart.
  void pack_columns(int slice, const float* matrix, std::int64_t stride) {
    constexpr int kBlock = 16;
    for (int panel = 0; panel < count(); ++panel) {
      const int w = std::min(64, columns_ - panel * 64);
      float* to = at(panel, slice);
      for (int k0 = 0; k0 < depth_; k0 += kBlock) {
        for (int j = 0; j < w; ++j) {
          const float* from = matrix + (std::int64_t{panel} * 64 + j) * stride;
          for (int k = k0; k < std::min(depth_, k0 + kBlock); ++k) to[std::int64_t{k} * width(panel) + j] = from[k];
        }
      }
    }
  }

 private:
  int depth_, columns_, slices_;
  Buffer data_;
};

}  // namespace ganymede::engine
