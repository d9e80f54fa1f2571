#include "explore/section_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "explore/class_map_picture.hpp"
#include "explore/plane_picture.hpp"
#include "picture/font.hpp"

namespace ganymede::explore {
namespace {

using picture::Image;

constexpr int kEdge = 16;     // around everything, and between columns
constexpr int kHeading = 20;  // above a panel
constexpr int kLine = 18;     // of a legend
constexpr int kLargePanel = 480, kMiddlePanel = 300, kSmallPanel = 200;
constexpr int kMostAreas = 12;  // of a legend of a walk

// A section's plane with names on its areas, for what is drawn over it.
struct Panel {
  const Section& section;
  int scale;
  Image plane;

  Panel(const Section& section_, int pixels, const std::vector<bool>& pale)
      : section(section_),
        scale(std::max(1, pixels / section_.map.side)),
        plane(draw_labels(section_.map.parts.at(0).labels, section_.map.side, scale, pale)) {
    name_areas(plane, section.map.parts[0].labels, section.map.class_names, section.map.side, scale, pale);
  }
  std::vector<float> shadow(std::span<const float> points) const { return shadow_on(section.plane, points); }
  // Where a plane n'z + offset = 0 cuts it.
  void cut(const AttributePlane& cutting, picture::Colour colour) {
    NamedLine line{.name = cutting.name, .colour = colour, .a = 0, .b = 0, .c = cutting.offset};
    for (std::size_t i = 0; i < cutting.normal.size(); ++i) {
      line.a += cutting.normal[i] * static_cast<double>(section.plane.u[i]);
      line.b += cutting.normal[i] * static_cast<double>(section.plane.v[i]);
      line.c += cutting.normal[i] * static_cast<double>(section.plane.origin[i]);
    }
    draw_named_line(plane, section.map.axis, line, scale);
  }
  // A ring, through which its place is seen.
  void ring(std::span<const float> z) {
    const std::vector<float> at = shadow(z);
    const picture::Colour below = colour_at(plane, section.map.axis, at[0], at[1], scale);
    draw_point(plane, section.map.axis, at[0], at[1], scale, below);
  }
  // An end of a walk, a dot where it lies in the plane.
  void end(std::span<const float> z, const std::string& name, bool within) {
    const std::vector<float> at = shadow(z);
    draw_point(plane, section.map.axis, at[0], at[1], scale, within ? picture::kBlack : picture::kWhite, name);
  }
  Image finished(const std::string& heading) const {
    const Image body =
        with_ticks(plane, section.map.axis, section.map.kind, section.plane.u_name, section.plane.v_name);
    Image image(body.height() + kHeading, body.width(), 3, picture::kWhite);
    image.blit(body, kHeading, 0);
    picture::draw_text(image, kTicksLeft, kHeading - 7, heading, kMapText, kMapInk);
    return image;
  }
};

Image beside(const std::vector<Image>& cells) {
  int width = 0, height = 1;
  for (const Image& cell : cells) {
    width += cell.width();
    height = std::max(height, cell.height());
  }
  Image image(height, std::max(width, 1), 3, picture::kWhite);
  int x = 0;
  for (const Image& cell : cells) {
    image.blit(cell, 0, x);
    x += cell.width();
  }
  return image;
}

Image below(const std::vector<Image>& rows) {
  int width = 1, height = 0;
  for (const Image& row : rows) {
    width = std::max(width, row.width());
    height += row.height();
  }
  Image image(std::max(height, 1), width, 3, picture::kWhite);
  int y = 0;
  for (const Image& row : rows) {
    image.blit(row, y, 0);
    y += row.height();
  }
  return image;
}

Image text_row(const std::string& text, bool strong = false) {
  Image image(kLine, picture::text_width(text, kMapText, strong) + 4, 3, picture::kWhite);
  picture::draw_text(image, 0, kLine - 6, text, kMapText, kMapInk, picture::Align::left, strong);
  return image;
}

Image class_row(picture::Colour colour, const std::string& text) {
  Image image(kLine, 22 + picture::text_width(text, kMapText), 3, picture::kWhite);
  image.fill_rectangle(2, 0, 12, 14, colour);
  picture::draw_text(image, 20, kLine - 6, text, kMapText, kMapInk);
  return image;
}

Image gap(int height) {
  return {height, 1, 3, picture::kWhite};
}

// Rows in as many columns as the height asks for.
Image in_columns(const std::vector<Image>& rows, int height) {
  const auto each = static_cast<std::size_t>(std::max(1, height / kLine));
  std::vector<Image> columns;
  for (std::size_t first = 0; first < rows.size(); first += each) {
    if (first > 0) columns.push_back({1, kEdge, 3, picture::kWhite});
    columns.push_back(below({rows.begin() + static_cast<std::ptrdiff_t>(first),
                             rows.begin() + static_cast<std::ptrdiff_t>(std::min(first + each, rows.size()))}));
  }
  return columns.empty() ? gap(1) : beside(columns);
}

Image page(const std::string& title, const Image& body, const Image& side) {
  const int top = kEdge + 22;
  Image image(top + std::max(body.height(), side.height()) + kEdge, body.width() + side.width() + 3 * kEdge, 3,
              picture::kWhite);
  picture::draw_text(image, kEdge, kEdge + 10, title, kMapTitle, kMapInk, picture::Align::left, true);
  image.blit(body, top, kEdge);
  image.blit(side, top, body.width() + 2 * kEdge);
  return image;
}

std::string coordinates(std::span<const float> z) {
  std::string text;
  for (const float v : z) text += fmt::format("{}{:.3g}", text.empty() ? "" : ", ", v);
  return text;
}

std::vector<bool> not_passed(const WalkOnSections& walk) {
  std::vector<bool> pale(walk.plane.map.class_names.size(), true);
  for (const Crossed& area : walk.areas) pale[static_cast<std::size_t>(area.label)] = false;
  return pale;
}

// Three sections through an end, with both ends and the walk's shadow.
Image row_of_end(const WalkOnSections& walk, const std::vector<Section>& sections, bool of_a,
                 const std::vector<bool>& pale) {
  std::vector<Image> cells;
  for (const Section& section : sections) {
    Panel panel(section, kSmallPanel, pale);
    draw_dashes(panel.plane, section.map.axis, panel.shadow(walk.line), panel.scale);
    panel.end(of_a ? walk.b : walk.a, of_a ? "B" : "A", false);
    panel.end(of_a ? walk.a : walk.b, of_a ? "A" : "B", true);
    cells.push_back(panel.finished(fmt::format("through {}: {}", of_a ? "A" : "B", section.plane.title)));
  }
  return beside(cells);
}

Image legend_of_walk(const WalkOnSections& walk, const std::vector<bool>& pale) {
  const auto& names = walk.plane.map.class_names;
  std::vector<Image> rows{
      walk.picture_a, text_row("A: " + walk.name_a),         gap(6), walk.picture_b, text_row("B: " + walk.name_b),
      gap(10),        text_row("areas that it passes", true)};
  std::vector<Image> areas;
  for (const Crossed& area : walk.areas) {
    if (areas.size() == kMostAreas) {
      areas.push_back(text_row(fmt::format("and {} more", walk.areas.size() - kMostAreas)));
      break;
    }
    const bool last = area.last + 1 == kWalkPoints;
    const double until = (static_cast<double>(area.last) + 0.5) / (kWalkPoints - 1);
    areas.push_back(class_row(map_colour(area.label), numbered_name(static_cast<std::size_t>(area.label), names) +
                                                          (last ? "" : fmt::format("   until {:.2f}", until))));
  }
  rows.push_back(below(areas));
  std::vector<Image> others;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (pale[k]) others.push_back(class_row(pale_colour(static_cast<int>(k)), numbered_name(k, names)));
  }
  if (!others.empty()) {
    rows.push_back(gap(6));
    rows.push_back(text_row("the others", true));
    rows.push_back(in_columns(others, 5 * kLine));
  }
  return below(rows);
}

}  // namespace

Image draw_point_on_sections(const PointOnSections& point) {
  std::vector<Image> cells;
  for (const Section& section : point.sections) {
    Panel panel(section, point.sections.size() > 1 ? kMiddlePanel : kLargePanel, {});
    for (std::size_t p = 0; p < point.planes.size(); ++p)
      panel.cut(point.planes[p], picture::series_colour(static_cast<int>(p)));
    panel.ring(point.z);
    cells.push_back(panel.finished(section.plane.title));
  }
  const Image body = beside(cells);
  const auto& names = point.sections.at(0).map.class_names;
  std::vector<Image> classes;
  for (std::size_t k = 0; k < names.size(); ++k) {
    classes.push_back(class_row(map_colour(static_cast<int>(k)), fmt::format("{}   {:.1f} %", numbered_name(k, names),
                                                                             100 * point.seen.probabilities.at(k))));
  }
  const Image head = below({point.picture, text_row("z = " + coordinates(point.z)),
                            text_row("seen as " + names[static_cast<std::size_t>(point.seen.label)], true), gap(6)});
  const int room = std::max(body.height() - head.height(), 10 * kLine);
  return page(point.title, body, below({head, in_columns(classes, room)}));
}

Image draw_walk_on_sections(const WalkOnSections& walk) {
  const std::vector<bool> pale = not_passed(walk);
  Panel plane(walk.plane, kLargePanel, pale);
  draw_path(plane.plane, walk.plane.map.axis, plane.shadow(walk.line), plane.scale);
  plane.end(walk.a, "A", true);
  plane.end(walk.b, "B", true);
  std::vector<Image> columns{plane.finished(walk.plane.plane.title)};
  if (!walk.at_a.empty())
    columns.push_back(below({row_of_end(walk, walk.at_a, true, pale), row_of_end(walk, walk.at_b, false, pale)}));
  return page(walk.title, beside(columns), legend_of_walk(walk, pale));
}

}  // namespace ganymede::explore
