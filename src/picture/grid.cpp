#include "picture/grid.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "picture/font.hpp"

namespace ganymede::picture {
namespace {

constexpr double kCellNameSize = 7;
constexpr int kLabelHeight = 12;

int square_columns(int count) {
  int columns = 1;
  while (columns * columns < count) ++columns;
  return columns;
}

bool is_grey(Colour c) {
  return c.r == c.g && c.g == c.b;
}

}  // namespace

Image make_grid(std::span<const Image> cells, const GridStyle& style) {
  if (cells.empty()) fail<ShapeError>("grid: wanted at least one picture, found none");
  const int count = static_cast<int>(cells.size());
  const int height = cells[0].height() * style.upscale, width = cells[0].width() * style.upscale;
  int channels = is_grey(style.background) && (style.labels.empty() || is_grey(style.text)) ? 1 : 3;
  for (int i = 0; i < count; ++i) {
    if (cells[i].height() != cells[0].height() || cells[i].width() != cells[0].width()) {
      fail<ShapeError>("grid: all pictures must have one size: number 0 has {} x {}, number {} has {} x {}",
                       cells[0].height(), cells[0].width(), i, cells[i].height(), cells[i].width());
    }
    channels = std::max(channels, cells[i].channels());
  }
  const int columns = style.columns > 0 ? std::min(style.columns, count) : square_columns(count);
  const int rows = (count + columns - 1) / columns;
  const int step_y = height + style.gap + (style.labels.empty() ? 0 : kLabelHeight), step_x = width + style.gap;
  Image grid(rows * step_y + style.gap, columns * step_x + style.gap, channels, style.background);
  for (int i = 0; i < count; ++i) {
    const int y = style.gap + i / columns * step_y, x = style.gap + i % columns * step_x;
    grid.blit(cells[i].upscaled(style.upscale), y, x);
    if (i < static_cast<int>(style.labels.size())) {
      draw_text(grid, x + width / 2.0, y + height + kLabelHeight - 4, style.labels[i], kCellNameSize, style.text,
                Align::centre);
    }
  }
  return grid;
}

Image make_grid(std::span<const float> nchw, int channels, int height, int width, const GridStyle& style) {
  const std::size_t size = Image(height, width, channels).pixels().size();
  if (nchw.size() % size != 0) {
    fail<ShapeError>("grid: wanted a multiple of {} x {} x {} values, found {}", channels, height, width, nchw.size());
  }
  std::vector<Image> cells;
  for (std::size_t at = 0; at < nchw.size(); at += size) {
    cells.push_back(from_unit_range(nchw.subspan(at, size), channels, height, width));
  }
  return make_grid(cells, style);
}

}  // namespace ganymede::picture
