#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "tensor/tensor.hpp"

namespace ganymede {

// The safetensors format (huggingface/safetensors): u64 length of the header, little-endian; a JSON header with dtype,
// shape and data_offsets of each tensor; the data, one tensor after the other without holes. Types: U8 I32 I64 F32 F64.

/// Texts by key, the header's `__metadata__`.
using Metadata = std::map<std::string, std::string>;

struct Safetensors {
  NamedTensors tensors;
  Metadata metadata;
};

/// The bytes of a file. The same content gives the same bytes: names sorted, the header padded with blanks so that the
/// data start at a multiple of 8. Tensors are laid out by falling element size, then by name, so that every one is
/// aligned.
std::string to_safetensors(const NamedTensors& tensors, const Metadata& metadata = {});
/// `to_safetensors` through AtomicFile.
void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata = {});

/// Reads a file. DataError with the path on anything that is not right: lengths, holes, overlaps, overflow, duplicate
/// names, types that are not supported (named with the tensor).
Safetensors read_safetensors(const std::filesystem::path& path);
/// The same from bytes at hand; `where` names them in errors.
Safetensors parse_safetensors(std::string_view bytes, const std::string& where);
/// The metadata alone: reads and checks the header, not the data.
Metadata read_safetensors_metadata(const std::filesystem::path& path);

/// CRC-32 over names, types, shapes, data and metadata, but for metadata whose key is `except` (where the sum is kept).
std::uint32_t content_crc(const NamedTensors& tensors, const Metadata& metadata, std::string_view except = "crc32");

}  // namespace ganymede
