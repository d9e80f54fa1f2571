#include "explore/class_map_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/portable_math.hpp"
#include "picture/font.hpp"
#include "picture/pen.hpp"

namespace ganymede::explore {
namespace {

using picture::Align;
using picture::Colour;
using picture::Image;

constexpr int kPlane = 500;  // pixels that a plane takes, about
constexpr int kSlice = 64;   // that a slice takes, about
constexpr int kMargin = 16;
constexpr int kMapGap = 4;
constexpr double kMapText = 9, kMapTitle = 11;
constexpr Colour kMapInk{40, 40, 40}, kMapFaint{110, 110, 110};

// Labels [side, side] as squares of `scale` pixels; first axis right, second upwards.
Image draw_plane(const std::vector<std::int32_t>& labels, int side, int scale) {
  Image image(side * scale, side * scale, 3);
  for (int i = 0; i < side; ++i) {
    for (int j = 0; j < side; ++j) {
      const Colour colour = map_colour(labels[static_cast<std::size_t>(i) * static_cast<std::size_t>(side) + j]);
      image.fill_rectangle((side - 1 - j) * scale, i * scale, scale, scale, colour);
    }
  }
  return image;
}

// Plane `at` across axis a of a cube: the other two axes in their order.
std::vector<std::int32_t> slice(const std::vector<std::int32_t>& cube, int side, int a, int at) {
  std::vector<std::int32_t> plane;
  plane.reserve(static_cast<std::size_t>(side) * side);
  for (int i = 0; i < side; ++i) {
    for (int j = 0; j < side; ++j) {
      const std::array<int, 3> p = a == 0 ? std::array{at, i, j} : a == 1 ? std::array{i, at, j} : std::array{i, j, at};
      plane.push_back(cube[(static_cast<std::size_t>(p[0]) * side + p[1]) * side + p[2]]);
    }
  }
  return plane;
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

struct Legend {
  std::vector<std::string> lines;  // one a class
  int width = 0;
};

Legend legend_of(const ClassMap& map, const std::vector<double>& shares) {
  Legend legend;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    legend.lines.push_back(fmt::format("{}   {}", map.class_names[k], percent(shares[k])));
    // As wide as it can become, so that all maps of a film have one size.
    legend.width = std::max(legend.width, picture::text_width(map.class_names[k] + "   100.0 %", kMapText));
  }
  legend.width += 22;
  return legend;
}

void draw_legend(Image& image, const Legend& legend, int x, int y) {
  const int rows = std::max(1, (image.height() - y - kMargin) / 18);
  for (std::size_t k = 0; k < legend.lines.size(); ++k) {
    const int row = static_cast<int>(k) % rows, column = static_cast<int>(k) / rows;
    const int left = x + column * (legend.width + kMargin), top = y + 18 * row;
    image.fill_rectangle(top, left, 12, 14, map_colour(static_cast<int>(k)));
    picture::draw_text(image, left + 20, top + 11, legend.lines[k], kMapText, kMapInk);
  }
}

int legend_columns(const ClassMap& map, int height) {
  const int rows = std::max(1, (height - 2 * kMargin) / 18);
  return (static_cast<int>(map.class_names.size()) + rows - 1) / rows;
}

// The text that stands above a part.
std::string heading_of(const ClassMap& map, const MapPart& part) {
  std::string text;
  if (part.wanted) {
    const std::vector<double> shares = area_shares(part.labels, static_cast<int>(map.class_names.size()));
    text = fmt::format("class {}: {} of it is {}", map.class_names[static_cast<std::size_t>(*part.wanted)],
                       percent(shares[static_cast<std::size_t>(*part.wanted)]),
                       map.class_names[static_cast<std::size_t>(*part.wanted)]);
  }
  if (part.fourth) text += fmt::format("{}z4 = {:g}", text.empty() ? "" : ", ", *part.fourth);
  return text;
}

void name_areas(Image& image, const ClassMap& map, const MapPart& part, int scale) {
  for (std::size_t k = 0; k < map.class_names.size(); ++k) {
    const Spot spot = middle_of(part.labels, map.side, static_cast<std::int32_t>(k));
    const std::string& name = map.class_names[k];
    if (2 * spot.distance * scale < std::max(18, picture::text_width(name, kMapTitle, true))) continue;
    const Colour colour = map_colour(static_cast<int>(k));
    picture::draw_text(image, (spot.i + 0.5) * scale, (map.side - spot.j - 0.5) * scale + kMapTitle / 2, name,
                       kMapTitle, picture::grey_of(colour) > 140 ? picture::kBlack : picture::kWhite, Align::centre,
                       true);
  }
}

// Where a coordinate lies on an axis, in points from its first: by straight lines between them.
double position_on(const std::vector<float>& axis, double z) {
  const auto above = std::upper_bound(axis.begin(), axis.end(), static_cast<float>(z));
  const auto i = std::clamp<std::ptrdiff_t>(above - axis.begin(), 1, static_cast<std::ptrdiff_t>(axis.size()) - 1);
  const double low = axis[static_cast<std::size_t>(i - 1)], high = axis[static_cast<std::size_t>(i)];
  return static_cast<double>(i - 1) + (z - low) / (high - low);
}

void draw_path(Image& image, const ClassMap& map, std::span<const float> path, int scale) {
  std::vector<picture::PenPoint> points;
  for (std::size_t p = 0; p + 1 < path.size(); p += 2) {
    points.push_back({(position_on(map.axis, path[p]) + 0.5) * scale - 0.5,
                      (map.side - position_on(map.axis, path[p + 1]) - 0.5) * scale - 0.5, 4});
  }
  if (points.empty()) return;
  for (const auto& [grow, colour] : {std::pair{2.0, picture::kWhite}, std::pair{0.0, picture::kBlack}}) {
    std::vector<picture::PenPoint> line = points;
    for (picture::PenPoint& p : line) p.width = 2 + grow;
    picture::draw_polyline(image, line, colour);
    for (picture::PenPoint end : {points.front(), points.back()}) {
      end.width = 9 + grow;
      picture::draw_polyline(image, std::span(&end, 1), colour);
    }
  }
}

Image with_ticks(const Image& plane, const ClassMap& map) {
  const int left = 44, below = map.kind == MapAxis::quantile ? 38 : 22;
  Image image(plane.height() + below, plane.width() + left, 3, picture::kWhite);
  image.blit(plane, 0, left);
  std::vector<double> marks{map.axis.front(), 0, map.axis.back()};
  if (map.kind == MapAxis::quantile) marks = {-2, -1, -0.5, 0, 0.5, 1, 2};  // unequal steps show what the axis is
  for (const double z : marks) {
    if (z < map.axis.front() || z > map.axis.back()) continue;
    const std::string text = fmt::format("{:.3g}", z);
    const double along = (position_on(map.axis, z) + 0.5) * plane.width() / map.side;
    const double x = z == map.axis.front() ? 0 : z == map.axis.back() ? plane.width() : along;
    const Align align = x == 0 ? Align::left : x == plane.width() ? Align::right : Align::centre;
    picture::draw_text(image, left + x, plane.height() + 15, text, kMapText, kMapFaint, align);
    picture::draw_text(image, left - 6, std::clamp(plane.height() - along + 4, 9.0, plane.height() - 1.0), text,
                       kMapText, kMapFaint, Align::right);
  }
  picture::draw_text(image, left + (map.kind == MapAxis::quantile ? 0.5 : 0.75) * plane.width(),
                     plane.height() + (map.kind == MapAxis::quantile ? 30 : 15),
                     map.kind == MapAxis::quantile ? "z1, by quantiles: equal areas are equally likely" : "z1",
                     kMapText, kMapInk, Align::centre);
  picture::draw_text(image, left - 6, 0.25 * plane.height() + 4, "z2", kMapText, kMapInk, Align::right);
  return image;
}

Image draw_planes(const ClassMap& map, std::span<const float> path) {
  const int scale = std::max(1, (map.parts.size() > 1 ? kPlane / 2 : kPlane) / map.side);
  std::vector<Image> cells;
  for (const MapPart& part : map.parts) {
    Image plane = draw_plane(part.labels, map.side, scale);
    name_areas(plane, map, part, scale);
    draw_path(plane, map, path, scale);
    cells.push_back(with_ticks(plane, map));
  }
  const int columns = std::min<int>(static_cast<int>(cells.size()), 4), heading = cells.size() > 1 ? 18 : 0;
  const int rows = (static_cast<int>(cells.size()) + columns - 1) / columns;
  const int height = cells[0].height() + heading + kMapGap, width = cells[0].width() + kMapGap;
  Image image(rows * height, columns * width, 3, picture::kWhite);
  for (int c = 0; c < static_cast<int>(cells.size()); ++c) {
    const int y = c / columns * height, x = c % columns * width;
    image.blit(cells[static_cast<std::size_t>(c)], y + heading, x);
    picture::draw_text(image, x + 44, y + 13, heading_of(map, map.parts[static_cast<std::size_t>(c)]), kMapText,
                       kMapInk);
  }
  return image;
}

Image draw_cubes(const ClassMap& map) {
  const std::vector<int> slices = slices_of(map.side);
  const int scale = std::max(1, kSlice / map.side), cell = map.side * scale;
  const int left = 30, row_height = cell + 16,
            heading = map.parts.size() > 1 || map.parts[0].wanted || map.parts[0].fourth ? 20 : 0;
  const int part_height = heading + 3 * row_height + kMapGap;
  Image image(part_height * static_cast<int>(map.parts.size()),
              left + static_cast<int>(slices.size()) * (cell + kMapGap), 3, picture::kWhite);
  for (std::size_t p = 0; p < map.parts.size(); ++p) {
    const int top = part_height * static_cast<int>(p);
    if (heading > 0) picture::draw_text(image, left, top + 14, heading_of(map, map.parts[p]), kMapTitle, kMapInk);
    for (int a = 0; a < 3; ++a) {
      const int y = top + heading + a * row_height;
      picture::draw_text(image, left - 6, y + cell / 2.0 + 4, fmt::format("z{}", a + 1), kMapText, kMapInk,
                         Align::right);
      for (std::size_t n = 0; n < slices.size(); ++n) {
        const int x = left + static_cast<int>(n) * (cell + kMapGap);
        image.blit(draw_plane(slice(map.parts[p].labels, map.side, a, slices[n]), map.side, scale), y, x);
        picture::draw_text(image, x + cell / 2.0, y + cell + 12,
                           fmt::format("{:.2f}", map.axis[static_cast<std::size_t>(slices[n])]), 7, kMapFaint,
                           Align::centre);
      }
    }
  }
  return image;
}

}  // namespace

Colour map_colour(int k) {
  if (k < 10) return picture::class_colour(k);
  const double turns = 0.61803398875 * k - std::floor(0.61803398875 * k);
  const double value = k % 2 == 0 ? 0.62 : 0.88;
  const auto channel = [&](double shift) {
    double sine = 0, cosine = 0;
    const double t = turns + shift;
    portable_sincos_turn(t - std::floor(t), sine, cosine);
    return static_cast<std::uint8_t>(std::lround(255 * value * (0.55 + 0.45 * cosine)));
  };
  return {channel(0), channel(1 / 3.0), channel(2 / 3.0)};
}

std::vector<int> slices_of(int side, int count) {
  count = std::min(side, count);
  std::vector<int> slices;
  for (int n = 0; n < count; ++n) slices.push_back((2 * n + 1) * side / (2 * count));
  return slices;
}

Spot middle_of(std::span<const std::int32_t> labels, int side, std::int32_t k) {
  // Chessboard distances by two passes over a frame of zeros (Rosenfeld and Pfaltz 1968).
  const int wide = side + 2;
  std::vector<int> distance(static_cast<std::size_t>(wide) * wide, 0);
  const auto at = [&](int i, int j) -> int& { return distance[static_cast<std::size_t>(i) * wide + j]; };
  Spot best;
  for (int i = 1; i <= side; ++i) {
    for (int j = 1; j <= side; ++j) {
      if (labels[static_cast<std::size_t>(i - 1) * side + (j - 1)] == k)
        at(i, j) = 1 + std::min({at(i - 1, j - 1), at(i - 1, j), at(i - 1, j + 1), at(i, j - 1)});
    }
  }
  for (int i = side; i >= 1; --i) {
    for (int j = side; j >= 1; --j) {
      int& here = at(i, j);
      if (here > 0)
        here = std::min(here, 1 + std::min({at(i + 1, j - 1), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)}));
      if (here >= best.distance && here > 0) best = {i - 1, j - 1, here};
    }
  }
  return best;
}

Image draw_class_map(const ClassMap& map, const std::string& title, std::span<const float> path) {
  const Image body = map.dims() == 2 ? draw_planes(map, path) : draw_cubes(map);
  const Legend legend = legend_of(map, area_shares(map));
  const int top = kMargin + (title.empty() ? 0 : 22);
  const int height = std::max(body.height(), 120) + top + kMargin;
  const int columns = legend_columns(map, height - top);
  Image image(height, body.width() + columns * (legend.width + kMargin) + 2 * kMargin, 3, picture::kWhite);
  if (!title.empty()) picture::draw_text(image, kMargin, kMargin + 10, title, kMapTitle, kMapInk, Align::left, true);
  image.blit(body, top, kMargin);
  draw_legend(image, legend, body.width() + 2 * kMargin, top);
  return image;
}

}  // namespace ganymede::explore
