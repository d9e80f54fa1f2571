#include "picture/picture_file.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_kind.hpp"
#include "picture/jpeg.hpp"
#include "picture/png.hpp"
#include "picture/size_limits.hpp"

namespace ganymede::picture {
bool is_picture_name(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char ch) { return std::tolower(ch); });
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

Image read_picture(const std::filesystem::path& path, int least_side) {
  const std::string bytes = read_file(path, kLargestPictureFile);
  if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, path.string(), least_side);
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes, path.string()).image;
  fail<DataError>("{}: wanted a PNG or JPEG file, found {}", path.string(), kind_of_file(bytes));
}

}  // namespace ganymede::picture
