#include "playground/drawn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::playground {

data::Dataset drawn_points(std::span<const float> points, int dim) {
  if (dim != 1 && dim != 2) fail<DataError>("drawn points: wanted one or two coordinates each, found {}", dim);
  const auto size = static_cast<std::size_t>(dim);
  const auto count = std::ssize(points) / dim;
  if (points.size() % size != 0 || count < kLeastDrawn || count > kMostDrawn)
    fail<DataError>("drawn points: wanted {} to {} of them, found {}", kLeastDrawn, kMostDrawn, count);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!std::isfinite(points[i]) || std::abs(points[i]) > kFarthestDrawn) {
      fail<DataError>("drawn points: coordinate {} of point {} is {}: wanted a number from {} to {}", i % size + 1,
                      i / size + 1, points[i], -kFarthestDrawn, kFarthestDrawn);
    }
  }
  bool differ = false;
  for (std::size_t i = size; i < points.size() && !differ; ++i) differ = points[i] != points[i % size];
  if (!differ) fail<DataError>("drawn points: all of them are one and the same point");
  data::Dataset dataset{.images = Tensor::of<float>({count, dim}, points), .labels = {}, .class_names = {}};
  dataset.provenance.name = kDrawnFile;
  dataset.provenance.description = "points that were drawn by hand";
  return data::checked(std::move(dataset));
}

std::string csv_of(const data::Dataset& points) {
  std::string text = points.channels() == 1 ? "x\n" : "x,y\n";
  for (std::int64_t i = 0; i < points.size(); ++i) text += fmt::format("{}\n", fmt::join(points.values(i), ","));
  return text;
}

}  // namespace ganymede::playground
