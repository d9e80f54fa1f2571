#include "data/ink/ink_picture.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "picture/font.hpp"
#include "picture/png.hpp"

namespace ganymede::data {
namespace {

using picture::Canvas;
using picture::Colour;

constexpr double kNameSize = 11;
constexpr int kGap = 2;
constexpr std::size_t kRowsOfOneClass = 12;
constexpr Colour kFrame{226, 226, 226};
constexpr Colour kNameColour{60, 60, 60};

int margin_of(const InkSheet& sheet) {
  int margin = 0;
  for (const auto& row : sheet.rows) margin = std::max(margin, picture::text_width(row.name, kNameSize));
  return margin + 12;
}

int width_of(const InkSheet& sheet) {
  std::size_t columns = 1;
  for (const auto& row : sheet.rows) columns = std::max(columns, row.cells.size());
  return margin_of(sheet) + static_cast<int>(columns) * (sheet.side + kGap) + kGap;
}

int height_of(const InkSheet& sheet) {
  return std::max(1, static_cast<int>(sheet.rows.size())) * (sheet.side + kGap) + kGap;
}

void draw(Canvas& canvas, const InkSheet& sheet) {
  const int left = margin_of(sheet), step = sheet.side + kGap;
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    const auto& row = sheet.rows[r];
    const double y = kGap + step * static_cast<double>(r);
    canvas.text({left - 6.0, y + sheet.side / 2.0 + kNameSize / 2}, row.name, kNameSize, kNameColour,
                picture::Align::right, false);
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const double x = left + step * static_cast<double>(c);
      canvas.rectangle(x, y, x + sheet.side, y + sheet.side, kFrame);
      canvas.rectangle(x + 1, y + 1, x + sheet.side - 1, y + sheet.side - 1, picture::kWhite);
      if (row.cells[c]) draw_ink(canvas, *row.cells[c], {x, y, static_cast<double>(sheet.side)});
    }
  }
}

}  // namespace

Colour stroke_colour(int i) {
  static constexpr Colour kColours[] = {{31, 80, 200},  {214, 39, 40},  {30, 150, 50}, {240, 140, 20},
                                        {140, 70, 190}, {20, 170, 190}, {130, 85, 60}, {110, 110, 110}};
  return kColours[static_cast<unsigned>(i) % std::size(kColours)];
}

void draw_ink(Canvas& canvas, const ink::Ink& ink, const InkCell& cell, double pen) {
  if (std::all_of(ink.begin(), ink.end(), [](const auto& stroke) { return stroke.empty(); })) return;
  const ink::Box box = ink::bounding_box(ink);
  const double longest = std::max(box.width(), box.height()), room = cell.side * 0.8;
  const double scale = longest > 0 ? room / longest : 1;
  const double x = cell.x + (cell.side - 1) / 2 - scale * (box.x0 + box.x1) / 2;
  const double y = cell.y + (cell.side - 1) / 2 - scale * (box.y0 + box.y1) / 2;
  std::vector<picture::CanvasPoint> line;
  for (std::size_t s = 0; s < ink.size(); ++s) {
    line.clear();
    for (const ink::Point& p : ink[s]) line.push_back({x + scale * p.x, y + scale * p.y});
    const Colour colour = stroke_colour(static_cast<int>(s));
    const bool dot = std::all_of(ink[s].begin(), ink[s].end(), [&](const ink::Point& p) { return p == ink[s][0]; });
    if (line.empty()) continue;
    if (dot) {
      canvas.dot(line[0], pen, colour);
    } else {
      canvas.line(line, pen, colour);
    }
  }
}

picture::Image picture_of_ink(const ink::Ink& ink, int side) {
  picture::ImageCanvas canvas(side, side);
  draw_ink(canvas, ink, {0, 0, static_cast<double>(side)}, std::max(1.2, side / 35.0));
  return std::move(canvas).image();
}

InkSheet class_sheet(const InkSet& set, int columns) {
  const std::vector<std::int64_t> counts = class_histogram(set);
  const auto present = std::count_if(counts.begin(), counts.end(), [](std::int64_t n) { return n > 0; });
  const auto width = static_cast<std::size_t>(columns);
  const std::size_t most = width * (present == 1 ? kRowsOfOneClass : 1);
  std::vector<std::vector<const ink::Ink*>> found(counts.size());
  for (const Symbol& symbol : set.symbols) {
    auto& cells = found[static_cast<std::size_t>(symbol.label)];
    if (cells.size() < most) cells.push_back(&symbol.ink);
  }
  InkSheet sheet;
  for (std::size_t k = 0; k < found.size(); ++k) {
    for (std::size_t from = 0; from < found[k].size(); from += width) {
      InkSheet::Row row{from == 0 ? set.class_names[k] : "", {}};
      for (std::size_t i = from; i < std::min(from + width, found[k].size()); ++i) row.cells.push_back(found[k][i]);
      row.cells.resize(width, nullptr);
      sheet.rows.push_back(std::move(row));
    }
  }
  return sheet;
}

InkSheet contributor_sheet(const InkSet& set, int label, int columns) {
  std::map<std::string, std::map<int, std::vector<const ink::Ink*>>> found;  // contributor -> class -> symbols
  for (const Symbol& symbol : set.symbols) {
    if (label >= 0 && symbol.label != label) continue;
    auto& cells = found[contributor_of(set.writers[static_cast<std::size_t>(symbol.writer)])][symbol.label];
    if (cells.size() < static_cast<std::size_t>(columns)) cells.push_back(&symbol.ink);
  }
  InkSheet sheet;
  for (const auto& [contributor, classes] : found) {
    InkSheet::Row row{contributor, {}};
    for (std::size_t turn = 0; row.cells.size() < static_cast<std::size_t>(columns); ++turn) {
      const std::size_t before = row.cells.size();
      for (const auto& [k, cells] : classes) {
        if (turn < cells.size() && row.cells.size() < static_cast<std::size_t>(columns))
          row.cells.push_back(cells[turn]);
      }
      if (row.cells.size() == before) break;
    }
    row.cells.resize(static_cast<std::size_t>(columns), nullptr);
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

picture::Image draw_sheet(const InkSheet& sheet) {
  picture::ImageCanvas canvas(height_of(sheet), width_of(sheet));
  draw(canvas, sheet);
  return std::move(canvas).image();
}

std::string sheet_svg(const InkSheet& sheet) {
  picture::SvgCanvas canvas(height_of(sheet), width_of(sheet));
  draw(canvas, sheet);
  return canvas.document();
}

void write_sheet(const std::filesystem::path& path, const InkSheet& sheet) {
  if (path.extension() == ".svg") return write_file_atomically(path, sheet_svg(sheet));
  if (path.extension() == ".png") return picture::write_png(path, draw_sheet(sheet));
  fail<ConfigError>("{}: a sheet of symbols is written as .png or .svg, by the ending", path.string());
}

}  // namespace ganymede::data
