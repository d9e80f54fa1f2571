#include "picture/resize.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"

namespace ganymede::picture {
namespace {

// Along one axis of n pixels drawn as m: output i covers [i n, (i + 1) n) in units where a pixel is m wide.
struct Part {
  int first = 0;
  std::vector<std::uint32_t> shares;
};

std::vector<Part> parts_of(int from, int to) {
  std::vector<Part> parts(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t begin = i * from, end = begin + from;
    Part& part = parts[static_cast<std::size_t>(i)];
    part.first = static_cast<int>(begin / to);
    for (std::int64_t p = part.first; p * to < end; ++p)
      part.shares.push_back(static_cast<std::uint32_t>(std::min(end, (p + 1) * to) - std::max(begin, p * to)));
  }
  return parts;
}

}  // namespace

Image centre_square(const Image& image) {
  const int side = std::min(image.height(), image.width());
  const int top = (image.height() - side) / 2, left = (image.width() - side) / 2;
  Image out(side, side, image.channels());
  for (int y = 0; y < side; ++y) {
    std::copy_n(image.row(top + y).begin() + static_cast<std::ptrdiff_t>(left) * image.channels(),
                static_cast<std::size_t>(side) * image.channels(), out.row(y).begin());
  }
  return out;
}

Image resized(const Image& image, int height, int width) {
  if (image.empty()) fail<ShapeError>("resize: an empty image has no size");
  Image out(height, width, image.channels());
  if (height == image.height() && width == image.width()) return image;
  const std::vector<Part> rows = parts_of(image.height(), height), columns = parts_of(image.width(), width);
  const auto channels = static_cast<std::size_t>(image.channels());
  const std::size_t row_size = static_cast<std::size_t>(image.width()) * channels;
  const std::uint64_t area = std::uint64_t{static_cast<std::uint32_t>(image.height())} * image.width();
  std::vector<std::uint64_t> sums(row_size);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 0);
    const Part& part = rows[static_cast<std::size_t>(y)];
    for (std::size_t k = 0; k < part.shares.size(); ++k) {
      const auto from = image.row(part.first + static_cast<int>(k));
      for (std::size_t i = 0; i < row_size; ++i) sums[i] += std::uint64_t{part.shares[k]} * from[i];
    }
    auto to = out.row(y).begin();
    for (const Part& column : columns) {
      for (std::size_t c = 0; c < channels; ++c) {
        std::uint64_t sum = 0;
        for (std::size_t k = 0; k < column.shares.size(); ++k)
          sum += column.shares[k] * sums[(static_cast<std::size_t>(column.first) + k) * channels + c];
        *to++ = static_cast<std::uint8_t>((2 * sum + area) / (2 * area));
      }
    }
  }
  return out;
}

}  // namespace ganymede::picture
