#include "measure/histogram.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {

int HistogramBox::cells() const {
  int cells = 1;
  for (std::size_t k = 0; k < low.size(); ++k) cells *= bins;
  return cells + 1;
}

std::int32_t HistogramBox::cell_of(std::span<const float> point) const {
  std::int32_t cell = 0;
  for (std::size_t k = 0; k < low.size(); ++k) {
    const double share = (static_cast<double>(point[k]) - low[k]) / (high[k] - low[k]);
    if (!(share >= 0 && share < 1)) return cells() - 1;
    cell = cell * bins + std::min(static_cast<std::int32_t>(share * bins), bins - 1);
  }
  return cell;
}

HistogramBox box_around(const Features& points, int bins, double margin) {
  check(points, 1, "histogram", "points");
  constexpr double kMostCells = 1 << 20;
  if (bins < 1 || std::pow(bins, static_cast<double>(points.dim)) > kMostCells) {
    fail<ConfigError>("histogram: wanted at most {:g} cells, found {} bins in {} dimensions", kMostCells, bins,
                      points.dim);
  }
  HistogramBox box{.low = {}, .high = {}, .bins = bins};
  for (std::int64_t k = 0; k < points.dim; ++k) {
    const auto at = static_cast<std::size_t>(k);
    double low = points.row(0)[at], high = low;
    for (std::int64_t i = 1; i < points.count(); ++i) {
      low = std::min<double>(low, points.row(i)[at]);
      high = std::max<double>(high, points.row(i)[at]);
    }
    const double extent = high > low ? high - low : std::max(1.0, std::abs(low));  // of points that are all alike
    box.low.push_back(low - margin * extent);
    box.high.push_back(high + margin * extent);
  }
  return box;
}

std::vector<std::int32_t> cells_of(const Features& points, const HistogramBox& box) {
  if (points.dim != static_cast<std::int64_t>(box.low.size()))
    fail<ShapeError>("histogram: points of {} dimensions, a box of {}", points.dim, box.low.size());
  std::vector<std::int32_t> cells;
  for (std::int64_t i = 0; i < points.count(); ++i) cells.push_back(box.cell_of(points.row(i)));
  return cells;
}

}  // namespace ganymede::measure
