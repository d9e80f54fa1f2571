#pragma once

#include <string>
#include <string_view>

#include "picture/image.hpp"

namespace ganymede::picture {

/// Reads grey, YCbCr, RGB and CMYK images, baseline or progressive, turned upright by their EXIF orientation. `name`
/// stands in messages. least_side > 0: a larger picture may come out at 1/2, 1/4 or 1/8 of its size (each pixel the
/// mean of a square, by the shorter transform), as long as its shorter side stays at least so long; much faster.
/// @throws DataError for anything that is no whole JPEG (data that ends early or makes no sense counts as damaged), or
/// is larger than 16384 x 16384 or 64 Mi pixels.
Image decode_jpeg(std::string_view bytes, const std::string& name = "JPEG data", int least_side = 0);

/// The orientation that EXIF data ("Exif", two zero bytes, a TIFF header) names, 1 (upright) to 8; 1 where it names
/// none or is damaged. EXIF 2.32, 4.6.4: tag 0x0112 of the first directory.
int exif_orientation(std::string_view exif);

/// The picture as EXIF orientation 1 to 8 wants it shown: 2 mirrored, 3 upside down, 4 both, 5 transposed, 6 turned a
/// quarter to the right, 7 transposed over the other diagonal, 8 turned a quarter to the left.
Image upright(const Image& image, int orientation);

}  // namespace ganymede::picture
