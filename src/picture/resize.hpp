#pragma once

#include "picture/image.hpp"

namespace ganymede::picture {

/// The square in the middle: side min(H, W), its first row (H - side) / 2, rounded down.
Image centre_square(const Image& image);

/// The picture at another size by areas: each pixel is the mean of the part of the picture that it covers, a pixel that
/// is covered partly counts by its share; larger sizes repeat pixels (boxes). Exact in integers: the mean is rounded to
/// the nearest level, half up. @throws ShapeError for a side outside 1 .. 65535.
Image resized(const Image& image, int height, int width);

}  // namespace ganymede::picture
