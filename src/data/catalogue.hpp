#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/sources.hpp"

namespace ganymede::data {

/// One line of `ganymede data list`: the sets of sources(), and every other folder of IDX files, and of ink of one's
/// own (ink/own_ink.hpp), in the search places, which can be opened by its name.
struct CatalogueEntry {
  std::string name;
  std::string description;                      ///< or why the folder cannot be used
  std::filesystem::path found;                  ///< folder; empty for built-in data or where missing
  bool available = false;                       ///< both splits are there
  bool fetchable = false;                       ///< `ganymede data fetch` downloads it
  std::vector<std::filesystem::path> searched;  ///< folders, in order
};
std::vector<CatalogueEntry> list_datasets(const std::vector<SearchPlace>& places);

/// Opens a set of sources() by its name, the name of another folder in the search places, or a path: an IDX images file
/// (labels beside it under MNIST's naming are taken), an NPZ or NPY file (one split, given for both), a folder of IDX
/// files, points (points/point_file.hpp), a folder of pictures (image_folder.hpp), or ink (ink_source.hpp).
/// @throws DataError: data missing (where it was looked for, and the two commands that help), or damaged; ConfigError:
/// unknown name (the valid ones, and the nearest).
Dataset open_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                     const OpenOptions& options = {});

}  // namespace ganymede::data
