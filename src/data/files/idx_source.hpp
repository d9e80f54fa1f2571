#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/files/idx_files.hpp"
#include "data/places.hpp"

namespace ganymede::data {

inline constexpr const char* kMnist = "mnist";
inline constexpr const char* kMnistText = "MNIST, handwritten digits, 28 x 28 grey: 60,000 to train, 10,000 to test";

/// Names of the folders in the search places that hold IDX files, sorted, each once.
std::vector<std::string> names_of_idx_folders(const std::vector<SearchPlace>& places);

/// The first place whose folder `name` has images of the split (MNIST: and labels); empty if none has.
std::filesystem::path find_idx_folder(const std::string& name, Split split, const std::vector<SearchPlace>& places);

/// The split of the set `name` in the search places. @throws DataError: missing (where it was looked for), damaged.
Dataset open_idx_name(const std::string& name, Split split, const std::vector<SearchPlace>& places);

/// The split in a folder of IDX files; its classes are those of the training split. `name` is what messages and
/// provenance call it; MNIST has ten classes whatever occurs. @throws DataError.
Dataset open_idx_folder(const std::filesystem::path& folder, Split split, const std::string& name);

}  // namespace ganymede::data
