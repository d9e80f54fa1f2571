#pragma once

#include <cstdint>
#include <vector>

#include "engine/passes/geometry.hpp"

namespace ganymede::engine {

/// Pixels of an image that meet the same taps of a strided kernel: pixel (y, x) lies at position first + y * y_step +
/// x * x_step of the whole.
struct GridImage {
  int first = 0, y_step = 1, x_step = 1, height = 0, width = 0;
  int position(int y, int x) const { return first + y * y_step + x * x_step; }
};

/// Pixel (y, x) of a target reads pixel (y + tap.y, x + tap.x) of a source, zero outside, through the kernel's `tap`.
struct GridTap {
  int source, y, x, tap;
};
struct GridTarget : GridImage {
  std::vector<GridTap> taps;  ///< in the order in which by_small or by_big meets them
};

/// A convolution as sums over constant offsets: the larger image is cut into one part for each remainder of a position
/// by the stride (and is the source of convolutions, the target of transposed ones). All sources lie on grids of cells
/// [row][pitch] whose zeros serve as the margin of one row's end and of the next one's start.
struct GridTaps {
  std::vector<GridImage> sources;
  std::vector<GridTarget> targets;
  int pitch = 0, left = 0, top = 0, rows = 0;

  std::int64_t cells() const { return left + std::int64_t{1} * rows * pitch; }
  /// y >= -top, x >= -left.
  std::int64_t cell(int y, int x) const { return left + std::int64_t{1} * (top + y) * pitch + x; }
};

GridTaps make_grid_taps(const Geometry& geometry, bool transposed);

}  // namespace ganymede::engine
