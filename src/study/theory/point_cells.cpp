#include "study/theory/point_cells.hpp"

#include <algorithm>
#include <cmath>

#include "evaluate/reference.hpp"
#include "picture/canvas.hpp"
#include "picture/player_colours.hpp"
#include "study/unrolled_figures.hpp"

namespace ganymede::study {
namespace {

constexpr int kCellSide = 120, kCellBins = 40;
constexpr std::int64_t kRealsOfCells = 2000;

}  // namespace

PointCells::PointCells(const run::Recipe& recipe, const train::SessionOptions& session)
    : reals_(
          first_samples(evaluate::open_whole(recipe, data::Split::test, session.places, kRealsOfCells), kRealsOfCells)),
      frame_(data::frame_of(reals_.values<float>(), static_cast<int>(reals_.shape()[1]))) {
  if (reals_.shape()[1] == 2) full_ = densest_spot(reals_.values<float>(), frame_.x, frame_.y, kCellSide) / 2;
}

std::vector<double> PointCells::histogram(const Tensor& points) const {
  std::vector<double> shares(kCellBins);
  const auto values = points.values<float>();
  for (const float v : values) {
    const double at = (v - frame_.x.low) / (frame_.x.high - frame_.x.low) * kCellBins;
    if (at >= 0 && at < kCellBins) shares[static_cast<std::size_t>(at)] += 1.0 / static_cast<double>(values.size());
  }
  return shares;
}

picture::Image PointCells::draw_line(const std::vector<double>& shares) const {
  const std::vector<double> real = histogram(reals_);
  const double highest = 1.6 * *std::ranges::max_element(real), step = static_cast<double>(kCellSide) / kCellBins;
  picture::ImageCanvas canvas(kCellSide, kCellSide);
  std::vector<picture::CanvasPoint> outline;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double left = std::round(static_cast<double>(i) * step),
                 right = std::round(static_cast<double>(i + 1) * step);
    const auto top = [&](double share) { return kCellSide * (1 - std::min(1.0, share / highest)); };
    canvas.rectangle(left, std::round(top(shares[i])), right, kCellSide, picture::kGeneratorColour);
    outline.push_back({left, top(real[i])});
    outline.push_back({right, top(real[i])});
  }
  canvas.line(outline, 1.3, {0, 158, 115});
  return std::move(canvas).image();
}

picture::Image PointCells::draw(const Tensor& points) const {
  if (reals_.shape()[1] == 1) return draw_line(histogram(points));
  return density_of_points(points.values<float>(), frame_.x, frame_.y, full_, kCellSide);
}

}  // namespace ganymede::study
