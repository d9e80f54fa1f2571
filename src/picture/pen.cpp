#include "picture/pen.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::picture {
namespace {

double coverage_at(double distance, double radius, double half_box) {
  return (std::min(distance + half_box, radius) - std::max(distance - half_box, -radius)) / (2 * half_box);
}

// Whole pixels whose centre lies within `reach` of [low, high], clipped to [0, size).
void pixel_range(double low, double high, double reach, int size, int& first, int& last) {
  const double from = std::clamp(low - reach, 0.0, static_cast<double>(size));
  const double to = std::clamp(high + reach, -1.0, static_cast<double>(size - 1));
  first = static_cast<int>(std::ceil(from));
  last = static_cast<int>(std::floor(to));
}

void draw_segment(Coverage& out, const PenPoint& a, const PenPoint& b, double half_box) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double squared = dx * dx + dy * dy;
  const double inverse = squared > 0 ? 1 / squared : 0;
  const double reach = std::max(a.width, b.width) / 2 + half_box;
  int y0, y1, x0, x1;
  pixel_range(std::min(a.y, b.y), std::max(a.y, b.y), reach, out.height, y0, y1);
  pixel_range(std::min(a.x, b.x), std::max(a.x, b.x), reach, out.width, x0, x1);
  for (int y = y0; y <= y1; ++y) {
    float* row = out.values.data() + static_cast<std::size_t>(y) * out.width;
    for (int x = x0; x <= x1; ++x) {
      const double px = x - a.x, py = y - a.y;
      const double t = std::clamp((px * dx + py * dy) * inverse, 0.0, 1.0);
      const double ex = px - t * dx, ey = py - t * dy;
      const double distance = ex * ex + ey * ey;
      if (distance >= reach * reach) continue;
      const double radius = (a.width + t * (b.width - a.width)) / 2;
      const float value = static_cast<float>(coverage_at(std::sqrt(distance), radius, half_box));
      row[x] = std::max(row[x], value);
    }
  }
}

}  // namespace

void draw_polyline(Coverage& coverage, std::span<const PenPoint> points, double softness) {
  if (points.size() == 1) draw_segment(coverage, points[0], points[0], softness / 2);
  for (std::size_t i = 1; i < points.size(); ++i) draw_segment(coverage, points[i - 1], points[i], softness / 2);
}

void draw_polyline(Image& image, std::span<const PenPoint> points, Colour colour) {
  if (points.empty()) return;
  double x0 = points[0].x, x1 = x0, y0 = points[0].y, y1 = y0, width = 0;
  for (const PenPoint& p : points) {
    x0 = std::min(x0, p.x), x1 = std::max(x1, p.x), y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
    width = std::max(width, p.width);
  }
  int top, bottom, left, right;  // only the part of the image that the pen can touch
  pixel_range(y0, y1, width / 2 + 0.5, image.height(), top, bottom);
  pixel_range(x0, x1, width / 2 + 0.5, image.width(), left, right);
  if (top > bottom || left > right) return;
  Coverage coverage(bottom - top + 1, right - left + 1);
  std::vector<PenPoint> moved(points.begin(), points.end());
  for (PenPoint& p : moved) p.x -= left, p.y -= top;
  draw_polyline(coverage, moved);
  blend(image, coverage, top, left, colour);
}

void blend(Image& image, const Coverage& coverage, int y, int x, Colour colour) {
  const float* value = coverage.values.data();
  for (int i = 0; i < coverage.height; ++i) {
    for (int j = 0; j < coverage.width; ++j) image.blend(y + i, x + j, colour, *value++);
  }
}

}  // namespace ganymede::picture
