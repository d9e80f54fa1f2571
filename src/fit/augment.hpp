#pragma once

#include <cstdint>
#include <span>

#include "tensor/tensor.hpp"

namespace ganymede::fit {

/// By how many pixels a picture moves; positive: down, right.
struct Shift {
  int rows = 0;
  int columns = 0;
  friend bool operator==(const Shift&, const Shift&) = default;
};

/// Each part uniform over -most .. most, from stream "fit.shift", key seed, step = epoch, index = sample.
Shift shift_of(int most, std::uint64_t seed, std::int64_t epoch, std::uint32_t sample);

/// Moves a picture [C, H, W]; what comes in from outside repeats its edge. Other shapes stay as they are.
void shift_picture(std::span<float> picture, const Shape& shape, Shift shift);

/// Adds N(0, sigma^2) to every value, from stream "fit.noise", key seed, step = epoch, index = sample.
void add_noise(std::span<float> values, double sigma, std::uint64_t seed, std::int64_t epoch, std::uint32_t sample);

}  // namespace ganymede::fit
