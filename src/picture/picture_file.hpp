#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "picture/image.hpp"

namespace ganymede::picture {

/// Whether the name ends as PNG's and JPEG's do (.png, .jpg, .jpeg, .jpe, .jfif), in any case.
bool is_picture_name(const std::filesystem::path& path);
/// Whether the name ends as pictures of other formats do, which are not read: .webp, .gif, .tif, .heic ...
bool is_unread_picture_name(const std::filesystem::path& path);

/// A PNG or JPEG file, told apart by its first bytes, whatever its name. least_side: as decode_jpeg's.
/// @throws DataError naming the path: missing, neither of both, damaged.
Image read_picture(const std::filesystem::path& path, int least_side = 0);

struct PictureSize {
  std::uint32_t width = 0, height = 0;  ///< as stored: not turned by EXIF
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};
/// What the header of a PNG or JPEG file says, whether or not the rest can be read; none for other files.
std::optional<PictureSize> picture_size(const std::filesystem::path& path);

}  // namespace ganymede::picture
