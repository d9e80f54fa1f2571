#pragma once

#include <cstdint>
#include <vector>

#include "measure/features.hpp"

namespace ganymede::measure {

/// Equal cells over a box, `bins` along each of its dimensions, and one more for all that lies outside: what a density
/// is counted over.
struct HistogramBox {
  std::vector<double> low, high;  ///< [F]
  int bins = 1;

  /// bins^F + 1.
  int cells() const;
  /// That of a point, in [0, cells()); the last one outside, and for values that are not finite.
  std::int32_t cell_of(std::span<const float> point) const;
};

/// The box of all points with `margin` times its extent beyond them on every side.
/// @throws as check; ConfigError unless 1 <= bins and at most 2^20 cells.
HistogramBox box_around(const Features& points, int bins, double margin = 0.1);

/// The cell of each point, [N]. @throws ShapeError if the dimensions differ.
std::vector<std::int32_t> cells_of(const Features& points, const HistogramBox& box);

}  // namespace ganymede::measure
