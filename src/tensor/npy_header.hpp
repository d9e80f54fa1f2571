#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tensor/tensor.hpp"

namespace ganymede {

/// How an element stands in an NPY file: 'u' unsigned or 'i' signed integer, 'f' float or 'b' truth, of so many bytes.
struct NpyElement {
  char kind = 'f';
  std::size_t bytes = 4;
  bool big_endian = false;
};

/// What stands before the data of an NPY file.
struct NpyHeader {
  DType type = DType::f32;  ///< the tensor's: the element's own where there is one, else the smallest that holds it
  NpyElement element;
  bool fortran_order = false;
  Shape shape;
  std::size_t header_bytes = 0;  ///< before the data
  std::uint64_t data_bytes = 0;  ///< in the file
};

/// Magic, version, length and Python dictionary, padded so that the data begin at a multiple of 64.
std::string npy_header(DType type, const Shape& shape);
/// Reads the header at the beginning of `bytes`; DataError with `where` on anything that is not right, its subclass
/// UnsupportedArray for arrays of texts, objects, records and other elements that are no real numbers.
NpyHeader parse_npy_header(std::string_view bytes, const std::string& where);

/// Longest header that is read, far beyond what 32 axes need.
inline constexpr std::size_t kLongestNpyHeader = std::size_t{1} << 16;

}  // namespace ganymede
