#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "measure/features.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::evaluate {

/// Features that any program wrote: an NPY file of f4 or f8 [N, F], in C or Fortran order; further axes of extent 1
/// (pooled maps, [N, F, 1, 1]) are dropped. Kept as f32.
struct GivenFeatures {
  measure::FeatureMatrix rows;
  std::uint32_t crc32 = 0;  ///< of the rows as they are kept: the same numbers, whatever the file's type and order
};
/// @throws DataError with the path: no NPY file, damaged, of another type or shape, fewer than one row; a value that is
/// not finite or beyond 1e15, with its row and column.
GivenFeatures read_features(const std::filesystem::path& path);
/// The same of an array at hand; `where` names it in errors.
GivenFeatures features_in(const Tensor& array, const std::string& where);

/// Class probabilities [N, K] of such a file: as they are, or the softmax of logits. @throws as read_features;
/// DataError for a row of probabilities that is no distribution, with the row, and for one class alone.
measure::FeatureMatrix read_probabilities(const std::filesystem::path& path, bool logits);

}  // namespace ganymede::evaluate
