#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "explore/attributes/direction_file.hpp"
#include "explore/section.hpp"
#include "explore/seen.hpp"
#include "explore/walk.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

/// A plane and its class map.
struct Section {
  Plane plane;
  ClassMap map;
};

/// A z on the sections through it.
struct PointOnSections {
  std::string title;
  std::vector<float> z;                  ///< [Z]
  std::vector<Section> sections;         ///< as sections_through(z)
  picture::Image picture;                ///< at z
  Seen seen;                             ///< in it
  std::vector<AttributePlane> planes{};  ///< drawn as lines where they cut the sections
};
/// The sections side by side, each area with its class's name or number, the point on each of them; beside them the
/// picture and every class with its probability.
picture::Image draw_point_on_sections(const PointOnSections& point);

/// A walk in its plane and on the sections through its ends.
struct WalkOnSections {
  std::string title;
  Section plane;               ///< as plane_of_walk
  std::vector<float> a, b;     ///< the ends, [Z]
  std::vector<Section> at_a;   ///< as sections_through(a), or none
  std::vector<Section> at_b;   ///< likewise
  std::vector<float> line;     ///< [kWalkPoints, Z]
  std::vector<Crossed> areas;  ///< of the line's points
  std::string name_a, name_b;  ///< of the ends: "seed 41"
  picture::Image picture_a, picture_b;
};
/// Left the plane of the walk, in which it truly lies; right a row of sections through A and one through B, the walk's
/// shadow on them as dashes. Areas that it passes are in full colour, all others pale. Beside them the pictures of both
/// ends, and where classes change.
picture::Image draw_walk_on_sections(const WalkOnSections& walk);

}  // namespace ganymede::explore
