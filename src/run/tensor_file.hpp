#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tensor/checked_file.hpp"

namespace ganymede::run {

// Checkpoints and snapshots: checked files (tensor/checked_file.hpp) named <prefix><number>.safetensors.

constexpr const char* kTensorFileEnding = ".safetensors";

struct NumberedFile {
  std::uint64_t number = 0;
  std::filesystem::path path;
};
/// The classes of the data as metadata, "class_names": a JSON list. Read as empty where the field is missing, as in
/// older files. @throws DataError for another form.
std::string class_names_field(const std::vector<std::string>& names);
std::vector<std::string> class_names_from(const Metadata& metadata, const std::filesystem::path& path);

/// Files <prefix><digits>.safetensors of a folder by rising number; none without the folder.
std::vector<NumberedFile> list_numbered(const std::filesystem::path& folder, const std::string& prefix);

}  // namespace ganymede::run
