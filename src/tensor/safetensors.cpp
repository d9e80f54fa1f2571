#include "tensor/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/regular_file.hpp"

namespace ganymede {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

constexpr std::uint64_t kLongestHeader = 100'000'000;  // as the format's own reader
constexpr int kDeepest = 3;                            // header, entry, list

struct TypeName {
  DType type;
  const char* name;
};
constexpr TypeName kTypes[] = {
    {DType::u8, "U8"}, {DType::i32, "I32"}, {DType::i64, "I64"}, {DType::f32, "F32"}, {DType::f64, "F64"}};

struct Entry {
  std::string name;
  DType type;
  Shape shape;
  std::uint64_t begin;
  std::uint64_t end;
};

struct Header {
  std::vector<Entry> entries;  // in the order of the data
  Metadata metadata;
};

template <class... Args>
[[noreturn]] void reject(const std::string& where, fmt::format_string<Args...> format, Args&&... args) {
  fail<DataError>("{}: not a valid safetensors file: {}", where, fmt::format(format, std::forward<Args>(args)...));
}

json parse_json(std::string_view text, const std::string& where) {
  check_json_depth(text, where);
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepest) reject(where, "the header is nested too deeply");
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      reject(where, "the name {} stands twice in the header", parsed.dump());
    }
    return true;
  };
  try {
    return json::parse(text, check);
  } catch (const json::exception& error) {
    reject(where, "the header is not JSON: {}", json_fault(error.what()));
  }
}

DType parse_type(const json& value, const std::string& name, const std::string& where) {
  const std::string found = value.is_string() ? value.get<std::string>() : value.dump();
  for (const TypeName& known : kTypes) {
    if (found == known.name) return known.type;
  }
  fail<DataError>("{}: tensor '{}' has the type {}, which is not supported; convert it to F32 (or F64, I64, I32, U8)",
                  where, name, found);
}

std::uint64_t parse_count(const json& value, const std::string& name, const std::string& where) {
  const auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > largest) {
    reject(where, "tensor '{}': wanted a number of elements or bytes, found {}", name, value.dump());
  }
  return value.get<std::uint64_t>();
}

Entry parse_entry(const std::string& name, const json& value, const std::string& where) {
  const bool complete = value.is_object() && value.size() == 3 && value.contains("dtype") && value.contains("shape") &&
                        value.contains("data_offsets");
  if (!complete || !value["shape"].is_array() || !value["data_offsets"].is_array() ||
      value["data_offsets"].size() != 2) {
    reject(where, "tensor '{}': wanted dtype, shape and two data_offsets, found {:.200}", name, value.dump());
  }
  Entry entry{name, parse_type(value["dtype"], name, where), {}, 0, 0};
  std::uint64_t bytes = size_of(entry.type);
  bool overflow = false;
  for (const json& extent : value["shape"]) {
    entry.shape.push_back(static_cast<std::int64_t>(parse_count(extent, name, where)));
    overflow |= __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(entry.shape.back()), &bytes);
  }
  entry.begin = parse_count(value["data_offsets"][0], name, where);
  entry.end = parse_count(value["data_offsets"][1], name, where);
  if (overflow || entry.begin > entry.end || entry.end - entry.begin != bytes) {
    reject(where, "tensor '{}': {} of shape {} does not fill the bytes {} to {}", name, name_of(entry.type),
           to_string(entry.shape), entry.begin, entry.end);
  }
  return entry;
}

Header parse_header(std::string_view text, std::uint64_t data_size, const std::string& where) {
  const json document = parse_json(text, where);
  if (!document.is_object()) reject(where, "the header is no JSON object");
  Header header;
  for (const auto& [name, value] : document.items()) {
    if (name != "__metadata__") {
      header.entries.push_back(parse_entry(name, value, where));
      continue;
    }
    if (!value.is_object()) reject(where, "__metadata__ is no JSON object");
    for (const auto& [key, entry] : value.items()) {
      if (!entry.is_string()) reject(where, "the metadata '{}' is no text", key);
      header.metadata[key] = entry.get<std::string>();
    }
  }
  std::sort(header.entries.begin(), header.entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::uint64_t end = 0;
  for (const Entry& entry : header.entries) {
    if (entry.begin != end) {
      reject(where, "tensor '{}' begins at byte {}, but the one before it ends at {}", entry.name, entry.begin, end);
    }
    end = entry.end;
  }
  if (end != data_size) reject(where, "wanted {} bytes of data, found {}", end, data_size);
  return header;
}

std::uint64_t parse_header_length(std::string_view first8, std::uint64_t file_size, const std::string& where) {
  if (file_size < 8 || first8.size() < 8) reject(where, "wanted at least 8 bytes, found {}", file_size);
  std::uint64_t length;
  std::memcpy(&length, first8.data(), sizeof length);
  if (length > kLongestHeader || length > file_size - 8) {
    reject(where, "the header is said to have {} bytes, but {} follow (at most {} are allowed)", length, file_size - 8,
           kLongestHeader);
  }
  return length;
}

std::string_view view(const Tensor& tensor) {
  return {reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size()};
}

}  // namespace

std::string to_safetensors(const NamedTensors& tensors, const Metadata& metadata) {
  std::vector<const NamedTensors::value_type*> order;
  for (const auto& entry : tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(),
                   [](auto* a, auto* b) { return size_of(a->second.dtype()) > size_of(b->second.dtype()); });

  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto* entry : order) {
    const auto& [name, tensor] = *entry;
    if (name == "__metadata__") fail<DataError>("a tensor of a safetensors file cannot be called __metadata__");
    const char* type = "";
    for (const TypeName& known : kTypes) {
      if (known.type == tensor.dtype()) type = known.name;
    }
    header[name] = {
        {"dtype", type}, {"shape", tensor.shape()}, {"data_offsets", {offset, offset + tensor.bytes().size()}}};
    offset += tensor.bytes().size();
  }

  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception& error) {
    fail<DataError>("names and metadata of a safetensors file must be UTF-8: {}", error.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  bytes.reserve(8 + text.size() + offset);
  bytes += text;
  for (const auto* entry : order) bytes += view(entry->second);
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata) {
  write_file_atomically(path, to_safetensors(tensors, metadata));
}

Safetensors read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_file(path), path.string());
}

Safetensors parse_safetensors(std::string_view bytes, const std::string& where) {
  const std::uint64_t length = parse_header_length(bytes, bytes.size(), where);
  const std::string_view data = bytes.substr(8 + length);
  Header header = parse_header(bytes.substr(8, length), data.size(), where);
  Safetensors result;
  for (Entry& entry : header.entries) {
    Tensor tensor(entry.type, std::move(entry.shape));
    if (!tensor.bytes().empty()) std::memcpy(tensor.bytes().data(), data.data() + entry.begin, tensor.bytes().size());
    result.tensors.emplace(std::move(entry.name), std::move(tensor));
  }
  result.metadata = std::move(header.metadata);
  return result;
}

Metadata read_safetensors_metadata(const std::filesystem::path& path) {
  const std::string where = path.string();
  RegularFile file(path);
  const std::uint64_t length = parse_header_length(file.read(8), file.size(), where);
  return parse_header(file.read(length), file.size() - 8 - length, where).metadata;
}

std::uint32_t content_crc(const NamedTensors& tensors, const Metadata& metadata, std::string_view except) {
  Crc32 crc;
  const auto add_text = [&crc](std::string_view text) {
    const std::uint64_t size = text.size();  // so that "ab", "c" and "a", "bc" differ
    crc.add(&size, sizeof size).add(text);
  };
  for (const auto& [name, tensor] : tensors) {
    add_text(name);
    add_text(name_of(tensor.dtype()));
    add_text(to_string(tensor.shape()));
    add_text(view(tensor));
  }
  for (const auto& [key, value] : metadata) {
    if (key == except) continue;
    add_text(key);
    add_text(value);
  }
  return crc.value();
}

}  // namespace ganymede
