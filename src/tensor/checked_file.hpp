#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tensor/safetensors.hpp"

namespace ganymede {

// Safetensors files of this program: "schema" and "crc32" (content_crc) in their metadata.

/// Written aside, fsynced, renamed. Throws GuardError when the disk is full.
void write_checked(const std::filesystem::path& path, const NamedTensors& tensors, Metadata metadata);

/// Throws DataError with path and fault: damaged, truncated, of another schema.
Safetensors read_checked(const std::filesystem::path& path, const std::string& schema);

/// A field of the metadata; DataError if it is missing, or no number where one is wanted.
const std::string& text_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path);
std::uint64_t count_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path);
double number_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path);

}  // namespace ganymede
