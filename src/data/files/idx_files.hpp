#pragma once

#include <filesystem>

namespace ganymede::data {

enum class Split { train, test };
/// "train" or "test".
const char* name_of(Split split);

/// IDX files of one split; empty where not found.
struct IdxFiles {
  std::filesystem::path images;
  std::filesystem::path labels;
};

/// The files of a split in `folder` (which may be missing), by MNIST's names: `train-images-idx3-ubyte`, also
/// `train-images.idx3-ubyte`, plain or `.gz` (plain first); `t10k-` or `test-` for the test split; a prefix may stand
/// in front (`emnist-digits-train-...`). @throws DataError if images of several prefixes are there.
IdxFiles find_idx_files(const std::filesystem::path& folder, Split split);

/// Whether there are images of either split.
bool holds_idx_files(const std::filesystem::path& folder);

/// The labels that belong to an images file by its name (`images-idx3` -> `labels-idx1`), plain or .gz; empty if none.
std::filesystem::path labels_beside(const std::filesystem::path& images);

}  // namespace ganymede::data
