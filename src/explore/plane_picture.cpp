#include "explore/plane_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "explore/class_map_picture.hpp"
#include "picture/font.hpp"
#include "picture/pen.hpp"

namespace ganymede::explore {
namespace {

using picture::Align;
using picture::Colour;
using picture::Image;
using picture::PenPoint;

bool is_pale(const std::vector<bool>& pale, std::int32_t k) {
  return static_cast<std::size_t>(k) < pale.size() && pale[static_cast<std::size_t>(k)];
}

// Where a coordinate lies on an axis, in points from its first: by straight lines between them.
double position_on(std::span<const float> axis, double z) {
  const auto above = std::upper_bound(axis.begin(), axis.end(), static_cast<float>(z));
  const auto i = std::clamp<std::ptrdiff_t>(above - axis.begin(), 1, static_cast<std::ptrdiff_t>(axis.size()) - 1);
  const double low = axis[static_cast<std::size_t>(i - 1)], high = axis[static_cast<std::size_t>(i)];
  return static_cast<double>(i - 1) + (z - low) / (high - low);
}

PenPoint place_of(std::span<const float> axis, double right, double up, int scale) {
  const auto side = static_cast<double>(axis.size());
  return {(position_on(axis, right) + 0.5) * scale - 0.5, (side - position_on(axis, up) - 0.5) * scale - 0.5, 2};
}

std::vector<PenPoint> places_of(std::span<const float> axis, std::span<const float> points, int scale) {
  std::vector<PenPoint> places;
  for (std::size_t p = 0; p + 1 < points.size(); p += 2)
    places.push_back(place_of(axis, points[p], points[p + 1], scale));
  return places;
}

// White around black, so that it shows on every colour.
void draw_line(Image& image, std::vector<PenPoint> line, double width) {
  for (const auto& [grow, colour] : {std::pair{2.0, picture::kWhite}, std::pair{0.0, picture::kBlack}}) {
    for (PenPoint& p : line) p.width = width + grow;
    picture::draw_polyline(image, line, colour);
  }
}

// Text with a rim of white.
void draw_rimmed(Image& image, double x, double y, const std::string& text, Align align) {
  for (const auto& [dx, dy] : {std::pair{-1, 0}, std::pair{1, 0}, std::pair{0, -1}, std::pair{0, 1}})
    picture::draw_text(image, x + dx, y + dy, text, kMapTitle, picture::kWhite, align, true);
  picture::draw_text(image, x, y, text, kMapTitle, picture::kBlack, align, true);
}

void draw_dot(Image& image, PenPoint at, double width, Colour colour) {
  at.width = width;
  picture::draw_polyline(image, std::span(&at, 1), colour);
}

}  // namespace

Colour pale_colour(int k) {
  const Colour full = map_colour(k);
  const auto left = [](std::uint8_t v) { return static_cast<std::uint8_t>(255 - (255 - v) * 3 / 10); };
  return {left(full.r), left(full.g), left(full.b)};
}

Image draw_labels(std::span<const std::int32_t> labels, int side, int scale, const std::vector<bool>& pale) {
  Image image(side * scale, side * scale, 3);
  for (int i = 0; i < side; ++i) {
    for (int j = 0; j < side; ++j) {
      const std::int32_t k = labels[static_cast<std::size_t>(i) * static_cast<std::size_t>(side) + j];
      image.fill_rectangle((side - 1 - j) * scale, i * scale, scale, scale,
                           is_pale(pale, k) ? pale_colour(k) : map_colour(k));
    }
  }
  return image;
}

std::string numbered_name(std::size_t k, std::span<const std::string> class_names) {
  constexpr std::size_t kShort = 2;  // what finds its place on nearly every area
  return class_names[k].size() <= kShort ? class_names[k] : fmt::format("{} {}", k, class_names[k]);
}

void name_areas(Image& plane, std::span<const std::int32_t> labels, std::span<const std::string> class_names, int side,
                int scale, const std::vector<bool>& pale) {
  for (std::size_t k = 0; k < class_names.size(); ++k) {
    const Spot spot = middle_of(labels, side, static_cast<std::int32_t>(k));
    const int room = 2 * spot.distance * scale;
    const auto fits = [&](const std::string& text) {
      return room >= std::max(18, picture::text_width(text, kMapTitle, true));
    };
    const std::string text = fits(class_names[k]) ? class_names[k] : std::to_string(k);
    if (!fits(text)) continue;
    const bool faint = is_pale(pale, static_cast<std::int32_t>(k));
    const bool bright = picture::grey_of(map_colour(static_cast<int>(k))) > 140;
    picture::draw_text(plane, (spot.i + 0.5) * scale, (side - spot.j - 0.5) * scale + kMapTitle / 2, text, kMapTitle,
                       faint    ? kMapFaint
                       : bright ? picture::kBlack
                                : picture::kWhite,
                       Align::centre, true);
  }
}

void draw_path(Image& plane, std::span<const float> axis, std::span<const float> points, int scale) {
  const std::vector<PenPoint> line = places_of(axis, points, scale);
  if (line.empty()) return;
  for (const auto& [grow, colour] : {std::pair{2.0, picture::kWhite}, std::pair{0.0, picture::kBlack}}) {
    std::vector<PenPoint> wide = line;
    for (PenPoint& p : wide) p.width = 2 + grow;
    picture::draw_polyline(plane, wide, colour);
    for (const PenPoint& end : {line.front(), line.back()}) draw_dot(plane, end, 9 + grow, colour);
  }
}

void draw_dashes(Image& plane, std::span<const float> axis, std::span<const float> points, int scale) {
  constexpr std::size_t kDashes = 20;  // and as many gaps
  const std::vector<PenPoint> line = places_of(axis, points, scale);
  const std::size_t each = std::max<std::size_t>(1, line.size() / (2 * kDashes));
  for (std::size_t i = 0; i + 1 < line.size(); i += 2 * each) {
    const auto from = line.begin() + static_cast<std::ptrdiff_t>(i);
    draw_line(plane, {from, line.begin() + static_cast<std::ptrdiff_t>(std::min(i + each + 1, line.size()))}, 1.5);
  }
}

Colour colour_at(const Image& plane, std::span<const float> axis, float right, float up, int scale) {
  const PenPoint at = place_of(axis, right, up, scale);
  return plane.colour_at(std::clamp(static_cast<int>(std::lround(at.y)), 0, plane.height() - 1),
                         std::clamp(static_cast<int>(std::lround(at.x)), 0, plane.width() - 1));
}

void draw_point(Image& plane, std::span<const float> axis, float right, float up, int scale, Colour inside,
                const std::string& name) {
  const PenPoint at = place_of(axis, right, up, scale);
  draw_dot(plane, at, 14, picture::kWhite);
  draw_dot(plane, at, 12, picture::kBlack);
  if (inside != picture::kBlack) {
    draw_dot(plane, at, 8, picture::kWhite);
    draw_dot(plane, at, 6, inside);
  }
  if (name.empty()) return;
  // Beside it, on the side where there is room, with a rim of white.
  const bool left = at.x > plane.width() - 30;
  const double text_x = at.x + (left ? -11 : 11), text_y = std::clamp(at.y + 5, 14.0, plane.height() - 4.0);
  draw_rimmed(plane, text_x, text_y, name, left ? Align::right : Align::left);
}

void draw_named_line(Image& plane, std::span<const float> axis, const NamedLine& line, int scale) {
  constexpr int kSteps = 64;
  constexpr double kArrow = 28, kBarb = 7, kLineWidth = 3;
  const double length = std::hypot(line.a, line.b);
  if (length < 1e-6) return;
  const double low = axis.front(), high = axis.back();
  std::vector<PenPoint> points;
  const PenPoint middle{plane.width() / 2.0, plane.height() / 2.0, 1};
  PenPoint foot{};
  double nearest = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kSteps; ++i) {
    const double free = low + (high - low) * i / kSteps;
    const bool steep = std::fabs(line.a) > std::fabs(line.b);
    const double right = steep ? -(line.b * free + line.c) / line.a : free;
    const double up = steep ? free : -(line.a * free + line.c) / line.b;
    if (std::fabs(right + up - low - high) > 3 * (high - low)) continue;  // far outside
    points.push_back(place_of(axis, right, up, scale));
    const PenPoint& p = points.back();
    const double distance = std::hypot(p.x - middle.x, p.y - middle.y);
    const bool inside = p.x >= 0 && p.y >= 0 && p.x < plane.width() && p.y < plane.height();
    if (inside && distance < nearest) nearest = distance, foot = p;
  }
  if (!std::isfinite(nearest)) return;
  const double dx = line.a / length, dy = -line.b / length;
  const auto from_foot = [&](double along, double across) {
    return PenPoint{foot.x + along * dx - across * dy, foot.y + along * dy + across * dx, kLineWidth};
  };
  const std::vector<PenPoint> shaft{from_foot(0, 0), from_foot(kArrow, 0)};
  const std::vector<PenPoint> head{from_foot(kArrow - kBarb, -kBarb), from_foot(kArrow, 0),
                                   from_foot(kArrow - kBarb, kBarb)};
  for (const auto& [grow, colour] : {std::pair{2.0, picture::kWhite}, std::pair{0.0, line.colour}}) {
    for (std::vector<PenPoint> stroke : {points, shaft, head}) {
      for (PenPoint& p : stroke) p.width = kLineWidth + grow;
      picture::draw_polyline(plane, stroke, colour);
    }
  }
  const PenPoint text = from_foot(kArrow + 8, 0);
  const bool crowded = text.x > plane.width() - picture::text_width(line.name, kMapTitle, true) || dx < -0.5;
  draw_rimmed(plane, std::clamp(text.x, 2.0, plane.width() - 2.0), std::clamp(text.y + 4, 14.0, plane.height() - 4.0),
              line.name, crowded ? Align::right : Align::left);
}

Image with_ticks(const Image& plane, std::span<const float> axis, MapAxis kind, const std::string& right,
                 const std::string& up) {
  const bool quantile = kind == MapAxis::quantile;
  const int left = kTicksLeft, below = quantile ? 38 : 22;
  Image image(plane.height() + below, plane.width() + left, 3, picture::kWhite);
  image.blit(plane, 0, left);
  std::vector<double> marks{axis.front(), 0, axis.back()};
  if (quantile) marks = {-2, -1, -0.5, 0, 0.5, 1, 2};  // unequal steps show what the axis is
  for (const double z : marks) {
    if (z < axis.front() || z > axis.back()) continue;
    const std::string text = fmt::format("{:.3g}", z);
    const double along = (position_on(axis, z) + 0.5) * plane.width() / static_cast<double>(axis.size());
    const double x = z == axis.front() ? 0 : z == axis.back() ? plane.width() : along;
    const Align align = x == 0 ? Align::left : x == plane.width() ? Align::right : Align::centre;
    picture::draw_text(image, left + x, plane.height() + 15, text, kMapText, kMapFaint, align);
    picture::draw_text(image, left - 6, std::clamp(plane.height() - along + 4, 9.0, plane.height() - 1.0), text,
                       kMapText, kMapFaint, Align::right);
  }
  picture::draw_text(image, left + (quantile ? 0.5 : 0.75) * plane.width(), plane.height() + (quantile ? 30 : 15),
                     quantile ? right + ", by quantiles: equal areas are equally likely" : right, kMapText, kMapInk,
                     Align::centre);
  picture::draw_text(image, left - 6, 0.25 * plane.height() + 4, up, kMapText, kMapInk, Align::right);
  return image;
}

}  // namespace ganymede::explore
