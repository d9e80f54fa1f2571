#include "picture/picture_file.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "base/text.hpp"
#include "picture/jpeg.hpp"
#include "picture/png.hpp"
#include "picture/size_limits.hpp"

namespace ganymede::picture {
namespace {

constexpr std::array kRead{".png", ".jpg", ".jpeg", ".jpe", ".jfif"};
constexpr std::array kUnread{".webp", ".gif",  ".bmp", ".dib", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jxl",
                             ".jp2",  ".j2k",  ".ppm", ".pgm", ".pbm", ".pnm",  ".pam",  ".tga",  ".ico",  ".svg",
                             ".psd",  ".apng", ".exr", ".hdr", ".cr2", ".cr3",  ".nef",  ".arw",  ".dng",  ".orf"};

template <std::size_t N>
bool ends_as_one_of(const std::filesystem::path& path, const std::array<const char*, N>& endings) {
  const std::string ending = lower_case(path.extension().string());
  return std::any_of(endings.begin(), endings.end(), [&](const char* one) { return ending == one; });
}

std::uint32_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::optional<PictureSize> size_of_png(std::string_view bytes) {
  if (bytes.size() < 24 || bytes.substr(12, 4) != "IHDR") return {};
  return PictureSize{.width = big_endian(bytes, 16, 4), .height = big_endian(bytes, 20, 4)};
}

// The first frame header among the segments.
std::optional<PictureSize> size_of_jpeg(std::string_view bytes) {
  for (std::size_t at = 2; at + 9 <= bytes.size();) {
    if (bytes[at] != '\xff') return {};
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    if (marker == 0xFF) {  // fill
      ++at;
      continue;
    }
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
      return PictureSize{.width = big_endian(bytes, at + 7, 2), .height = big_endian(bytes, at + 5, 2)};
    const std::uint32_t length = big_endian(bytes, at + 2, 2);
    if (length < 2 || marker == 0xDA) return {};
    at += 2 + length;
  }
  return {};
}

}  // namespace

bool is_picture_name(const std::filesystem::path& path) {
  return ends_as_one_of(path, kRead);
}

bool is_unread_picture_name(const std::filesystem::path& path) {
  return ends_as_one_of(path, kUnread);
}

Image read_picture(const std::filesystem::path& path, int least_side) {
  const std::string bytes = read_file(path, kLargestPictureFile);
  if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, path.string(), least_side);
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes, path.string()).image;
  fail<DataError>("{}: wanted a PNG or JPEG file, found {}", path.string(), kind_of_file(bytes));
}

std::optional<PictureSize> picture_size(const std::filesystem::path& path) try {
  const std::string bytes = read_file(path, kLargestPictureFile);
  return bytes.starts_with("\xff\xd8")  ? size_of_jpeg(bytes)
         : bytes.starts_with("\x89PNG") ? size_of_png(bytes)
                                        : std::nullopt;
} catch (const DataError&) {
  return {};
}

}  // namespace ganymede::picture
