#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "picture/image.hpp"

namespace ganymede::picture {

/// Text chunks of a PNG (tEXt, Latin-1): keyword of 1 to 79 printable characters -> text.
using PngText = std::map<std::string, std::string>;

struct Png {
  Image image;
  PngText text;
};

/// The bytes of a PNG file: the same image and text give the same bytes (no time stamp, fixed filter and level).
/// @throws DataError for an empty image or an impossible keyword.
std::string encode_png(const Image& image, const PngText& text = {});
/// Reads grey, RGB and palette images of 1 to 16 bits; 16 bits are scaled to 8, transparency is laid over white.
/// Samples are taken as they are stored, whatever colour profile or gamma the file names, and turned upright by EXIF
/// data (exif.hpp). `name` stands in messages.
/// @throws DataError for anything that is no whole PNG, or is larger than size_limits.hpp allows.
Png decode_png(std::string_view bytes, const std::string& name = "PNG data");

/// Writes beside the target and renames: a reader sees the old file or the whole new one. @throws DataError naming the
/// path.
void write_png(const std::filesystem::path& path, const Image& image, const PngText& text = {});
Png read_png(const std::filesystem::path& path);

}  // namespace ganymede::picture
