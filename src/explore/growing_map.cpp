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

MapOrder::MapOrder(const ClassMap& map)
    : dims_(map.dims()),
      side_(map.side),
      parts_(map.parts.size()),
      each_(map.points() / static_cast<std::int64_t>(map.parts.size())),
      first_spacing_(first_spacing(map.side)),
      spacing_(first_spacing_) {}

// Whether every index of a point is a multiple of `spacing`.
bool MapOrder::lies_on(std::int64_t point, int spacing) const {
  for (int axis = 0; axis < dims_; ++axis, point /= side_) {
    if (point % side_ % spacing != 0) return false;
  }
  return true;
}

// Those of a part that a spacing adds to all coarser ones, from the cursor on.
std::vector<std::int64_t> MapOrder::take(std::int64_t most) {
  std::vector<std::int64_t> points;
  const bool first = spacing_ == first_spacing_;
  for (; cursor_ < each_ && static_cast<std::int64_t>(points.size()) < most; ++cursor_) {
    if (lies_on(cursor_, spacing_) && (first || !lies_on(cursor_, 2 * spacing_))) points.push_back(cursor_);
  }
  return points;
}

std::optional<MapOrder::Points> MapOrder::next(std::int64_t most) {
  std::vector<std::int64_t> points;
  while (spacing_ > 0 && (points = take(most)).empty()) {
    cursor_ = 0;
    if (++part_ < parts_) continue;
    part_ = 0;
    spacing_ /= 2;
  }
  if (points.empty()) return {};
  return Points{.part = part_, .spacing = spacing_, .points = std::move(points)};
}

GrowingMap::GrowingMap(MapSource source, const MapOptions& options)
    : source_(std::move(source)), map_(empty_map(source_, options)), order_(map_) {
  const std::int64_t each = map_.points() / static_cast<std::int64_t>(map_.parts.size());
  for (MapPart& part : map_.parts) part.labels.resize(static_cast<std::size_t>(each));
}

std::optional<MapPiece> GrowingMap::next(std::int64_t most) {
  std::optional<MapOrder::Points> next = order_.next(most);
  if (!next) return {};
  MapPart& part = map_.parts[next->part];
  MapPiece piece{.part = next->part,
                 .spacing = next->spacing,
                 .points = std::move(next->points),
                 .labels = {},
                 .total = map_.points()};
  std::vector<std::int32_t> classes;
  if (part.wanted) classes.assign(piece.points.size(), *part.wanted);
  piece.labels = source_.classify(source_.generate(z_of(map_, part, piece.points), classes));
  for (std::size_t i = 0; i < piece.points.size(); ++i)
    part.labels[static_cast<std::size_t>(piece.points[i])] = piece.labels[i];
  piece.done = done_ += static_cast<std::int64_t>(piece.points.size());
  return piece;
}

}  // namespace ganymede::explore
