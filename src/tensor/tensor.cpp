#include "tensor/tensor.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace ganymede {

std::size_t size_of(DType type) {
  switch (type) {
    case DType::u8:
      return 1;
    case DType::i32:
    case DType::f32:
      return 4;
    default:
      return 8;
  }
}

const char* name_of(DType type) {
  switch (type) {
    case DType::u8:
      return "u8";
    case DType::i32:
      return "i32";
    case DType::i64:
      return "i64";
    case DType::f32:
      return "f32";
    default:
      return "f64";
  }
}

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return count;
}

std::string to_string(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

Tensor::Tensor(DType type, Shape shape) : dtype_(type), shape_(std::move(shape)) {
  auto bytes = static_cast<std::int64_t>(size_of(type));
  for (const std::int64_t extent : shape_) {
    if (extent < 0 || __builtin_mul_overflow(bytes, extent, &bytes)) {
      fail<ShapeError>("a tensor of {} cannot have the shape {}", name_of(type), to_string(shape_));
    }
  }
  bytes_.resize(static_cast<std::size_t>(bytes));
}

Tensor Tensor::reshaped(Shape shape) const {
  if (element_count(shape) != count()) {
    fail<ShapeError>("{} elements of shape {} cannot take the shape {}", count(), to_string(shape_), to_string(shape));
  }
  Tensor result = *this;
  result.shape_ = std::move(shape);
  return result;
}

void Tensor::check_type(DType wanted) const {
  if (wanted != dtype_) {
    fail<ShapeError>("wanted a tensor of {}, found one of {} with shape {}", name_of(wanted), name_of(dtype_),
                     to_string(shape_));
  }
}

void Tensor::check_count(std::size_t found) const {
  if (static_cast<std::int64_t>(found) != count()) {
    fail<ShapeError>("a tensor of shape {} wants {} values, found {}", to_string(shape_), count(), found);
  }
}

Tensor channels_last(const Tensor& bytes) {
  const Shape& s = bytes.shape();
  if (s.size() != 4) fail<ShapeError>("pictures: wanted [N, C, H, W], found {}", to_string(s));
  Tensor moved(DType::u8, {s[0], s[2], s[3], s[1]});
  const auto from = bytes.values<std::uint8_t>();
  const auto to = moved.values<std::uint8_t>();
  const auto channels = static_cast<std::size_t>(s[1]), plane = static_cast<std::size_t>(s[2] * s[3]);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t sample = i / (channels * plane), c = i / plane % channels, pixel = i % plane;
    to[(sample * plane + pixel) * channels + c] = from[i];
  }
  return moved;
}

}  // namespace ganymede
