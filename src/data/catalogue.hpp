#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "data/files/image_folder.hpp"
#include "data/ink/ink_dataset.hpp"
#include "data/synthetic/synthetic_landscape.hpp"

namespace ganymede::data {

/// A folder that may hold `mnist/` and other sets, and who named it ("--data", "GANYMEDE_DATA", ...).
struct SearchPlace {
  std::filesystem::path folder;
  std::string origin;
};

/// Where data sets are looked for, in this order: `--data DIR` (if not empty), $GANYMEDE_DATA, ./data,
/// <user's data folder>/data.
std::vector<SearchPlace> search_places(const std::string& data_option = "");
/// Where `ganymede data fetch` puts files: `--data DIR`, else $GANYMEDE_DATA, else <user's data folder>/data.
std::filesystem::path fetch_folder(const std::string& data_option = "");

/// One line of `ganymede data list`: built-in digits, landscapes and ink, MNIST, UniPen, and every other folder of IDX
/// files in the search places, which can be opened by its name.
struct CatalogueEntry {
  std::string name;
  std::string description;                      ///< or why the folder cannot be used
  std::filesystem::path found;                  ///< folder; empty for built-in data or where missing
  bool available = false;                       ///< both splits are there
  std::vector<std::filesystem::path> searched;  ///< folders, in order
};
std::vector<CatalogueEntry> list_datasets(const std::vector<SearchPlace>& places);

struct OpenOptions {
  std::int64_t limit = 0;                             ///< > 0: the first so many images
  std::int64_t builtin_count = 20000;                 ///< images of a built-in set, either split
  int image_size = kLandscapeSide;                    ///< side of built-in landscapes and of pictures from a folder
  ImageColour image_colour = ImageColour::automatic;  ///< of pictures from a folder
  InkOptions ink;          ///< how symbols become samples; copies are made of the training split alone
  std::uint64_t seed = 0;  ///< of the noise in the copies of symbols
};

/// Opens "builtin-digits", "builtin-landscapes", "mnist", a set of ink (ink_source.hpp: "builtin-ink", "unipen", a
/// path), the name of another folder in the search places, or a path: an IDX images file (labels beside it under
/// MNIST's naming are taken), an NPZ or NPY file (one split, given for both), a folder of IDX files, or a folder of
/// pictures (image_folder.hpp).
/// @throws DataError: data missing (where it was looked for, and the two commands that help), or damaged; ConfigError:
/// unknown name (the valid ones, and the nearest).
Dataset open_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                     const OpenOptions& options = {});

}  // namespace ganymede::data
