#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "tensor/tensor.hpp"

namespace ganymede {

// NumPy's NPY (versions 1 and 2) and NPZ (NPY files in a zip archive). Written: |u1 <i4 <i8 <f4 <f8. Read besides, in
// either byte order: truths and integers of any width, each as the smallest type of a tensor that holds it. Other types
// are UnsupportedArray errors that name the type and how to convert it. Arrays in Fortran order are read into row-major
// order.

/// An array whose elements are no numbers that a tensor holds: texts, objects, records, complex numbers.
class UnsupportedArray : public DataError {
 public:
  using DataError::DataError;
};

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
/// `unsupported`: where given, arrays of other types and members that are no NPY files do not refuse the file but are
/// left out, and stand here by name with the reason.
NamedTensors read_npz(const std::filesystem::path& path, std::map<std::string, std::string>* unsupported = nullptr);
/// The same from bytes at hand; `where` names them in errors.
NamedTensors parse_npz(std::string_view bytes, const std::string& where,
                       std::map<std::string, std::string>* unsupported = nullptr);

}  // namespace ganymede
