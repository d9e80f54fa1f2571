#pragma once

#include <span>
#include <string>

#include "data/dataset.hpp"

namespace ganymede::playground {

inline constexpr std::int64_t kLeastDrawn = 16, kMostDrawn = 8192;  ///< points
inline constexpr double kFarthestDrawn = 1000;
/// What a recipe calls points that were drawn by hand: the file that lies beside it.
inline constexpr const char* kDrawnFile = "drawn-points.csv";

/// Points [N, dim] that a hand has drawn as data. @throws DataError unless dim is 1 or 2, N within kLeastDrawn and
/// kMostDrawn, all numbers finite and within kFarthestDrawn, and not all points are one.
data::Dataset drawn_points(std::span<const float> points, int dim);

/// A CSV with a point a line, that reads back to the same bits: with it `ganymede train` has the same data.
std::string csv_of(const data::Dataset& points);

}  // namespace ganymede::playground
