#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"

namespace ganymede::data {

enum class ImageColour {
  automatic,  ///< grey if no picture of the whole set, either split, has any colour
  grey,       ///< luma by Rec. 601 (picture::grey_of)
  rgb
};
/// "auto", "grey" or "rgb"; @throws ConfigError otherwise.
ImageColour image_colour_from(const std::string& name);

struct ImageFolderOptions {
  int side = 0;  ///< every picture becomes side x side, 4 .. 1024; 0: as it is, where all are squares of one size
  ImageColour colour = ImageColour::automatic;
  std::int64_t limit = 0;  ///< > 0: no more than so many pictures are read
  int threads = 0;         ///< 0: physical cores; changes no bit
};

// Photographs and other pictures in a folder, PNG and JPEG, found in all subfolders (picture_files.hpp). Each is cut to
// the square in its middle and reduced (or enlarged) to side x side by areas (picture/resize.hpp). Where all lie in two
// or more subfolders, these are the classes, numbers in their order (0, 1, 2, 10) and then names; otherwise there are
// none. The test split's classes are the training split's. Order: shuffled by the names' order and a fixed seed, so
// that the first so many are a fair sample. A table conditions.csv in the folder that was asked for gives each picture
// its condition (condition_file.hpp).

/// u8 [N, C, side, side]. Files that cannot be read are left out and named in provenance.skipped; formats that are not
/// read, and classes that drop out for it, in provenance.notes. The splits are picture_files.hpp's.
/// @throws DataError: no such folder, no picture, none that can be read; ConfigError: side out of range, or not chosen
/// where the pictures of both splits are not squares of one size.
Dataset read_image_folder(const std::filesystem::path& folder, Split split, const ImageFolderOptions& options = {});

}  // namespace ganymede::data
