#pragma once

#include <string>
#include <string_view>

#include "picture/image.hpp"

namespace ganymede::picture {

// How a camera was held. EXIF 2.32, 4.6.4: tag 0x0112 of the first directory of a TIFF header, in either byte order, as
// a number of one, two or four bytes.

/// The orientation that EXIF data ("Exif", two zero bytes, a TIFF header) names, 1 (upright) to 8; 0 where it names
/// none or is damaged.
int exif_orientation(std::string_view exif);

/// The same of the TIFF header alone, as PNG's chunk eXIf holds it.
int tiff_orientation(std::string_view tiff);

/// The EXIF data in the text "Raw profile type exif" (or APP1), as ImageMagick writes it into a PNG: bytes in
/// hexadecimal, behind a name and their count. Empty if it is none.
std::string exif_of_raw_profile(std::string_view text);

/// The picture as EXIF orientation 1 to 8 wants it shown: 2 mirrored, 3 upside down, 4 both, 5 transposed, 6 turned a
/// quarter to the right, 7 transposed over the other diagonal, 8 turned a quarter to the left.
Image upright(const Image& image, int orientation);

}  // namespace ganymede::picture
