#pragma once

#include <span>
#include <string>
#include <vector>

#include "explore/class_map.hpp"

namespace ganymede::explore {

/// A plane through a latent space of any dimension: z = origin + a u + b v, all [Z].
struct Plane {
  std::vector<float> origin, u, v;
  std::string u_name{}, v_name{};  ///< of the axes, where they have any: "z1"
  std::string title{};             ///< "z3 = 0.52"; "" of the only plane there is

  friend bool operator==(const Plane&, const Plane&) = default;
};

/// The z [n, Z] of points (a, b) [n, 2].
std::vector<float> points_on(const Plane& plane, std::span<const float> points);

/// A source of two dimensions whose (a, b) are points of the plane: they are measured as z is, so that its map has the
/// axes of a map of the source itself. @throws ConfigError unless u, v and origin have the source's dimension.
MapSource on_plane(MapSource source, Plane plane);

}  // namespace ganymede::explore
