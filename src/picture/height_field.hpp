#pragma once

#include <string>
#include <vector>

#include "picture/image.hpp"
#include "picture/scatter.hpp"

namespace ganymede::picture {

/// A line through the space above a height field, with a ball at its end.
struct Track {
  std::vector<double> xyz;  ///< [n, 3]
  Colour colour;
  double width = 2;
  double ball = 5;  ///< radius, in pixels; 0: none
};

/// Heights over a rectangle, as a block with a landscape on it, seen from its corner of the least x and y, without
/// perspective. What lies above z.high is cut
/// flat.
struct HeightField {
  std::string title;
  int columns = 0, rows = 0;    ///< 2 or more each
  std::vector<double> heights;  ///< [rows, columns], row 0 at y.low, column 0 at x.low
  Range x, y, z;
  std::string x_label, y_label, z_label;
  std::vector<Track> tracks{};  ///< parts behind the landscape are drawn faint
  double turn = 0.12;           ///< about the vertical, in turns, above 0 and below 1/4
  double tilt = 0.1;            ///< of the look down, in turns: 0 from the side, 1/4 from above
  int width = 520, height = 440;
};

/// @throws ShapeError if parts do not fit.
Image draw(const HeightField& field);

}  // namespace ganymede::picture
