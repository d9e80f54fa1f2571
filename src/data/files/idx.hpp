#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::data {

// IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, the type (8 = unsigned byte), the number
// of dimensions, each dimension as a big-endian 32-bit number, then the elements, row-major. Plain or gzip, told apart
// by content. Header, counts and length are checked before anything is allocated by them.

/// The bytes of an IDX file as u8 [dimensions]; `where` stands in messages.
/// @throws DataError for a wrong magic, another type, zero or absurd sizes, missing or surplus bytes, damaged gzip.
Tensor parse_idx(std::string_view bytes, const std::string& where);
/// The same from a file. @throws DataError if it is missing.
Tensor read_idx(const std::filesystem::path& path);

/// Images [N, H, W] and, unless `labels` is empty, labels [N], as a checked data set named `name`.
/// `classes` > 0: labels must lie below it. @throws DataError with path, wanted and found.
Dataset read_idx_dataset(const std::filesystem::path& images, const std::filesystem::path& labels,
                         const std::string& name, int classes = 0);

/// The bytes of an IDX file of a u8 tensor with 1 to 8 dimensions. @throws DataError otherwise.
std::string to_idx(const Tensor& tensor);
/// Writes it in one step, gzip if the name ends in ".gz". @throws DataError or GuardError (disk full).
void write_idx(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace ganymede::data
