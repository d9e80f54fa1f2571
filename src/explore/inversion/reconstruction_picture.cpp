#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "data/ink/ink_picture.hpp"
#include "explore/inversion/inversion_set.hpp"
#include "ink/moves.hpp"
#include "picture/grid.hpp"
#include "picture/scatter.hpp"
#include "train/point_painter.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {
namespace {

constexpr int kReconstructionCell = 140;

// Asked for and found in one plane, joined by a thread each.
picture::Image draw_found_points(const Tensor& wanted, const Tensor& found) {
  const auto n = static_cast<std::size_t>(wanted.shape()[0]), dim = static_cast<std::size_t>(wanted.shape()[1]);
  picture::ScatterPlot plot{.title = "points and what was found of them", .x = {}, .y = {}, .clouds = {}};
  picture::Cloud from{.name = "asked for", .xy = {}, .colour = picture::series_colour(1), .radius = 5};
  picture::Cloud to{.name = "found", .xy = {}, .colour = picture::series_colour(2), .radius = 2.5};
  picture::Threads threads{.name = "from one to the other", .lines = {}, .colour = {150, 150, 150}};
  double reach = 1e-3;
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = [&](const Tensor& points, std::size_t k) {
      return k < dim ? points.values<float>()[i * dim + k] : 0.0F;
    };
    for (const std::size_t k : {0, 1}) {
      from.xy.push_back(at(wanted, k));
      to.xy.push_back(at(found, k));
      reach = std::max(
          {reach, std::fabs(static_cast<double>(from.xy.back())), std::fabs(static_cast<double>(to.xy.back()))});
    }
    threads.lines.push_back({at(wanted, 0), at(wanted, 1), at(found, 0), at(found, 1)});
  }
  plot.x = plot.y = {-1.15 * reach, 1.15 * reach};
  plot.threads = {threads};
  plot.clouds = {from, to};
  return picture::draw(plot);
}

picture::Image cell_of(std::span<const float> values, const Shape& chw) {
  const auto c = static_cast<int>(chw[0]), h = static_cast<int>(chw[1]), w = static_cast<int>(chw[2]);
  return picture::from_unit_range(values, c, h, w).upscaled(std::max(1, kReconstructionCell / std::max(h, w)));
}

picture::Image symbol_of(std::span<const float> moves) {
  return data::picture_of_ink(ink::decode(ink::moves_of(moves)), kReconstructionCell).with_channels(3);
}

}  // namespace

picture::Image draw_reconstructions(const Tensor& wanted, const Tensor& found, std::span<const Inversion> inversions,
                                    const std::vector<std::string>& names, std::span<const std::string> class_names) {
  const Shape &s = wanted.shape(), chw{s[1], s[2], s[3]};
  if (found.shape() != s || std::ssize(inversions) != s[0] || std::ssize(names) != s[0])
    fail<ShapeError>("reconstructions: {} pictures, {} found, {} names", s[0], inversions.size(), names.size());
  if (train::is_points(chw)) return draw_found_points(wanted, found);
  const auto size = static_cast<std::size_t>(wanted.count() / s[0]);
  const bool ink = train::is_ink(chw);
  std::vector<picture::Image> cells;
  picture::GridStyle style{
      .columns = ink ? 2 : 3, .gap = 6, .background = picture::kWhite, .text = {45, 45, 45}, .labels = {}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(s[0]); ++i) {
    const auto asked = wanted.values<float>().subspan(i * size, size),
               got = found.values<float>().subspan(i * size, size);
    const Descent& best = inversions[i].best();
    const std::string of_class = best.label ? ", class " + train::class_words(*best.label, class_names) : "";
    const std::string error = fmt::format("error {:.4f}", best.error);
    style.labels.push_back(names[i]);
    if (ink) {
      cells.push_back(symbol_of(asked));
      cells.push_back(symbol_of(got));
      style.labels.push_back(error + of_class);
      continue;
    }
    std::vector<float> difference(size);
    for (std::size_t p = 0; p < size; ++p) difference[p] = 1 - std::fabs(asked[p] - got[p]);
    cells.push_back(cell_of(asked, chw));
    cells.push_back(cell_of(got, chw));
    cells.push_back(cell_of(difference, chw));
    style.labels.push_back("found" + of_class);
    style.labels.push_back(error);
  }
  return picture::make_grid(cells, style);
}

}  // namespace ganymede::explore
