#pragma once

#include <optional>
#include <string>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::picture {

/// A curve: y[i] over x[i]. Points that are not finite (or not positive on a log axis) are left out and break the line;
/// a lone point shows as a dot.
struct Series {
  std::string name;
  std::vector<double> x, y;
  std::optional<Colour> colour;  ///< series_colour(i) if empty
};

struct LinePlot {
  std::string title, x_label, y_label;
  bool log_x = false, log_y = false;
  std::vector<Series> series;
  int width = 900, height = 540;
};

/// Bars from zero, one a label; values that are not finite show as a gap.
struct BarChart {
  std::string title, x_label, y_label;
  std::vector<std::string> labels;
  std::vector<double> values;
  bool class_colours = false;  ///< bar i in class_colour(i) instead of one colour for all
  int width = 900, height = 540;
};

/// @throws ShapeError if the lengths of x and y (labels and values) differ, or the picture is smaller than 200 x 150.
Image draw(const LinePlot& plot);
Image draw(const BarChart& chart);

/// The same drawing as SVG text.
std::string to_svg(const LinePlot& plot);
std::string to_svg(const BarChart& chart);

/// Counts of `values` in `bins` equal bins over [low, high], as a chart whose labels are the bins' lower edges; values
/// outside are not counted.
BarChart histogram(const std::vector<double>& values, double low, double high, int bins);

}  // namespace ganymede::picture
