#include "tensor/checked_file.hpp"

#include <charconv>
#include <string_view>

#include "base/checksum.hpp"
#include "base/error.hpp"

namespace ganymede {
namespace {

template <class T>
bool parse_all(std::string_view text, T& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size();
}

}  // namespace

void write_checked(const std::filesystem::path& path, const NamedTensors& tensors, Metadata metadata) {
  metadata["crc32"] = hex(content_crc(tensors, metadata));
  write_safetensors(path, tensors, metadata);
}

Safetensors read_checked(const std::filesystem::path& path, const std::string& schema) {
  Safetensors file = read_safetensors(path);
  const std::string& wanted = text_field(file.metadata, "crc32", path);
  const std::string found = hex(content_crc(file.tensors, file.metadata));
  if (found != wanted) {
    fail<DataError>("{}: damaged: its checksum is {}, wanted {}", path.string(), found, wanted);
  }
  if (text_field(file.metadata, "schema", path) != schema) {
    fail<DataError>("{}: wanted schema {}, found {}", path.string(), schema, file.metadata.at("schema"));
  }
  return file;
}

const std::string& text_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) {
    fail<DataError>("{}: its metadata lack \"{}\": not a file of this program", path.string(), key);
  }
  return found->second;
}

std::uint64_t count_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path) {
  std::uint64_t value = 0;
  if (!parse_all(text_field(metadata, key, path), value)) {
    fail<DataError>("{}: \"{}\" must be a count (got \"{}\")", path.string(), key, metadata.at(key));
  }
  return value;
}

double number_field(const Metadata& metadata, const std::string& key, const std::filesystem::path& path) {
  double value = 0;
  if (!parse_all(text_field(metadata, key, path), value)) {
    fail<DataError>("{}: \"{}\" must be a number (got \"{}\")", path.string(), key, metadata.at(key));
  }
  return value;
}

}  // namespace ganymede
