#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "data/dataset.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::data {

// Points from a file: an NPY of shape [N, D], or a CSV with a point a line. D is 1 to kMostCoordinates; values are
// taken as they are, without scale or limits, and must be finite in f32. A file is one split, given for both.

inline constexpr std::int64_t kMostCoordinates = 16;
inline constexpr std::int64_t kMostPoints = 10'000'000;

/// Whether a file is a CSV by its name: .csv, in any case.
bool is_csv_name(const std::filesystem::path& path);
/// Whether an array holds points rather than pictures: two axes, of which the second is 1 to kMostCoordinates long.
bool holds_points(const Tensor& array);

/// Points of an array of numbers for which holds_points is true. @throws DataError naming `where`.
Dataset points_of_array(const Tensor& array, const std::string& where);

/// A CSV's: fields between commas, semicolons, tabs or spaces; empty lines and those that begin with '#' are left out;
/// so is a first line that holds no number (a head), unless it names a column label, class or target. Columns whose
/// name in the head begins with "condition" are no coordinates, but the points' conditions.
/// @throws DataError with path and line.
Dataset read_csv_points(const std::filesystem::path& path);
/// The same from text at hand.
Dataset parse_csv_points(std::string_view text, const std::string& where);

}  // namespace ganymede::data
