#pragma once

#include <cstdint>
#include <span>

namespace ganymede::explore {

/// The IEEE 754 binary16 nearest to a number, ties to even; beyond 65,504 infinity.
std::uint16_t half_of(float value);
/// What binary16 bits stand for.
float float_of(std::uint16_t half);

/// Whether binary16 keeps these values to 2^-11 of their root mean square, on the root mean square: it does unless they
/// are huge, tiny or no numbers.
bool half_keeps(std::span<const float> values);

}  // namespace ganymede::explore
