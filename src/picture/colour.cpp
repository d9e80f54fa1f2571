#include "picture/colour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ganymede::picture {
namespace {

std::uint8_t rounded(double v) {
  return static_cast<std::uint8_t>(std::lround(v));
}

}  // namespace

std::uint8_t grey_of(Colour c) {
  return static_cast<std::uint8_t>((299 * c.r + 587 * c.g + 114 * c.b + 500) / 1000);
}

Colour mix(Colour a, Colour b, double t) {
  t = std::clamp(t, 0.0, 1.0);
  return {rounded(a.r + (b.r - a.r) * t), rounded(a.g + (b.g - a.g) * t), rounded(a.b + (b.b - a.b) * t)};
}

std::string to_hex(Colour c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c.r, c.g, c.b);
}

Colour series_colour(int i) {
  static constexpr Colour kColours[] = {{0, 114, 178}, {213, 94, 0},   {0, 158, 115}, {204, 121, 167},
                                        {230, 159, 0}, {86, 180, 233}, {60, 60, 60},  {190, 175, 20}};
  return kColours[static_cast<unsigned>(i) % std::size(kColours)];
}

Colour class_colour(int k) {
  static constexpr Colour kColours[] = {{31, 119, 180}, {255, 152, 30}, {44, 160, 44},   {214, 48, 49},
                                        {136, 86, 192}, {134, 86, 70},  {236, 120, 190}, {125, 125, 125},
                                        {190, 190, 40}, {30, 190, 210}};
  return kColours[static_cast<unsigned>(k) % std::size(kColours)];
}

Colour sequential_colour(double t) {
  static constexpr Colour kKnots[] = {{68, 1, 84},    {71, 44, 122}, {59, 81, 139},  {44, 113, 142}, {33, 144, 141},
                                      {39, 173, 129}, {92, 200, 99}, {170, 220, 50}, {253, 231, 37}};
  if (std::isnan(t)) return {128, 128, 128};
  constexpr int kPieces = static_cast<int>(std::size(kKnots)) - 1;
  const double at = std::clamp(t, 0.0, 1.0) * kPieces;
  const int piece = std::min(static_cast<int>(at), kPieces - 1);
  return mix(kKnots[piece], kKnots[piece + 1], at - piece);
}

}  // namespace ganymede::picture
