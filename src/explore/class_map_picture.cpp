#include "explore/class_map_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/portable_math.hpp"
#include "explore/plane_picture.hpp"
#include "picture/font.hpp"

namespace ganymede::explore {
namespace {

using picture::Align;
using picture::Colour;
using picture::Image;

constexpr int kPlane = 500;  // pixels that a plane takes, about
constexpr int kSlice = 64;   // that a slice takes, about
constexpr int kMargin = 16;
constexpr int kMapGap = 4;

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
    legend.lines.push_back(fmt::format("{}   {}", numbered_name(k, map.class_names), percent(shares[k])));
    // As wide as it can become, so that all maps of a film have one size.
    legend.width =
        std::max(legend.width, picture::text_width(numbered_name(k, map.class_names) + "   100.0 %", kMapText));
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

Image draw_planes(const ClassMap& map, std::span<const float> path, const AxisNames& names) {
  const int scale = std::max(1, (map.parts.size() > 1 ? kPlane / 2 : kPlane) / map.side);
  std::vector<Image> cells;
  for (const MapPart& part : map.parts) {
    Image plane = draw_labels(part.labels, map.side, scale);
    name_areas(plane, part.labels, map.class_names, map.side, scale);
    draw_path(plane, map.axis, path, scale);
    cells.push_back(with_ticks(plane, map.axis, map.kind, names.right, names.up));
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
        image.blit(draw_labels(slice(map.parts[p].labels, map.side, a, slices[n]), map.side, scale), y, x);
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

Image draw_class_map(const ClassMap& map, const std::string& title, std::span<const float> path,
                     const AxisNames& names) {
  const Image body = map.dims() == 2 ? draw_planes(map, path, names) : draw_cubes(map);
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
