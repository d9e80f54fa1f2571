#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>

namespace ganymede::picture {

// What a picture file may hold: bounds for damaged headers and hostile files, far beyond any photograph here.
inline constexpr std::uint64_t kLargestPictureFile = 256'000'000;  // bytes
inline constexpr std::uint64_t kLargestPictureSide = 16384;
inline constexpr std::uint64_t kMostPixels = std::uint64_t{64} << 20;

/// Why a picture of that size is not read; empty if it is.
inline std::string size_fault(std::uint64_t width, std::uint64_t height) {
  if (width <= kLargestPictureSide && height <= kLargestPictureSide && width * height <= kMostPixels) return {};
  return fmt::format(
      "a picture of {} x {} pixels (width x height); the limit is {} a side and {} Mi pixels in all: reduce it first",
      width, height, kLargestPictureSide, kMostPixels >> 20);
}

}  // namespace ganymede::picture
