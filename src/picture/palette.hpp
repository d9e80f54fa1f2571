#pragma once

#include <cstdint>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::picture {

/// A picture as numbers [H][W] into a list of at most 256 colours.
struct Indexed {
  std::vector<Colour> palette;
  std::vector<std::uint8_t> indices;
};

/// Exact for grey images (the palette is 0 .. 255) and for images of at most 256 colours; else by median cut (Heckbert
/// 1982, "Color image quantization for frame buffer display") on colours of 5 bits a channel.
Indexed to_indexed(const Image& image);

}  // namespace ganymede::picture
