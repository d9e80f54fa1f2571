#include "tensor/npy.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <numeric>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tensor/npy_header.hpp"

namespace ganymede {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are little-endian");

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
  Tensor tensor(header.type, header.shape);
  if (header.fortran_order) {
    copy_from_fortran(data.data(), tensor);
  } else if (!data.empty()) {
    std::memcpy(tensor.bytes().data(), data.data(), data.size());
  }
  return tensor;
}

}  // namespace ganymede
