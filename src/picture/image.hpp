#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "picture/colour.hpp"

namespace ganymede::picture {

/// 8-bit pixels, 1 (grey) or 3 (sRGB) channels, row-major [H][W][C]. x runs right, y runs down, (0, 0) is the top left
/// pixel. Drawing outside the image is clipped. Drawing a colour into a grey image draws its luma.
class Image {
 public:
  Image() = default;
  /// @throws ShapeError unless 1 <= height, width <= 65535 and channels is 1 or 3.
  Image(int height, int width, int channels, Colour fill = kBlack);
  /// Takes pixels [H][W][C]. @throws ShapeError if their count is not height * width * channels.
  Image(int height, int width, int channels, std::vector<std::uint8_t> pixels);

  int height() const { return height_; }
  int width() const { return width_; }
  int channels() const { return channels_; }
  bool empty() const { return pixels_.empty(); }
  std::span<std::uint8_t> pixels() { return pixels_; }
  std::span<const std::uint8_t> pixels() const { return pixels_; }
  std::span<std::uint8_t> row(int y) { return std::span(pixels_).subspan(offset(y, 0), row_size()); }
  std::span<const std::uint8_t> row(int y) const { return std::span(pixels_).subspan(offset(y, 0), row_size()); }

  /// The pixel's colour; (y, x) must lie inside.
  Colour colour_at(int y, int x) const;
  void set(int y, int x, Colour colour);
  /// pixel += (colour - pixel) * coverage, coverage in [0, 1].
  void blend(int y, int x, Colour colour, double coverage);

  /// Fills the rectangle of `height` x `width` pixels whose top left one is (y, x).
  void fill_rectangle(int y, int x, int height, int width, Colour colour);
  /// Copies `source` with its top left pixel to (y, x); grey into colour and back are converted.
  void blit(const Image& source, int y, int x);

  /// Every pixel as a factor x factor square; factor >= 1.
  Image upscaled(int factor) const;
  /// The same picture with 1 or 3 channels.
  Image with_channels(int channels) const;
  /// The picture on a canvas of at least its own size, top left, the rest filled.
  Image padded(int height, int width, Colour background) const;

  friend bool operator==(const Image&, const Image&) = default;

 private:
  std::size_t offset(int y, int x) const { return (static_cast<std::size_t>(y) * width_ + x) * channels_; }
  std::size_t row_size() const { return static_cast<std::size_t>(width_) * channels_; }

  int height_ = 0, width_ = 0, channels_ = 1;
  std::vector<std::uint8_t> pixels_;
};

/// The 8-bit level of v: round(127.5 (v + 1)), clamped to 0 .. 255, so -1 is 0 and +1 is 255; NaN is 0.
std::uint8_t level_of(float v);

/// An image of float [C, H, W] in [-1, 1], C = 1 or 3. @throws ShapeError if the count does not fit.
Image from_unit_range(std::span<const float> chw, int channels, int height, int width);

}  // namespace ganymede::picture
