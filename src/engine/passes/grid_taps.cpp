#include "engine/passes/grid_taps.hpp"

#include <algorithm>

namespace ganymede::engine {
namespace {

struct AxisTap {
  int tap, shift;
};

// Taps of one axis that meet the positions stride * u + phase of the larger image, which then belong to u - shift of
// the smaller.
std::vector<AxisTap> axis_taps(int kernel, int stride, int before, int phase) {
  std::vector<AxisTap> taps;
  for (int a = 0; a < kernel; ++a) {
    const int offset = a - before - phase;
    if (offset % stride == 0) taps.push_back({a, offset / stride});
  }
  return taps;
}

}  // namespace

GridTaps make_grid_taps(const Geometry& g, bool transposed) {
  GridTaps result;
  const GridImage small{0, g.small_width, 1, g.small_height, g.small_width};
  if (transposed) {
    result.sources.push_back(small);
  } else {
    result.targets.push_back({small, {}});
  }
  for (int y = 0; y < g.stride.h; ++y) {
    for (int x = 0; x < g.stride.w; ++x) {
      const GridImage part{y * g.big_width + x, g.stride.h * g.big_width, g.stride.w,
                           (g.big_height - y + g.stride.h - 1) / g.stride.h,
                           (g.big_width - x + g.stride.w - 1) / g.stride.w};
      const int number = static_cast<int>(result.sources.size());
      transposed ? result.targets.push_back({part, {}}) : result.sources.push_back(part);
      for (const AxisTap& a : axis_taps(g.kernel.h, g.stride.h, g.top, y)) {
        for (const AxisTap& b : axis_taps(g.kernel.w, g.stride.w, g.left, x)) {
          const int tap = a.tap * g.kernel.w + b.tap;
          const GridTap met = transposed ? GridTap{0, -a.shift, -b.shift, tap} : GridTap{number, a.shift, b.shift, tap};
          result.targets.back().taps.push_back(met);
        }
      }
    }
  }
  int source_height = 0;
  int source_width = 0;
  for (const GridImage& source : result.sources) {
    source_height = std::max(source_height, source.height);
    source_width = std::max(source_width, source.width);
  }
  int last_row = source_height;
  int last_column = source_width;
  for (GridTarget& target : result.targets) {
    std::sort(target.taps.begin(), target.taps.end(),
              [&](const GridTap& a, const GridTap& b) { return transposed ? a.tap > b.tap : a.tap < b.tap; });
    for (const GridTap& tap : target.taps) {
      result.top = std::max(result.top, -tap.y);
      result.left = std::max(result.left, -tap.x);
      last_row = std::max(last_row, target.height + tap.y);
      last_column = std::max(last_column, target.width + tap.x);
    }
  }
  result.rows = result.top + last_row;
  result.pitch = std::max(source_width + result.left, last_column);
  return result;
}

}  // namespace ganymede::engine
