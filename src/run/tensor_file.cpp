#include "run/tensor_file.hpp"

#include <algorithm>
#include <charconv>

#include "base/checksum.hpp"
#include "base/error.hpp"

namespace ganymede::run {
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

std::vector<NumberedFile> list_numbered(const std::filesystem::path& folder, const std::string& prefix) {
  std::vector<NumberedFile> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(kTensorFileEnding)) {
      continue;
    }
    const auto digits = std::string_view(name).substr(
        prefix.size(), name.size() - prefix.size() - std::string_view(kTensorFileEnding).size());
    std::uint64_t number = 0;
    if (parse_all(digits, number)) {
      files.push_back({number, entry.path()});
    }
  }
  std::ranges::sort(files, {}, &NumberedFile::number);
  return files;
}

}  // namespace ganymede::run
