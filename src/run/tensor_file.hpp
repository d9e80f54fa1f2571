#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tensor/safetensors.hpp"

namespace ganymede::run {

// Checkpoints and snapshots: safetensors files with "schema" and "crc32" (content_crc) in their metadata, named
// <prefix><number>.safetensors.

constexpr const char* kTensorFileEnding = ".safetensors";

/// Written aside, fsynced, renamed. Throws GuardError when the disk is full.
void write_checked(const std::filesystem::path& path, const NamedTensors& tensors, Metadata metadata);

/// Throws DataError with path and fault: damaged, truncated, of another schema.
Safetensors read_checked(const std::filesystem::path& path, const std::string& schema);

/// A field of the metadata; DataError if it is missing, or no number where one is wanted.
const std::string& text_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path);
std::uint64_t count_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path);
double number_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path);

struct NumberedFile {
  std::uint64_t number = 0;
  std::filesystem::path path;
};
/// Files <prefix><digits>.safetensors of a folder by rising number; none without the folder.
std::vector<NumberedFile> list_numbered(const std::filesystem::path& folder, const std::string& prefix);

}  // namespace ganymede::run
