#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/catalogue.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::evaluate {

/// Pictures that others made.
struct PictureSet {
  Tensor pictures;                   ///< u8 [N, C, H, W]
  std::vector<std::string> skipped;  ///< "path: why": files of a folder that are broken or of another size
  std::vector<std::string> notes{};  ///< sentences that the user should read: what else was left out or guessed
  std::int64_t count() const { return pictures.shape()[0]; }
};

// `shape` is [C, H, W], what the judge of the pictures takes. Nothing is resized, since that changes every score; grey
// pictures become colour (three equal channels) and colour ones grey (picture::grey_of) as C says.

/// The PNG and JPEG files that data::find_pictures finds in a folder and below, by ascending path: the test split where
/// there are splits, as of every other source.
/// @throws DataError if there is no such folder, or no picture of that size in it (naming the first fault).
PictureSet read_pictures(const std::filesystem::path& folder, const Shape& shape);

/// Whether data::open_dataset knows `source` by name: built-in sets, MNIST, folders in the search places.
bool is_data_set(const std::string& source, const std::vector<data::SearchPlace>& places);

/// A folder of pictures as above, or the test split of whatever data::open_dataset takes: an NPZ or NPY file, an IDX
/// file, a folder of IDX files, a set's name.
/// @throws DataError if there is nothing of that name, it holds pictures of another size or no pictures but ink; as
/// data::open_dataset.
PictureSet read_picture_set(const std::string& source, const Shape& shape,
                            const std::vector<data::SearchPlace>& places);

/// Pixels a side of such pictures where they are square, by the first that can be read; 0 where they are not, and for
/// sets by name, which have no size of their own but what a run gives them.
int side_of_pictures(const std::string& source, const std::vector<data::SearchPlace>& places);

/// u8 [N, C, H, W] with 1 or 3 channels as `shape` wants them. @throws DataError beginning with `where` for another
/// type (f32: ink) or size.
Tensor fitted_to(Tensor pictures, const Shape& shape, const std::string& where);

}  // namespace ganymede::evaluate
