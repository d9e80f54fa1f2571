#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tensor/tensor.hpp"

namespace ganymede {

// NumPy's NPY (versions 1 and 2) and NPZ (NPY files in a zip archive). Types: |u1 <i4 <i8 <f4 <f8; others, and
// big-endian ones, are DataErrors that name the type and how to convert it. Arrays in Fortran order are read into
// row-major order.

/// The bytes of an NPY file, version 1.0 (2.0 where the header needs it).
std::string to_npy(const Tensor& tensor);
/// `to_npy` through AtomicFile.
void write_npy(const std::filesystem::path& path, const Tensor& tensor);
/// DataError with the path on anything that is not right.
Tensor read_npy(const std::filesystem::path& path);
/// The same from bytes at hand; `where` names them in errors.
Tensor parse_npy(std::string_view bytes, const std::string& where);

/// The bytes of an NPZ file, arrays stored without compression; the same content gives the same bytes. DataError
/// without arrays and for names that are not printable ASCII.
std::string to_npz(const NamedTensors& tensors);
/// `to_npz` through AtomicFile.
void write_npz(const std::filesystem::path& path, const NamedTensors& tensors);
/// The arrays by name, without ".npy". DataError with path and member on anything that is not right.
NamedTensors read_npz(const std::filesystem::path& path);
/// The same from bytes at hand; `where` names them in errors.
NamedTensors parse_npz(std::string_view bytes, const std::string& where);

}  // namespace ganymede
