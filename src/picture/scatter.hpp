#pragma once

#include <string>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::picture {

/// From `low` to `high`, low < high.
struct Range {
  double low = 0, high = 1;
};

/// Points of a plane, drawn as dots of one colour.
struct Cloud {
  std::string name;
  std::vector<float> xy;  ///< [N, 2]
  Colour colour;
  double radius = 1.5;  ///< in pixels
};

/// Lines through a plane, all of one colour: each from point to point, those outside the ranges cut off.
struct Threads {
  std::string name;
  std::vector<std::vector<float>> lines;  ///< [n, 2] each; a value that is not finite breaks a line
  Colour colour;
  double width = 1;
};

/// Arrows that begin at points of a plane.
struct Arrows {
  std::string name;
  std::vector<float> xy;     ///< [N, 2]
  std::vector<float> along;  ///< [N, 2], in the plane's units times `scale`
  double scale = 1;
  Colour colour;
};

/// A share of every place of a plane as a colour: at the middles of columns x rows cells that fill it, rows from the
/// top. Values in between are interpolated.
struct Surface {
  int columns = 0, rows = 0;  ///< 0: none
  std::vector<float> values;  ///< [rows, columns] in [0, 1]
  std::string low_name, high_name;
  Colour low, high;        ///< of 0 and 1; a half is white
  bool has_middle = true;  ///< false: a half means nothing; from yellow at 0 to dark at 1, as a HeightField
};

/// Lines, clouds and arrows over a surface, in this order. One unit is as long upwards as to the right where both
/// ranges are.
struct ScatterPlot {
  std::string title;
  Range x, y;
  Surface surface{};
  std::vector<Threads> threads{};
  std::vector<Cloud> clouds;     ///< the first lies lowest; points outside the ranges are left out and counted
  std::vector<Arrows> arrows{};  ///< those that begin outside are left out
  int side = 440;                ///< pixels of the plane
};

/// Densities of one dimension over equal bins of a range, and a share as a curve over them.
struct DensityPlot {
  struct Density {
    std::string name;
    std::vector<double> values;  ///< one a bin, 0 or more
    Colour colour;
    bool filled = false;  ///< an area rather than a line
  };
  std::string title, x_label;
  Range x;
  std::vector<Density> densities;
  std::string curve_name;
  std::vector<float> curve;  ///< in [0, 1], at equal distances from end to end; none: no curve, nor an axis for it
  Colour curve_colour;
  int width = 640, height = 400;
};

/// @throws ShapeError if parts do not fit.
Image draw(const ScatterPlot& plot);
Image draw(const DensityPlot& plot);

}  // namespace ganymede::picture
