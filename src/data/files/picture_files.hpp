#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/files/idx_files.hpp"

namespace ganymede::data {

/// Pictures of a folder or of one split of it, by name alone; what they hold is not looked at. Paths are relative to
/// `root` and ascend.
struct PictureFiles {
  std::filesystem::path root;
  std::vector<std::filesystem::path> files;   ///< named as PNG and JPEG are
  std::vector<std::filesystem::path> unread;  ///< named as pictures of formats that are not read
  std::vector<std::string> notes{};           ///< sentences: which other folders are left out
};

// Which files belong to a set (folder_walk.hpp): hidden names are none, links are followed. Subfolders with the usual
// names of splits, in any case, are the splits, where both are there: `train` or `training`; `test`, else `testing`,
// `val`, `valid` or `validation`. Where `train` is all that is there, it is the whole set. Otherwise both splits are
// all pictures.

/// @throws DataError: a folder cannot be read; two folders are the training split.
PictureFiles find_pictures(const std::filesystem::path& folder, Split split);

/// Whether a folder holds pictures of any format.
bool holds_pictures(const std::filesystem::path& folder);

/// "7 pictures are in formats that are not read (5 .webp, 2 .bmp): convert them ..."; empty if there are none.
std::string formats_text(const PictureFiles& pictures);

/// Subfolders of the root that hold pictures, but none in a format that is read: classes that drop out.
std::vector<std::string> unread_folders(const PictureFiles& pictures);

}  // namespace ganymede::data
