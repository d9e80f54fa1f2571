#pragma once

#include <span>
#include <string>

#include "explore/class_map.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

/// Colour of class k of a map: picture::class_colour for the first ten, further ones by the golden angle.
picture::Colour map_colour(int k);

/// What the axes of a plane are called.
struct AxisNames {
  std::string right = "z1", up = "z2";
};

/// The map with its legend: each class in its colour with the share of the area (of a conditional map: the share of the
/// wanted class, too). A plane is drawn large, its first axis to the right, the second upwards (`names`), the name of a
/// class in the middle of its largest spot. A cube is drawn as 16 slices (or as many as it has) along each of the three
/// axes, a row an axis, with the coordinate under each slice; within a slice the first of the other two axes runs
/// right, the second upwards. `path`: points [N, 2] of a line drawn over a plane, a dot at both ends; nothing over
/// cubes.
picture::Image draw_class_map(const ClassMap& map, const std::string& title = "", std::span<const float> path = {},
                              const AxisNames& names = {});

/// The point within a class's area that is farthest from any other class, for its name: row and column of a plane
/// [side, side] and that distance in points (0 where the class has none). Distance: the larger of rows and columns.
struct Spot {
  int i = 0, j = 0;
  int distance = 0;
};
Spot middle_of(std::span<const std::int32_t> labels, int side, std::int32_t k);

/// Which `count` of `side` planes are drawn: the middles of equal parts, (2 n + 1) side / (2 count) rounded down.
std::vector<int> slices_of(int side, int count = 16);

}  // namespace ganymede::explore
