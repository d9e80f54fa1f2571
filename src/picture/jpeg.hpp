#pragma once

#include <string>
#include <string_view>

#include "picture/image.hpp"

namespace ganymede::picture {

/// Reads grey, YCbCr, RGB and CMYK images, baseline or progressive, turned upright by their EXIF data (exif.hpp), in
/// whichever segment it stands. `name` stands in messages. least_side > 0: a larger picture may come out at 1/2, 1/4 or
/// 1/8 of its size (each pixel the mean of a square, by the shorter transform), as long as its shorter side stays at
/// least so long; much faster.
/// @throws DataError for anything that is no whole JPEG (data that ends early or makes no sense counts as damaged), or
/// is larger than size_limits.hpp allows.
Image decode_jpeg(std::string_view bytes, const std::string& name = "JPEG data", int least_side = 0);

}  // namespace ganymede::picture
