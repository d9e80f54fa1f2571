#pragma once

#include <cstdint>

#include "data/dataset.hpp"
#include "data/synthetic/synthetic_landscape.hpp"

namespace ganymede::data {

inline constexpr std::uint64_t kBuiltinTrainSeed = 1;
inline constexpr std::uint64_t kBuiltinTestSeed = 2;

/// The first `count` >= 1 synthetic digits of a seed, u8 [count, 1, 28, 28], ten classes (synthetic_digits.hpp).
/// The images do not depend on `count`. @throws ConfigError if count < 1.
Dataset builtin_digits(std::int64_t count, std::uint64_t seed = kBuiltinTrainSeed);

/// The first `count` >= 1 synthetic landscapes of a seed, u8 [count, 3, side, side], without classes
/// (synthetic_landscape.hpp). The images do not depend on `count` or `threads` (0: physical cores).
/// @throws ConfigError if count < 1 or the side is outside 8 .. 1024.
Dataset builtin_landscapes(std::int64_t count, std::uint64_t seed = kBuiltinTrainSeed, int side = kLandscapeSide,
                           int threads = 0);

}  // namespace ganymede::data
