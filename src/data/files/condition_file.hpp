#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::data {

// Conditions, a vector of K numbers a sample (S-THEORY T3), from files: an array [N, K] beside the images or points of
// an NPZ, or a table beside the pictures of a folder. Values are taken as they are, without scale or limits, and must
// be finite in f32.

inline constexpr std::int64_t kMostConditions = 1024;
/// The table's name, in the folder that was asked for.
inline constexpr const char* kConditionFile = "conditions.csv";

/// A table of conditions: a head, `file` and the names of the numbers; then a line a picture, its path within the
/// folder and its numbers. Fields between commas, semicolons or tabs (whichever the head has), in double quotes where
/// one holds the separator; empty lines and those that begin with '#' are left out.
struct ConditionTable {
  std::vector<std::string> names;                  ///< [K]
  std::map<std::string, std::vector<float>> rows;  ///< by path
  std::string where;                               ///< the table's path, for messages

  /// @throws DataError naming the picture, if it has no row.
  const std::vector<float>& row_of(const std::filesystem::path& picture) const;
  /// A sentence on the rows whose picture is not in the folder, with the first by name; empty if there is none.
  std::string rows_of_nothing(const std::filesystem::path& folder) const;
};

/// @throws DataError with path and line.
ConditionTable parse_conditions(std::string_view text, const std::string& where);
/// conditions.csv of a folder, if it is there. @throws DataError as parse_conditions.
std::optional<ConditionTable> find_conditions(const std::filesystem::path& folder);

/// Puts the conditions of an array [N, K] or [N] of numbers into the set. @throws DataError naming `where`: another
/// shape, another number of samples, a value that is not finite.
void add_conditions(Dataset& dataset, const Tensor& array, const std::string& where);

}  // namespace ganymede::data
