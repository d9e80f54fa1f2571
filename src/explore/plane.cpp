#include "explore/plane.hpp"

#include <utility>

#include "base/error.hpp"

namespace ganymede::explore {

std::vector<float> points_on(const Plane& plane, std::span<const float> points) {
  std::vector<float> z;
  z.reserve(points.size() / 2 * plane.origin.size());
  for (std::size_t p = 0; p + 1 < points.size(); p += 2) {
    for (std::size_t i = 0; i < plane.origin.size(); ++i)
      z.push_back(plane.origin[i] + points[p] * plane.u[i] + points[p + 1] * plane.v[i]);
  }
  return z;
}

MapSource on_plane(MapSource source, Plane plane) {
  const auto dim = static_cast<std::size_t>(source.prior.dim);
  if (plane.origin.size() != dim || plane.u.size() != dim || plane.v.size() != dim) {
    fail<ConfigError>("map: a plane through {} dimensions wants origin, u and v of so many numbers, found {}, {}, {}",
                      dim, plane.origin.size(), plane.u.size(), plane.v.size());
  }
  source.prior.dim = 2;
  source.prior.codes.clear();
  source.generate = [generate = std::move(source.generate), plane = std::move(plane)](
                        std::span<const float> points, std::span<const std::int32_t> classes) {
    return generate(points_on(plane, points), classes);
  };
  return source;
}

}  // namespace ganymede::explore
