#include "data/files/idx.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "base/memory_bound.hpp"
#include "data/files/inflate.hpp"

namespace ganymede::data {
namespace {

constexpr std::uint8_t kUnsignedByte = 8;
constexpr int kMaxDimensions = 8;

const char* element_name(std::uint8_t type) {
  switch (type) {
    case 8:
      return "unsigned byte";
    case 9:
      return "signed byte";
    case 0x0B:
      return "16-bit integer";
    case 0x0C:
      return "32-bit integer";
    case 0x0D:
      return "float";
    case 0x0E:
      return "double";
    default:
      return "unknown";
  }
}

void read_header(InflateReader& in, std::span<char> bytes, const std::string& where) {
  const std::size_t found = in.read(bytes);
  if (found < bytes.size()) {
    fail<DataError>("{}: truncated: wanted {} more bytes of an IDX header, found {}", where, bytes.size(), found);
  }
}

Shape read_shape(InflateReader& in, const std::string& where) {
  std::array<char, 4> magic{};
  read_header(in, magic, where);
  if (magic[0] != 0 || magic[1] != 0) {
    std::string start(kKindBytes, '\0');
    std::copy(magic.begin(), magic.end(), start.begin());
    start.resize(magic.size() + in.read(std::span(start).subspan(magic.size())));
    fail<DataError>("{}: not an IDX file: wanted two zero bytes at the start (magic 0000 08xx), found {}: {}", where,
                    hex(std::string_view(magic.data(), 4)), kind_of_file(start));
  }
  const auto type = static_cast<std::uint8_t>(magic[2]);
  if (type != kUnsignedByte) {
    fail<DataError>("{}: wanted IDX elements of type 0x08 (unsigned byte), found type 0x{:02x} ({})", where, type,
                    element_name(type));
  }
  const int dimensions = static_cast<std::uint8_t>(magic[3]);
  if (dimensions < 1 || dimensions > kMaxDimensions) {
    fail<DataError>("{}: wanted an IDX file of 1 to {} dimensions, found {}", where, kMaxDimensions, dimensions);
  }
  Shape shape;
  for (int i = 0; i < dimensions; ++i) {
    std::array<char, 4> word{};
    read_header(in, word, where);
    std::int64_t size = 0;
    for (const char byte : word) size = size << 8 | static_cast<std::uint8_t>(byte);
    shape.push_back(size);
  }
  return shape;
}

/// The product of the dimensions, which must be > 0 and not more than the file can hold.
std::size_t checked_count(const Shape& shape, std::uint64_t most, const std::string& where) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) {
    fail<DataError>("{}: the header says {}: no elements", where, to_string(shape));
  }
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) {
    if (count > most / static_cast<std::uint64_t>(size)) {
      fail<DataError>("{}: truncated or damaged: the header announces {} bytes, the file holds at most {}", where,
                      to_string(shape), most);
    }
    count *= static_cast<std::uint64_t>(size);
  }
  return count;
}

}  // namespace

Tensor parse_idx(std::string_view bytes, const std::string& where) {
  InflateReader in(bytes, where);
  const Shape shape = read_shape(in, where);
  const std::size_t wanted = checked_count(shape, in.most_left(), where);
  check_memory(wanted, where);  // gzip may announce a thousand times its size
  Tensor tensor(DType::u8, shape);
  const std::size_t found = in.read({reinterpret_cast<char*>(tensor.bytes().data()), wanted});
  if (found < wanted) {
    fail<DataError>("{}: truncated: wanted {} bytes for {}, found {}; get the file again", where, wanted,
                    to_string(shape), found);
  }
  char surplus;
  if (in.read({&surplus, 1}) != 0) {
    fail<DataError>("{}: bytes follow the {} that the header announces ({}): not the file it claims to be", where,
                    wanted, to_string(shape));
  }
  return tensor;
}

Tensor read_idx(const std::filesystem::path& path) {
  return parse_idx(read_file(path), path.string());
}

Dataset read_idx_dataset(const std::filesystem::path& images, const std::filesystem::path& labels,
                         const std::string& name, int classes) {
  Dataset d;
  d.provenance = {name, {images}, "IDX images"};
  const Tensor pixels = read_idx(images);
  const Shape& s = pixels.shape();
  if (s.size() != 3) {
    fail<DataError>("{}: wanted images with 3 dimensions (N, H, W), found {} {}", images.string(), s.size(),
                    to_string(s));
  }
  d.images = pixels.reshaped({s[0], 1, s[1], s[2]});
  if (!labels.empty()) {
    const Tensor values = read_idx(labels);
    if (values.shape().size() != 1) {
      fail<DataError>("{}: wanted labels with 1 dimension (N), found {} {}", labels.string(), values.shape().size(),
                      to_string(values.shape()));
    }
    if (values.count() != s[0]) {
      fail<DataError>("{}: {} labels, but {} holds {} images: these files do not belong together", labels.string(),
                      values.count(), images.string(), s[0]);
    }
    const auto bytes = values.values<std::uint8_t>();
    d.labels.assign(bytes.begin(), bytes.end());
    const int highest = *std::max_element(bytes.begin(), bytes.end());
    if (classes > 0 && highest >= classes) {
      fail<DataError>("{}: wanted labels from 0 to {}, found {}", labels.string(), classes - 1, highest);
    }
    for (int k = 0; k < classes; ++k) d.class_names.push_back(std::to_string(k));
    d.provenance.files.push_back(labels);
    d.provenance.description = "IDX images with labels";
  }
  return checked(std::move(d));
}

std::string to_idx(const Tensor& tensor) {
  if (tensor.dtype() != DType::u8 || tensor.shape().empty() || tensor.shape().size() > kMaxDimensions) {
    fail<DataError>("IDX: wanted u8 with 1 to {} dimensions, found {} {}", kMaxDimensions, name_of(tensor.dtype()),
                    to_string(tensor.shape()));
  }
  std::string out{'\0', '\0', static_cast<char>(kUnsignedByte), static_cast<char>(tensor.shape().size())};
  for (const std::int64_t size : tensor.shape()) {
    if (size < 1 || size > 0xFFFFFFFF) fail<DataError>("IDX: a dimension of {} is not possible", size);
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift));
  }
  out.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
  return out;
}

void write_idx(const std::filesystem::path& path, const Tensor& tensor) {
  const std::string bytes = to_idx(tensor);
  write_file_atomically(path, path.extension() == ".gz" ? to_gzip(bytes) : bytes);
}

}  // namespace ganymede::data
