#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace ganymede::picture {

/// An sRGB colour, 8 bits a channel.
struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};

inline constexpr Colour kBlack{0, 0, 0};
inline constexpr Colour kWhite{255, 255, 255};

/// Luma by Rec. 601 in integers: (299 r + 587 g + 114 b + 500) / 1000.
std::uint8_t grey_of(Colour colour);

/// a at t = 0, b at t = 1, rounded; t is clamped to [0, 1].
Colour mix(Colour a, Colour b, double t);

/// "#rrggbb"
std::string to_hex(Colour colour);

/// Colour of series i in a plot: the eight of Okabe and Ito (2008, "Color Universal Design"), told apart by
/// colour-blind readers; repeats.
Colour series_colour(int i);

/// Colour of class k, ten distinct ones in the order of the digits; repeats.
Colour class_colour(int k);

/// Sequential map, dark blue over green to yellow (viridis by eye, 9 knots); t is clamped to [0, 1], NaN gives mid
/// grey.
Colour sequential_colour(double t);

}  // namespace ganymede::picture
