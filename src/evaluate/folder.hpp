#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tensor/tensor.hpp"

namespace ganymede::evaluate {

/// Pictures that others made.
struct PictureFolder {
  Tensor pictures;  ///< u8 [N, C, H, W], by ascending path
  std::vector<std::filesystem::path> files;
  std::vector<std::string> skipped;  ///< "path: why", for broken ones and those of another size
};
/// All *.png files of a folder and those below it; grey ones become colour or colour grey as `shape` [C, H, W] says.
/// @throws DataError if there is no such folder, or no picture of that size in it (naming the first fault).
PictureFolder read_pictures(const std::filesystem::path& folder, const Shape& shape);

}  // namespace ganymede::evaluate
