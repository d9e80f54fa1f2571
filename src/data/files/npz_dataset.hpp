#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::data {

// Images from NumPy: an NPZ with an array of images named `images`, `x` or `arr_0` and, if wanted, one of labels [N]
// named `labels`, `y`, `label` or `arr_1`; or with both splits, `x_train`, `y_train`, `x_test`, `y_test` as Keras has
// them, or `train_images`, `train_labels`, `test_images`, `test_labels` (likewise `train_x`, `images_train`,
// `training`, `testing`); where there is no test split, `val`, `valid` or `validation` is it, and where there is none
// at all both splits are the same. Case does not matter. The only array of three or four dimensions is the images under
// any name. `conditions`, [N, K] or [N] (train_conditions, test_conditions ...), are a vector a sample
// (condition_file.hpp); a file without pictures may hold `points` [N, D] instead. Other arrays, of whatever type, are
// left alone. Labels are whole numbers of any type; the classes are those that the training split has examples of, in
// the order of their numbers, which are their names. Or an NPY with images, or points (points/point_file.hpp), alone.
// Images are [N, H, W] or [N, H, W, C]; [N, C, H, W] is understood where only the second dimension can be the channels.
// C is 1 or 3. u8 is taken as it is; i32 and i64 must
// lie in [0, 255]. Floats are taken by the range that an array `range` of two numbers names, as the files of `sample`
// do; else by their own: [0, 1], [-1, 1], or [0, 255] if the largest is above 16. Beyond its ends they may lie by what
// rounding takes away, half a
// level of 256. Anything else is refused, since it would be a guess: so is a lowest value that is negative, but by less
// than half of the largest, which may be [0, 1] that was enlarged with overshoot. Floats are rounded to 256 levels.

/// Whether a file is NumPy's by its name: .npz or .npy, in any case.
bool is_numpy_name(const std::filesystem::path& path);

/// @throws DataError with path, array, wanted and found.
Dataset read_npz_dataset(const std::filesystem::path& path, Split split = Split::train);

/// The values of floats that are black and white.
struct ValueRange {
  double low = 0, high = 1;
};

/// The rule for one array: u8 [N, C, H, W]; `where` stands in messages. `range`: of floats, where it is known.
Tensor images_from_array(const Tensor& array, const std::string& where, const std::optional<ValueRange>& range = {});

}  // namespace ganymede::data
