#include "data/contact_sheet.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "data/ink/ink_picture.hpp"
#include "data/points/point_picture.hpp"
#include "ink/moves.hpp"
#include "picture/font.hpp"
#include "picture/grid.hpp"

namespace ganymede::data {
namespace {

constexpr int kCellSide = 56;
constexpr double kTextSize = 12;
constexpr picture::Colour kPaper{40, 40, 40};
constexpr picture::Colour kText{220, 220, 220};

/// Indices of the first `columns` images of each of the first `classes` classes; -1 where a class has fewer.
std::vector<std::int64_t> first_of_each_class(const Dataset& d, int columns, int classes) {
  std::vector<std::int64_t> cells(static_cast<std::size_t>(columns) * classes, -1);
  std::vector<int> found(static_cast<std::size_t>(classes), 0);
  for (std::int64_t i = 0; i < d.size(); ++i) {
    const std::int32_t k = d.labels[static_cast<std::size_t>(i)];
    if (k < classes && found[k] < columns) cells[static_cast<std::size_t>(k) * columns + found[k]++] = i;
  }
  return cells;
}

picture::Image with_class_names(const picture::Image& grid, const Dataset& d, int classes, int gap) {
  int margin = 0;
  for (int k = 0; k < classes; ++k) margin = std::max(margin, picture::text_width(d.class_names[k], kTextSize));
  margin += 12;
  picture::Image sheet(grid.height(), grid.width() + margin, grid.channels(), kPaper);
  sheet.blit(grid, 0, margin);
  const double row = static_cast<double>(grid.height() - gap) / classes;
  for (int k = 0; k < classes; ++k) {
    picture::draw_text(sheet, margin - 4, gap + row * (k + 0.5) + kTextSize / 2 - gap / 2.0, d.class_names[k],
                       kTextSize, kText, picture::Align::right);
  }
  return sheet;
}

}  // namespace

picture::Image picture_of(const Dataset& d, std::int64_t i) {
  if (d.is_ink()) return picture_of_ink(ink::decode(ink::moves_of(d.values(i))), kCellSide);
  const auto chw = d.image(i);
  const std::size_t plane = static_cast<std::size_t>(d.height()) * d.width();
  const auto channels = static_cast<std::size_t>(d.channels());
  std::vector<std::uint8_t> hwc(chw.size());
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t p = 0; p < plane; ++p) hwc[p * channels + c] = chw[c * plane + p];
  }
  return {d.height(), d.width(), d.channels(), std::move(hwc)};
}

picture::Image contact_sheet(const Dataset& d, const SheetOptions& o) {
  if (d.is_points()) {
    constexpr std::int64_t kShownPoints = 5000;
    const auto shown =
        d.images.values<float>().first(static_cast<std::size_t>(std::min(kShownPoints, d.size()) * d.channels()));
    return picture_of_points({.dim = d.channels(), .frame = frame_of(shown, d.channels()), .real = shown});
  }
  const int classes = std::min(d.class_count(), o.max_classes);
  std::vector<std::int64_t> indices;
  if (d.has_labels()) {
    indices = first_of_each_class(d, o.columns, classes);
  } else {
    for (std::int64_t i = 0; i < std::min<std::int64_t>(d.size(), o.columns * o.rows); ++i) indices.push_back(i);
  }
  picture::GridStyle style;
  style.columns = o.columns;
  style.background = kPaper;
  const picture::Image blank = d.is_ink() ? picture::Image(kCellSide, kCellSide, 3, kPaper)
                                          : picture::Image(d.height(), d.width(), d.channels(), kPaper);
  style.upscale = o.upscale > 0 ? o.upscale : std::max(1, kCellSide / std::max(blank.height(), blank.width()));
  std::vector<picture::Image> cells;
  cells.reserve(indices.size());
  for (const std::int64_t i : indices) {
    cells.push_back(i >= 0 ? picture_of(d, i) : blank);
  }
  const picture::Image grid = picture::make_grid(cells, style);
  return d.has_labels() ? with_class_names(grid, d, classes, style.gap) : grid;
}

}  // namespace ganymede::data
