#pragma once

#include <cstdint>
#include <span>

namespace ganymede::data {

// Handwritten-looking digits without a download: stroke templates of each class, drawn anew for every sample with
// random slant, proportion, curvature, elastic bend, pen and pressure. MNIST's conventions: 28 x 28, ink 255 on paper
// 0, the digit fits a 20 x 20 box whose centre of mass lies in the middle of the picture. Every sample is a function of
// (seed, index) alone, the same bits on every machine.

inline constexpr int kDigitSide = 28;
inline constexpr int kDigitPixels = kDigitSide * kDigitSide;
inline constexpr int kDigitClasses = 10;

/// Class of a sample, 0 .. 9: each block of ten consecutive indices holds every class once, in an order shuffled by
/// (seed, block).
int synthetic_label(std::uint64_t seed, std::uint64_t index);

/// Draws sample `index` as digit `label` (0 .. 9): uint8 [28][28] into 784 pixels. The label does not change the other
/// samples.
/// @throws ShapeError for another count of pixels or another label.
void draw_digit(std::uint64_t seed, std::uint64_t index, int label, std::span<std::uint8_t> pixels);

}  // namespace ganymede::data
