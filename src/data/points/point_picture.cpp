#include "data/points/point_picture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "picture/player_colours.hpp"

namespace ganymede::data {
namespace {

constexpr int kLattice = 55;       // cells along a side of a surface
constexpr int kCurvePlaces = 201;  // of a line
constexpr int kDensityBins = 80;
constexpr int kArrowLattice = 19;
constexpr double kLongestArrow = 1.0 / 12;  // of the frame
constexpr double kMargin = 0.2;             // beyond the points, of their extent
constexpr double kLeastExtent = 1e-6;       // of points that are all but one
constexpr picture::Colour kRealColour{35, 35, 35}, kRealArea{200, 200, 200};
constexpr picture::Colour kManifoldColour{120, 170, 205}, kArrowColour{90, 30, 90};

picture::Range range_of_coordinate(std::span<const float> points, int dim, int which) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = static_cast<std::size_t>(which); i < points.size(); i += static_cast<std::size_t>(dim)) {
    if (!std::isfinite(points[i])) continue;
    low = std::min<double>(low, points[i]);
    high = std::max<double>(high, points[i]);
  }
  return low <= high ? picture::Range{low, high} : picture::Range{-1, 1};
}

picture::Range about_middle(const picture::Range& range, double half) {
  const double middle = (range.low + range.high) / 2;
  return {middle - half, middle + half};
}

double half_of_frame(const picture::Range& range) {
  const double least = kLeastExtent * std::max({1.0, std::abs(range.low), std::abs(range.high)});
  return std::max((range.high - range.low) * (0.5 + kMargin), least);
}

std::vector<float> first_two(std::span<const float> points, int dim) {
  std::vector<float> xy;
  for (std::size_t i = 0; i + 1 < points.size(); i += static_cast<std::size_t>(dim)) {
    xy.push_back(points[i]);
    xy.push_back(points[i + 1]);
  }
  return xy;
}

// Share of the points of each bin over its width; those outside count for the sum.
std::vector<double> density_over(std::span<const float> points, const picture::Range& range) {
  std::vector<double> bins(kDensityBins, 0);
  const double width = (range.high - range.low) / kDensityBins;
  for (const float v : points) {
    if (v >= range.low && v < range.high) {
      const auto bin = std::min(static_cast<std::size_t>((v - range.low) / width), bins.size() - 1);
      bins[bin] += 1 / (width * static_cast<double>(points.size()));
    }
  }
  return bins;
}

// Arrows whose lengths compare, but for the few that would hide all others.
picture::Arrows arrows_of(const PointScene& scene) {
  picture::Arrows arrows{.name = "where D pushes samples",
                         .xy = {scene.pushed.begin(), scene.pushed.end()},
                         .along = {scene.pushes.begin(), scene.pushes.end()},
                         .colour = kArrowColour};
  std::vector<double> lengths;
  for (std::size_t i = 0; i + 1 < arrows.along.size(); i += 2)
    lengths.push_back(std::hypot(double{arrows.along[i]}, double{arrows.along[i + 1]}));
  std::vector<double> finite = lengths;
  std::erase_if(finite, [](double length) { return !std::isfinite(length); });
  if (finite.empty()) return arrows;
  std::ranges::sort(finite);
  const double most = finite[(finite.size() - 1) * 19 / 20];
  if (!(most > 0)) return arrows;
  arrows.scale = kLongestArrow * (scene.frame.x.high - scene.frame.x.low) / most;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (!(lengths[i] > most)) continue;
    arrows.along[2 * i] *= static_cast<float>(most / lengths[i]);
    arrows.along[2 * i + 1] *= static_cast<float>(most / lengths[i]);
  }
  return arrows;
}

picture::Image picture_of_a_line(const PointScene& scene) {
  picture::DensityPlot plot{.title = {}, .x_label = {}, .x = scene.frame.x, .densities = {}, .curve_name = {}};
  if (!scene.real.empty()) {
    plot.densities.push_back(
        {.name = "real", .values = density_over(scene.real, scene.frame.x), .colour = kRealArea, .filled = true});
  }
  if (!scene.fake.empty()) {
    plot.densities.push_back(
        {.name = "generated", .values = density_over(scene.fake, scene.frame.x), .colour = picture::kGeneratorColour});
  }
  plot.curve.assign(scene.shares.begin(), scene.shares.end());
  plot.curve_name = "D: share of real (right)";
  plot.curve_colour = picture::kDiscriminatorColour;
  return picture::draw(plot);
}

}  // namespace

PointFrame frame_of(std::span<const float> points, int dim) {
  const picture::Range x = range_of_coordinate(points, dim, 0);
  if (dim == 1) return {about_middle(x, half_of_frame(x)), {0, 1}};
  const picture::Range y = range_of_coordinate(points, dim, 1);
  const double half = std::max(half_of_frame(x), half_of_frame(y));
  return {about_middle(x, half), about_middle(y, half)};
}

std::vector<float> places_to_ask(const PointFrame& frame, int dim) {
  std::vector<float> places;
  const auto between = [](const picture::Range& range, double share) {
    return static_cast<float>(range.low + share * (range.high - range.low));
  };
  if (dim == 1) {
    for (int i = 0; i < kCurvePlaces; ++i) places.push_back(between(frame.x, i / (kCurvePlaces - 1.0)));
  } else if (dim == 2) {
    for (int j = 0; j < kLattice; ++j) {
      for (int i = 0; i < kLattice; ++i) {
        places.push_back(between(frame.x, (i + 0.5) / kLattice));
        places.push_back(between(frame.y, 1 - (j + 0.5) / kLattice));
      }
    }
  }
  return places;
}

std::vector<float> places_of_arrows(const PointFrame& frame) {
  std::vector<float> places;
  for (int j = 0; j < kArrowLattice; ++j) {
    for (int i = 0; i < kArrowLattice; ++i) {
      const auto between = [](const picture::Range& range, double share) {
        return static_cast<float>(range.low + share * (range.high - range.low));
      };
      places.push_back(between(frame.x, (i + 0.5) / kArrowLattice));
      places.push_back(between(frame.y, 1 - (j + 0.5) / kArrowLattice));
    }
  }
  return places;
}

picture::Image picture_of_points(const PointScene& scene) {
  if (scene.dim == 1) return picture_of_a_line(scene);
  picture::ScatterPlot plot{.title = {}, .x = scene.frame.x, .y = scene.frame.y, .clouds = {}};
  if (!scene.shares.empty()) {
    const auto pale = [](picture::Colour colour) { return picture::mix(picture::kWhite, colour, 0.4); };
    plot.surface = {.columns = kLattice,
                    .rows = kLattice,
                    .values = {scene.shares.begin(), scene.shares.end()},
                    .low_name = "D: generated",
                    .high_name = "real",
                    .low = pale(picture::kGeneratorColour),
                    .high = pale(picture::kDiscriminatorColour)};
  }
  if (!scene.manifold.empty()) {
    picture::Threads threads{.name = "G of lines through its latent space", .lines = {}, .colour = kManifoldColour};
    for (const std::vector<float>& line : scene.manifold) threads.lines.push_back(first_two(line, scene.dim));
    plot.threads.push_back(std::move(threads));
  }
  if (!scene.pushed.empty()) plot.arrows.push_back(arrows_of(scene));
  if (!scene.real.empty()) {
    plot.clouds.push_back(
        {.name = "real", .xy = first_two(scene.real, scene.dim), .colour = kRealColour, .radius = 2.2});
  }
  if (!scene.fake.empty()) {
    plot.clouds.push_back({.name = "generated",
                           .xy = first_two(scene.fake, scene.dim),
                           .colour = picture::kGeneratorColour,
                           .radius = 1.6});
  }
  return picture::draw(plot);
}

}  // namespace ganymede::data
