#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace ganymede::data {

enum class Split { train, test };
const char* name_of(Split split);

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

/// Files of one split; empty where not found. Labels may be missing.
struct IdxFiles {
  std::filesystem::path images;
  std::filesystem::path labels;
  bool found() const { return !images.empty(); }
};

/// IDX files of a split in `folder`, by MNIST's names: `train-images-idx3-ubyte`, also `train-images.idx3-ubyte`, plain
/// or `.gz` (plain first); `t10k-` or `test-` for the test split; names may have a prefix (`emnist-digits-train-...`).
/// @throws DataError if several prefixes fit.
IdxFiles find_idx_files(const std::filesystem::path& folder, Split split);

/// One line of `ganymede data list`.
struct CatalogueEntry {
  std::string name;
  std::string description;
  std::filesystem::path found;                  ///< folder; empty for built-in data or where missing
  bool available = false;                       ///< both splits are there
  std::vector<std::filesystem::path> searched;  ///< folders, in order
};
std::vector<CatalogueEntry> list_datasets(const std::vector<SearchPlace>& places);

struct OpenOptions {
  std::int64_t limit = 0;              ///< > 0: the first so many images
  std::int64_t builtin_count = 20000;  ///< images of the built-in set, either split
};

/// Opens "builtin-digits", "mnist", or a path: an IDX images file (labels beside it under MNIST's naming are taken), an
/// NPZ or NPY file (one split, given for both), or a folder of IDX files.
/// @throws DataError: data missing (where it was looked for, and the two commands that help), or damaged; ConfigError:
/// unknown name (the valid ones, and the nearest).
Dataset open_dataset(const std::string& source, Split split, const std::vector<SearchPlace>& places,
                     const OpenOptions& options = {});

}  // namespace ganymede::data
