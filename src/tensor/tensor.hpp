#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ganymede {

// Shape letters, the same everywhere: N samples, C channels, H rows, W columns, Z latent length, K classes, F features.

using Shape = std::vector<std::int64_t>;

enum class DType { u8, i32, i64, f32, f64 };

std::size_t size_of(DType type);
/// "f32", "i64" ...
const char* name_of(DType type);
std::int64_t element_count(const Shape& shape);
/// "[60000, 1, 28, 28]"
std::string to_string(const Shape& shape);

template <class T>
constexpr DType dtype_of();
template <>
constexpr DType dtype_of<std::uint8_t>() {
  return DType::u8;
}
template <>
constexpr DType dtype_of<std::int32_t>() {
  return DType::i32;
}
template <>
constexpr DType dtype_of<std::int64_t>() {
  return DType::i64;
}
template <>
constexpr DType dtype_of<float>() {
  return DType::f32;
}
template <>
constexpr DType dtype_of<double>() {
  return DType::f64;
}

/// A dense n-dimensional array on the host, row-major, owning its memory. Images are NCHW.
class Tensor {
 public:
  Tensor() = default;
  /// Zeros.
  Tensor(DType type, Shape shape);

  template <class T>
  static Tensor of(Shape shape, std::span<const T> values) {
    Tensor t(dtype_of<T>(), std::move(shape));
    t.check_count(values.size());
    std::copy(values.begin(), values.end(), t.values<T>().begin());
    return t;
  }

  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  std::int64_t count() const { return element_count(shape_); }
  std::span<std::byte> bytes() { return bytes_; }
  std::span<const std::byte> bytes() const { return bytes_; }

  /// The elements; throws ShapeError if T is not the tensor's type.
  template <class T>
  std::span<T> values() {
    check_type(dtype_of<T>());
    return {reinterpret_cast<T*>(bytes_.data()), static_cast<std::size_t>(count())};
  }
  template <class T>
  std::span<const T> values() const {
    check_type(dtype_of<T>());
    return {reinterpret_cast<const T*>(bytes_.data()), static_cast<std::size_t>(count())};
  }

  /// The same elements in another shape of equal count; throws ShapeError otherwise.
  Tensor reshaped(Shape shape) const;

  friend bool operator==(const Tensor&, const Tensor&) = default;

 private:
  void check_type(DType wanted) const;
  void check_count(std::size_t found) const;

  DType dtype_ = DType::f32;
  Shape shape_ = {0};
  std::vector<std::byte> bytes_;  // operator new aligns to 16 bytes, enough for every element type
};

/// Tensors by name, such as `generator.conv1.weight`.
using NamedTensors = std::map<std::string, Tensor>;

/// Bytes [N, C, H, W] as [N, H, W, C], the order of pixels in picture files. @throws ShapeError for another shape
Tensor channels_last(const Tensor& bytes);

}  // namespace ganymede
