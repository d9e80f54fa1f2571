#include "picture/image.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::picture {
namespace {

constexpr int kLargestSide = 65535;

}  // namespace

Image::Image(int height, int width, int channels, Colour fill) : height_(height), width_(width), channels_(channels) {
  if (height < 1 || width < 1 || height > kLargestSide || width > kLargestSide || (channels != 1 && channels != 3)) {
    fail<ShapeError>("image: wanted height and width from 1 to {} and 1 or 3 channels, found {} x {} x {}",
                     kLargestSide, height, width, channels);
  }
  pixels_.resize(offset(height, 0));
  fill_rectangle(0, 0, height, width, fill);
}

Image::Image(int height, int width, int channels, std::vector<std::uint8_t> pixels) : Image(height, width, channels) {
  if (pixels.size() != pixels_.size()) {
    fail<ShapeError>("image of {} x {} x {}: wanted {} values, found {}", height, width, channels, pixels_.size(),
                     pixels.size());
  }
  pixels_ = std::move(pixels);
}

Colour Image::colour_at(int y, int x) const {
  const std::uint8_t* p = &pixels_[offset(y, x)];
  return channels_ == 1 ? Colour{p[0], p[0], p[0]} : Colour{p[0], p[1], p[2]};
}

void Image::set(int y, int x, Colour colour) {
  if (y < 0 || x < 0 || y >= height_ || x >= width_) return;
  std::uint8_t* p = &pixels_[offset(y, x)];
  if (channels_ == 1) {
    p[0] = grey_of(colour);
  } else {
    p[0] = colour.r, p[1] = colour.g, p[2] = colour.b;
  }
}

void Image::blend(int y, int x, Colour colour, double coverage) {
  if (y < 0 || x < 0 || y >= height_ || x >= width_ || coverage <= 0) return;
  set(y, x, mix(colour_at(y, x), colour, coverage));
}

void Image::fill_rectangle(int y, int x, int height, int width, Colour colour) {
  const int y1 = std::min(y + height, height_), x1 = std::min(x + width, width_);
  for (int i = std::max(y, 0); i < y1; ++i) {
    for (int j = std::max(x, 0); j < x1; ++j) set(i, j, colour);
  }
}

void Image::blit(const Image& source, int y, int x) {
  const int x0 = std::max(x, 0), x1 = std::min(x + source.width_, width_);
  if (x0 >= x1) return;
  for (int i = std::max(y, 0); i < std::min(y + source.height_, height_); ++i) {
    if (source.channels_ == channels_) {
      const auto from = source.row(i - y).subspan(static_cast<std::size_t>(x0 - x) * channels_);
      std::copy_n(from.begin(), static_cast<std::size_t>(x1 - x0) * channels_, pixels_.begin() + offset(i, x0));
    } else {
      for (int j = x0; j < x1; ++j) set(i, j, source.colour_at(i - y, j - x));
    }
  }
}

Image Image::upscaled(int factor) const {
  if (factor < 1) fail<ShapeError>("image: an upscale factor must be at least 1 (got {})", factor);
  if (factor == 1) return *this;
  Image out(height_ * factor, width_ * factor, channels_);
  for (int y = 0; y < out.height_; ++y) {
    for (int x = 0; x < out.width_; ++x) {
      std::copy_n(&pixels_[offset(y / factor, x / factor)], channels_, &out.pixels_[out.offset(y, x)]);
    }
  }
  return out;
}

Image Image::with_channels(int channels) const {
  if (channels == channels_) return *this;
  Image out(height_, width_, channels);
  out.blit(*this, 0, 0);
  return out;
}

Image Image::padded(int height, int width, Colour background) const {
  if (height <= height_ && width <= width_) return *this;
  Image out(std::max(height, height_), std::max(width, width_), channels_, background);
  out.blit(*this, 0, 0);
  return out;
}

std::uint8_t level_of(float v) {
  if (!(v > -1)) return 0;  // NaN too
  if (v >= 1) return 255;
  return static_cast<std::uint8_t>(std::lround(127.5 * (static_cast<double>(v) + 1)));
}

Image from_unit_range(std::span<const float> chw, int channels, int height, int width) {
  Image image(height, width, channels);
  if (chw.size() != image.pixels().size()) {
    fail<ShapeError>("image of {} x {} x {}: wanted {} values, found {}", channels, height, width,
                     image.pixels().size(), chw.size());
  }
  const std::size_t plane = static_cast<std::size_t>(height) * width;
  for (std::size_t i = 0; i < plane; ++i) {
    for (int c = 0; c < channels; ++c) image.pixels()[i * channels + c] = level_of(chw[c * plane + i]);
  }
  return image;
}

}  // namespace ganymede::picture
