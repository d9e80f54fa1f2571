#include "picture/picture_file.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/file.hpp"
#include "picture/jpeg.hpp"
#include "picture/png.hpp"

namespace ganymede::picture {
namespace {

constexpr std::uintmax_t kLargestFile = 256'000'000;

}  // namespace

bool is_picture_name(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char ch) { return std::tolower(ch); });
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

Image read_picture(const std::filesystem::path& path, int least_side) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > kLargestFile && !error)
    fail<DataError>("{}: larger than {} bytes", path.string(), kLargestFile);
  const std::string bytes = read_file(path);
  if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, path.string(), least_side);
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes, path.string()).image;
  fail<DataError>("{}: wanted a PNG or JPEG file, found {}", path.string(),
                  bytes.empty() ? "nothing" : "something else (other first bytes)");
}

}  // namespace ganymede::picture
