#include "explore/growing_map.hpp"

#include <utility>

#include "base/error.hpp"

namespace ganymede::explore {
namespace {

std::vector<MapPart> empty_parts(const MapSource& source, const MapOptions& o) {
  std::vector<std::optional<std::int32_t>> classes(o.wanted.begin(), o.wanted.end());
  if (classes.empty() && source.classes > 0) {
    for (std::int32_t k = 0; k < source.classes; ++k) classes.emplace_back(k);
  }
  if (classes.empty()) classes.emplace_back();
  std::vector<std::optional<double>> fourths;
  if (source.prior.dim == 4) fourths.assign(o.fourth.begin(), o.fourth.end());
  if (fourths.empty()) fourths.emplace_back();
  std::vector<MapPart> parts;
  for (const auto& wanted : classes) {
    for (const auto& fourth : fourths) parts.push_back({wanted, fourth, {}});
  }
  return parts;
}

// The z of some of a part's points.
std::vector<float> z_of(const ClassMap& map, const MapPart& part, const std::vector<std::int64_t>& points) {
  std::vector<float> z;
  z.reserve(points.size() * static_cast<std::size_t>(map.latent_dim));
  const std::int64_t n = map.side;
  for (const std::int64_t p : points) {
    if (map.dims() == 3) z.push_back(map.axis[static_cast<std::size_t>(p / (n * n))]);
    z.push_back(map.axis[static_cast<std::size_t>(p / n % n)]);
    z.push_back(map.axis[static_cast<std::size_t>(p % n)]);
    if (part.fourth) z.push_back(static_cast<float>(*part.fourth));
  }
  return z;
}

// Whether every index of a point is a multiple of `spacing`.
bool lies_on(const ClassMap& map, std::int64_t point, int spacing) {
  for (int axis = 0; axis < map.dims(); ++axis, point /= map.side) {
    if (point % map.side % spacing != 0) return false;
  }
  return true;
}

ClassMap empty_map(const MapSource& source, const MapOptions& o) {
  check_map(source, o);
  ClassMap map{.latent_dim = source.prior.dim,
               .side = map_side(source, o),
               .kind = o.axis,
               .axis = {},
               .mass = o.axis == MapAxis::linear ? covered_mass(source.prior, o.range) : 1,
               .class_names = source.class_names,
               .parts = empty_parts(source, o)};
  map.axis = map_axis(source.prior, o, map.side);
  return map;
}

}  // namespace

GrowingMap::GrowingMap(MapSource source, const MapOptions& options)
    : source_(std::move(source)),
      map_(empty_map(source_, options)),
      each_(map_.points() / static_cast<std::int64_t>(map_.parts.size())),
      first_spacing_(first_spacing(map_.side)),
      spacing_(first_spacing_) {
  for (MapPart& part : map_.parts) part.labels.resize(static_cast<std::size_t>(each_));
}

// Those of a part that a spacing adds to all coarser ones, from the cursor on.
std::vector<std::int64_t> GrowingMap::take_points(std::int64_t most) {
  std::vector<std::int64_t> points;
  const bool first = spacing_ == first_spacing_;
  for (; cursor_ < each_ && static_cast<std::int64_t>(points.size()) < most; ++cursor_) {
    if (lies_on(map_, cursor_, spacing_) && (first || !lies_on(map_, cursor_, 2 * spacing_))) points.push_back(cursor_);
  }
  return points;
}

std::optional<MapPiece> GrowingMap::next(std::int64_t most) {
  std::vector<std::int64_t> points;
  while (spacing_ > 0 && (points = take_points(most)).empty()) {
    cursor_ = 0;
    if (++part_ < map_.parts.size()) continue;
    part_ = 0;
    spacing_ /= 2;
  }
  if (points.empty()) return {};
  MapPart& part = map_.parts[part_];
  MapPiece piece{.part = part_, .spacing = spacing_, .points = std::move(points), .labels = {}, .total = map_.points()};
  std::vector<std::int32_t> classes;
  if (part.wanted) classes.assign(piece.points.size(), *part.wanted);
  piece.labels = source_.classify(source_.generate(z_of(map_, part, piece.points), classes));
  for (std::size_t i = 0; i < piece.points.size(); ++i)
    part.labels[static_cast<std::size_t>(piece.points[i])] = piece.labels[i];
  piece.done = done_ += static_cast<std::int64_t>(piece.points.size());
  return piece;
}

std::vector<float> points_on(const Plane& plane, std::span<const float> points) {
  std::vector<float> z;
  z.reserve(points.size() / 2 * plane.origin.size());
  for (std::size_t p = 0; p + 1 < points.size(); p += 2) {
    for (std::size_t i = 0; i < plane.origin.size(); ++i)
      z.push_back(plane.origin[i] + points[p] * plane.u[i] + points[p + 1] * plane.v[i]);
  }
  return z;
}

MapSource on_plane(MapSource source, Plane plane) {
  const auto dim = static_cast<std::size_t>(source.prior.dim);
  if (plane.origin.size() != dim || plane.u.size() != dim || plane.v.size() != dim) {
    fail<ConfigError>("map: a plane through {} dimensions wants origin, u and v of so many numbers, found {}, {}, {}",
                      dim, plane.origin.size(), plane.u.size(), plane.v.size());
  }
  source.prior.dim = 2;
  source.generate = [generate = std::move(source.generate), plane = std::move(plane)](
                        std::span<const float> points, std::span<const std::int32_t> classes) {
    return generate(points_on(plane, points), classes);
  };
  return source;
}

}  // namespace ganymede::explore
