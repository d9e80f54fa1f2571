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

}  // namespace ganymede::picture
