#include "measure/attributes/stroke_pixels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

// Less than this beside a stroke is its ground: what tanh leaves there is no ink.
constexpr double kTouching = 0.1;

struct StrokeMoments {
  double sum = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
};

StrokeMoments moments_of_ink(const StrokePixels& p) {
  StrokeMoments m;
  for (int y = 0; y < p.height; ++y) {
    for (int x = 0; x < p.width; ++x) {
      m.sum += p.at(y, x);
      m.x += p.at(y, x) * x;
      m.y += p.at(y, x) * y;
    }
  }
  if (!(m.sum > 0)) return {};
  m.x /= m.sum;
  m.y /= m.sum;
  for (int y = 0; y < p.height; ++y) {
    for (int x = 0; x < p.width; ++x) {
      const double a = p.at(y, x) / m.sum;
      m.xx += a * (x - m.x) * (x - m.x);
      m.xy += a * (x - m.x) * (y - m.y);
      m.yy += a * (y - m.y) * (y - m.y);
    }
  }
  return m;
}

// Ink that is met from (y, x) on, itself left out, in steps of (dy, dx).
double ink_along(const StrokePixels& p, int y, int x, int dy, int dx) {
  double sum = 0;
  for (y += dy, x += dx; y >= 0 && y < p.height && x >= 0 && x < p.width && p.at(y, x) >= kTouching; y += dy, x += dx)
    sum += p.at(y, x);
  return sum;
}

double narrowest_run(const StrokePixels& p, int y, int x) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [dy, dx] : {std::pair(0, 1), std::pair(1, 0), std::pair(1, 1), std::pair(1, -1)}) {
    const double run = p.at(y, x) + ink_along(p, y, x, dy, dx) + ink_along(p, y, x, -dy, -dx);
    least = std::min(least, dy != 0 && dx != 0 ? run * std::numbers::sqrt2 : run);
  }
  return least;
}

struct StrokeHoles {
  int count = 0, pixels = 0, inked = 0;
};

// Floods the ground region by region; one that never reaches the border is a hole.
StrokeHoles holes_of(const StrokePixels& p) {
  StrokeHoles found;
  std::vector<bool> seen(p.ink.size());
  std::vector<std::pair<int, int>> open;
  for (int first = 0; first < p.height * p.width; ++first) {
    const int y0 = first / p.width, x0 = first % p.width;
    if (p.inked(y0, x0)) {
      ++found.inked;
      continue;
    }
    if (seen[static_cast<std::size_t>(first)]) continue;
    bool meets_border = false;
    int pixels = 0;
    seen[static_cast<std::size_t>(first)] = true;
    for (open = {{y0, x0}}; !open.empty();) {
      const auto [y, x] = open.back();
      open.pop_back();
      ++pixels;
      for (const auto& [dy, dx] : {std::pair(0, 1), std::pair(1, 0), std::pair(0, -1), std::pair(-1, 0)}) {
        const int v = y + dy, u = x + dx;
        if (v < 0 || v >= p.height || u < 0 || u >= p.width) {
          meets_border = true;
          continue;
        }
        const auto at = static_cast<std::size_t>(v * p.width + u);
        if (seen[at] || p.inked(v, u)) continue;
        seen[at] = true;
        open.emplace_back(v, u);
      }
    }
    if (meets_border) continue;
    ++found.count;
    found.pixels += pixels;
  }
  return found;
}

}  // namespace

StrokePixels stroke_pixels(std::span<const float> chw, int channels, int height, int width) {
  const std::size_t plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  if (channels < 1 || chw.size() != plane * static_cast<std::size_t>(channels)) {
    fail<ShapeError>("stroke_pixels: wanted {} x {} x {} values, found {}", channels, height, width, chw.size());
  }
  StrokePixels pixels{.ink = std::vector<double>(plane), .height = height, .width = width};
  for (std::size_t i = 0; i < plane; ++i) {
    double sum = 0;
    for (int c = 0; c < channels; ++c) sum += std::clamp(chw[static_cast<std::size_t>(c) * plane + i], -1.0F, 1.0F);
    pixels.ink[i] = (sum / channels + 1) / 2;
  }
  return pixels;
}

double ink_share(const StrokePixels& pixels) {
  double sum = 0;
  for (const double a : pixels.ink) sum += a;
  return pixels.ink.empty() ? 0 : sum / static_cast<double>(pixels.ink.size());
}

double stroke_thickness(const StrokePixels& pixels) {
  std::vector<double> runs;
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width; ++x) {
      if (pixels.inked(y, x)) runs.push_back(narrowest_run(pixels, y, x));
    }
  }
  if (runs.empty()) return 0;
  std::ranges::sort(runs);
  return (runs[(runs.size() - 1) / 2] + runs[runs.size() / 2]) / 2;
}

double stroke_slant(const StrokePixels& pixels) {
  const StrokeMoments m = moments_of_ink(pixels);
  return m.yy > 0 ? -m.xy / m.yy : 0;
}

double stroke_width(const StrokePixels& pixels) {
  const StrokeMoments m = moments_of_ink(pixels);
  return m.sum > 0 ? std::sqrt(12 * m.xx + 1) : 0;
}

double stroke_height(const StrokePixels& pixels) {
  const StrokeMoments m = moments_of_ink(pixels);
  return m.sum > 0 ? std::sqrt(12 * m.yy + 1) : 0;
}

double stroke_holes(const StrokePixels& pixels) {
  return holes_of(pixels).count;
}

double stroke_roundness(const StrokePixels& pixels) {
  const StrokeHoles holes = holes_of(pixels);
  return holes.pixels == 0 ? 0 : static_cast<double>(holes.pixels) / (holes.pixels + holes.inked);
}

double stroke_symmetry(const StrokePixels& pixels) {
  const StrokeMoments m = moments_of_ink(pixels);
  if (!(m.sum > 0)) return 0;
  const auto ink_at = [&](int y, int x) { return x < 0 || x >= pixels.width ? 0 : pixels.at(y, x); };
  double apart = 0;
  // A mirror image may stand beside the picture: what lies there is compared with nothing.
  for (int x = -pixels.width; x < 2 * pixels.width; ++x) {
    const double mirrored = 2 * m.x - x;
    const int left = static_cast<int>(std::floor(mirrored));
    const double share = mirrored - left;
    for (int y = 0; y < pixels.height; ++y) {
      const double other = (1 - share) * ink_at(y, left) + share * ink_at(y, left + 1);
      apart += std::abs(ink_at(y, x) - other);
    }
  }
  return 1 - apart / (2 * m.sum);
}

}  // namespace ganymede::measure
