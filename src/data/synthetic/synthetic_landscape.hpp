#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace ganymede::data {

// Landscapes without a download: sky with sun, clouds or stars; ranges of mountains, hills, mesas or dunes one behind
// another; water with their reflection, or a plain; trees, snow, flowers; every season, weather and time of day. Every
// sample is a function of (seed, index) alone, the same bits on every machine; its scene (landscape_scene.hpp) does not
// depend on the resolution.

inline constexpr int kLandscapeSide = 64;

/// Classes: the relief, with or without water, by day or with a low sun (or at night): 4 x 2 x 2.
inline constexpr int kLandscapeClasses = 16;
/// "mountains", "mountains, low sun", "mountains and water", "mountains and water, low sun", "hills" ...
std::string landscape_class_name(int k);
/// The class of sample `index`, in [0, kLandscapeClasses).
int landscape_label(std::uint64_t seed, std::uint64_t index);

/// Draws sample `index`: uint8 [3][side][side], sRGB, into `pixels`.
/// @throws ShapeError for another count of pixels or a side outside 8 .. 1024.
void draw_landscape(std::uint64_t seed, std::uint64_t index, int side, std::span<std::uint8_t> pixels);

}  // namespace ganymede::data
