#pragma once

#include <vector>

#include "net/network.hpp"

namespace ganymede::engine {

/// Which positions of a larger and a smaller image meet in which tap of a kernel. Convolution reads the larger image
/// and writes the smaller one; transposed convolution the other way round; the weight gradient joins both.
struct Geometry {
  struct Link {
    int small, big, tap;
  };
  int small_height = 1, small_width = 1, big_height = 1, big_width = 1;
  net::Pair kernel, stride;
  int top = 0, left = 0;
  std::vector<std::vector<Link>> by_small, by_big, by_tap;

  int taps() const { return kernel.h * kernel.w; }
  std::size_t links() const;
};

/// Big row = small row * stride + tap row - top, where that lies within the big image.
Geometry make_geometry(int small_height, int small_width, int big_height, int big_width, net::Pair kernel,
                       net::Pair stride, const net::Padding& padding);

}  // namespace ganymede::engine
