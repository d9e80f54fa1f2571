#include "tensor/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <limits>
#include <numeric>
#include <type_traits>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tensor/npy_header.hpp"

namespace ganymede {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

template <class To, class From>
To checked_element(From value, const std::string& where) {
  if constexpr (std::is_same_v<From, std::uint64_t>) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<To>::max())) {
      fail<DataError>("{}: element {} is too large: integers are read up to {}", where, value,
                      std::numeric_limits<To>::max());
    }
  }
  return static_cast<To>(value);
}

template <class From, class To>
void copy_as(std::string_view from, bool swapped, const std::string& where, Tensor& to) {
  To* out = to.values<To>().data();
  for (std::size_t at = 0; at < from.size(); at += sizeof(From)) {
    char bytes[sizeof(From)];
    std::memcpy(bytes, from.data() + at, sizeof(From));
    if (swapped) std::reverse(std::begin(bytes), std::end(bytes));
    *out++ = checked_element<To>(std::bit_cast<From>(bytes), where);
  }
}

// Elements of other types and of the other byte order, in the order of the file.
Tensor converted(std::string_view data, const NpyHeader& header, const std::string& where) {
  Tensor to(header.type, header.shape);
  const auto& [kind, size, swapped] = header.element;
  if (kind == 'f') {
    size == 4 ? copy_as<float, float>(data, swapped, where, to) : copy_as<double, double>(data, swapped, where, to);
  } else if (size == 1) {
    kind == 'i' ? copy_as<std::int8_t, std::int32_t>(data, swapped, where, to)
                : copy_as<std::uint8_t, std::uint8_t>(data, swapped, where, to);
    if (kind == 'b') {
      for (std::uint8_t& truth : to.values<std::uint8_t>()) truth = truth != 0;
    }
  } else if (size == 2) {
    kind == 'u' ? copy_as<std::uint16_t, std::int32_t>(data, swapped, where, to)
                : copy_as<std::int16_t, std::int32_t>(data, swapped, where, to);
  } else if (size == 4) {
    kind == 'u' ? copy_as<std::uint32_t, std::int64_t>(data, swapped, where, to)
                : copy_as<std::int32_t, std::int32_t>(data, swapped, where, to);
  } else {
    kind == 'u' ? copy_as<std::uint64_t, std::int64_t>(data, swapped, where, to)
                : copy_as<std::int64_t, std::int64_t>(data, swapped, where, to);
  }
  return to;
}

// `from` has the first index running fastest, the result the last.
void copy_from_fortran(const char* from, Tensor& to) {
  const Shape& shape = to.shape();
  const std::size_t rank = shape.size();
  const std::size_t size = size_of(to.dtype());
  std::vector<std::size_t> stride(rank, size);  // bytes between neighbours along an axis of `from`
  for (std::size_t axis = 1; axis < rank; ++axis) {
    stride[axis] = stride[axis - 1] * static_cast<std::size_t>(shape[axis - 1]);
  }
  Shape index(rank, 0);
  std::size_t offset = 0;
  std::byte* out = to.bytes().data();
  for (std::int64_t i = 0, count = to.count(); i < count; ++i, out += size) {
    std::memcpy(out, from + offset, size);
    for (std::size_t axis = rank; axis-- > 0;) {
      offset += stride[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= stride[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
}

}  // namespace

std::string to_npy(const Tensor& tensor) {
  std::string bytes = npy_header(tensor.dtype(), tensor.shape());
  bytes.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
  return bytes;
}

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
  write_file_atomically(path, to_npy(tensor));
}

Tensor read_npy(const std::filesystem::path& path) {
  return parse_npy(read_file(path), path.string());
}

Tensor parse_npy(std::string_view bytes, const std::string& where) {
  const NpyHeader header = parse_npy_header(bytes, where);
  const std::string_view data = bytes.substr(header.header_bytes);
  if (data.size() != header.data_bytes) {
    fail<DataError>("{}: an array of {} with shape {} wants {} bytes of data, found {}", where, name_of(header.type),
                    to_string(header.shape), header.data_bytes, data.size());
  }
  Tensor flat = converted(data, header, where);
  if (!header.fortran_order || header.shape.size() < 2) return flat;
  Tensor tensor(header.type, header.shape);
  copy_from_fortran(reinterpret_cast<const char*>(flat.bytes().data()), tensor);
  return tensor;
}

}  // namespace ganymede
