#include "picture/exif.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace ganymede::picture {
namespace {

constexpr std::string_view kHeader{"Exif\0\0", 6};
constexpr std::uint64_t kOrientation = 0x0112;

/// Bytes of a number of the TIFF type; 0 for types that are no whole numbers.
std::size_t size_of_type(std::uint64_t type) {
  switch (type) {
    case 1:
    case 6:
      return 1;
    case 3:
    case 8:
      return 2;
    case 4:
    case 9:
      return 4;
    default:
      return 0;
  }
}

}  // namespace

int exif_orientation(std::string_view exif) {
  return exif.starts_with(kHeader) ? tiff_orientation(exif.substr(kHeader.size())) : 0;
}

int tiff_orientation(std::string_view tiff) {
  if (tiff.size() < 8 || (!tiff.starts_with("II") && !tiff.starts_with("MM"))) return 0;
  const bool little = tiff.starts_with("II");
  const auto number = [&](std::uint64_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t from = little ? at + count - 1 - i : at + i;
      value = value << 8 | static_cast<unsigned char>(from < tiff.size() ? tiff[from] : 0);
    }
    return value;
  };
  const std::uint64_t directory = number(4, 4);
  const std::uint64_t entries = number(directory, 2);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::uint64_t entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.size()) return 0;
    if (number(entry, 2) != kOrientation) continue;
    const std::uint64_t value = number(entry + 8, size_of_type(number(entry + 2, 2)));
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 0;
  }
  return 0;
}

std::string exif_of_raw_profile(std::string_view text) {
  constexpr std::string_view kHeaderInHex = "457869660000";
  std::string digits;
  for (const unsigned char ch : text) {
    if (std::isxdigit(ch) != 0) digits += static_cast<char>(std::tolower(ch));
  }
  std::string bytes;
  for (std::size_t at = std::min(digits.find(kHeaderInHex), digits.size()); at + 1 < digits.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  }
  return bytes;
}

Image upright(const Image& image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const bool turned = orientation >= 5;
  const int h = image.height(), w = image.width();
  Image out(turned ? w : h, turned ? h : w, image.channels());
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      int row = turned ? x : y, column = turned ? y : x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) row = h - 1 - row;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) column = w - 1 - column;
      std::copy_n(image.row(row).begin() + static_cast<std::ptrdiff_t>(column) * image.channels(), image.channels(),
                  out.row(y).begin() + static_cast<std::ptrdiff_t>(x) * image.channels());
    }
  }
  return out;
}

}  // namespace ganymede::picture
