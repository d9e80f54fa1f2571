#include "engine/passes/geometry.hpp"

namespace ganymede::engine {

std::size_t Geometry::links() const {
  std::size_t count = 0;
  for (const auto& list : by_tap) count += list.size();
  return count;
}

Geometry make_geometry(int small_height, int small_width, int big_height, int big_width, net::Pair kernel,
                       net::Pair stride, const net::Padding& padding) {
  Geometry g;
  g.small_height = small_height;
  g.small_width = small_width;
  g.big_height = big_height;
  g.big_width = big_width;
  g.kernel = kernel;
  g.stride = stride;
  g.top = net::padding_before(padding.same, padding.top, big_height, kernel.h, stride.h);
  g.left = net::padding_before(padding.same, padding.left, big_width, kernel.w, stride.w);
  g.by_small.resize(static_cast<std::size_t>(small_height) * small_width);
  g.by_big.resize(static_cast<std::size_t>(big_height) * big_width);
  g.by_tap.resize(static_cast<std::size_t>(g.taps()));
  for (int y = 0; y < small_height; ++y) {
    for (int x = 0; x < small_width; ++x) {
      for (int a = 0; a < kernel.h; ++a) {
        for (int b = 0; b < kernel.w; ++b) {
          const int big_y = y * stride.h + a - g.top;
          const int big_x = x * stride.w + b - g.left;
          if (big_y < 0 || big_y >= big_height || big_x < 0 || big_x >= big_width) continue;
          const Geometry::Link link{y * small_width + x, big_y * big_width + big_x, a * kernel.w + b};
          g.by_small[link.small].push_back(link);
          g.by_big[link.big].push_back(link);
          g.by_tap[link.tap].push_back(link);
        }
      }
    }
  }
  return g;
}

}  // namespace ganymede::engine
