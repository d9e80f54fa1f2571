#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::data {

// Images from NumPy: an NPZ with an array of images named `images`, `x`, `x_train` or `arr_0` (or the only array of
// three or four dimensions) and, if wanted, one of labels [N] named `labels`, `y`, `y_train`, `label` or `arr_1`; or an
// NPY with images alone. Images are [N, H, W] or [N, H, W, C]; [N, C, H, W] is understood where only the second
// dimension can be the channels. C is 1 or 3. u8 is taken as it is; i32 and i64 must lie in [0, 255]. Floats are taken
// by the range that an array `range` of two numbers names, as the files of `sample` do; else by their own: [0, 1],
// [-1, 1], or [0, 255] if the largest is above 16. Beyond its ends they may lie by what rounding takes away, half a
// level of 256. Anything else is refused, since it would be a guess: so is a lowest value that is negative, but by less
// than half of the largest, which may be [0, 1] that was enlarged with overshoot. Floats are rounded to 256 levels.

/// @throws DataError with path, array, wanted and found.
Dataset read_npz_dataset(const std::filesystem::path& path);

/// The values of floats that are black and white.
struct ValueRange {
  double low = 0, high = 1;
};

/// The rule for one array: u8 [N, C, H, W]; `where` stands in messages. `range`: of floats, where it is known.
Tensor images_from_array(const Tensor& array, const std::string& where, const std::optional<ValueRange>& range = {});

}  // namespace ganymede::data
