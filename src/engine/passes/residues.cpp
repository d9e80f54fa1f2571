#include "engine/passes/residues.hpp"

#include <algorithm>
#include <cstdlib>

#include "engine/passes/conv_pass.hpp"

namespace ganymede::engine {
namespace {

// Taps of one axis that meet phase p of the larger image: position 2 u + p or u.
int axis_taps(int kernel, int stride, int before, int phase, int* tap, int* shift) {
  int count = 0;
  for (int a = 0; a < kernel; ++a) {
    const int offset = a - before - phase;
    if (offset % stride != 0) continue;
    tap[count] = a;
    shift[count++] = offset / stride;
  }
  return count;
}

}  // namespace

std::vector<Residue> make_residues(const Geometry& g) {
  std::vector<Residue> phases;
  for (int y = 0; y < g.stride.h; ++y) {
    for (int x = 0; x < g.stride.w; ++x) {
      Residue p;
      p.taps.kernel_width = g.kernel.w;
      p.taps.rows = axis_taps(g.kernel.h, g.stride.h, g.top, y, p.taps.row_tap, p.taps.row_shift);
      p.taps.columns = axis_taps(g.kernel.w, g.stride.w, g.left, x, p.taps.column_tap, p.taps.column_shift);
      p.first = y * g.big_width + x;
      p.y_step = g.stride.h * g.big_width;
      p.x_step = g.stride.w;
      p.height = (g.big_height - y + g.stride.h - 1) / g.stride.h;
      p.width = (g.big_width - x + g.stride.w - 1) / g.stride.w;
      phases.push_back(p);
    }
  }
  return phases;
}

int spectral_length(const Geometry& g) {
  if (g.stride.h != g.stride.w || g.stride.h > 2 || g.kernel.h > 5 || g.kernel.w > 5) return 0;
  if (g.small_height > kernels::kSpectralImage || g.small_width > kernels::kSpectralImage) return 0;
  int largest = 0;
  for (const Residue& p : make_residues(g)) {
    if (p.height > kernels::kSpectralImage || p.width > kernels::kSpectralImage) return 0;
    for (int i = 0; i < p.taps.rows; ++i) largest = std::max(largest, std::abs(p.taps.row_shift[i]));
    for (int i = 0; i < p.taps.columns; ++i) largest = std::max(largest, std::abs(p.taps.column_shift[i]));
  }
  return largest <= 1 ? 8 : largest == 2 ? 9 : 0;
}

}  // namespace ganymede::engine
