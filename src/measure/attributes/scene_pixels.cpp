#include "measure/attributes/scene_pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

using Colour = std::array<double, 3>;

std::vector<Colour> colours_of(std::span<const float> chw, int height, int width) {
  const std::size_t plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  if (plane == 0 || chw.size() != 3 * plane)
    fail<ShapeError>("scene: wanted 3 x {} x {} values, found {}", height, width, chw.size());
  std::vector<Colour> colours(plane);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < plane; ++i)
      colours[i][c] = (std::clamp(static_cast<double>(chw[c * plane + i]), -1.0, 1.0) + 1) / 2;
  }
  return colours;
}

double luma(const Colour& c) {
  return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}

template <class Of>
double mean_over(const std::vector<Colour>& colours, const Of& of) {
  double sum = 0;
  for (const Colour& c : colours) sum += of(c);
  return sum / static_cast<double>(colours.size());
}

}  // namespace

double scene_brightness(std::span<const float> chw, int height, int width) {
  return mean_over(colours_of(chw, height, width), luma);
}

double scene_contrast(std::span<const float> chw, int height, int width) {
  const std::vector<Colour> colours = colours_of(chw, height, width);
  const double mean = mean_over(colours, luma);
  return std::sqrt(mean_over(colours, [&](const Colour& c) { return (luma(c) - mean) * (luma(c) - mean); }));
}

double scene_warmth(std::span<const float> chw, int height, int width) {
  return mean_over(colours_of(chw, height, width), [](const Colour& c) { return c[0] - c[2]; });
}

double scene_saturation(std::span<const float> chw, int height, int width) {
  return mean_over(colours_of(chw, height, width), [](const Colour& c) {
    const auto [low, high] = std::ranges::minmax(c);
    return high > 0 ? (high - low) / high : 0;
  });
}

double scene_horizon(std::span<const float> chw, int height, int width) {
  const std::vector<Colour> colours = colours_of(chw, height, width);
  std::vector<Colour> above(static_cast<std::size_t>(height) + 1, Colour{});  // sums over the rows above each cut
  for (std::size_t i = 0; i < colours.size(); ++i) {
    const std::size_t row = i / static_cast<std::size_t>(width);
    if (i % static_cast<std::size_t>(width) == 0) above[row + 1] = above[row];
    for (std::size_t c = 0; c < 3; ++c) above[row + 1][c] += colours[i][c];
  }
  double best = 0;
  int cut = 0;
  for (int k = 1; k < height; ++k) {
    double squares = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const double upper = above[static_cast<std::size_t>(k)][c];
      const double lower = above.back()[c] - upper;
      const double apart = upper / (static_cast<double>(k) * width) - lower / (static_cast<double>(height - k) * width);
      squares += apart * apart;
    }
    const double worth = static_cast<double>(k) * (height - k) * squares;
    if (worth > best * (1 + 1e-12) + 1e-12) {  // not by rounding alone
      best = worth;
      cut = k;
    }
  }
  return cut == 0 ? 0.5 : 1 - static_cast<double>(cut) / height;
}

}  // namespace ganymede::measure
