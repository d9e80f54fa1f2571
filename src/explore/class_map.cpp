#include "explore/class_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "measure/distributions.hpp"

namespace ganymede::explore {
namespace {

constexpr std::int64_t kPiece = 1024;
constexpr int kFewestPoints = 8;  // along an axis of the coarsest grid

int side_of(const MapSource& source, const MapOptions& o) {
  const bool plane = source.prior.dim == 2;
  const int most = plane ? 1000 : 128;
  const int side = o.side > 0 ? o.side : default_side(plane ? 2 : 3, source.classes > 0);
  if (side < 2 || side > most)
    fail<ConfigError>("map: wanted 2 to {} points along an axis of a {}, found {}", most, plane ? "plane" : "cube",
                      side);
  return side;
}

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

// f(points) for those of a part that a spacing adds to all coarser ones, in pieces.
template <class F>
void for_each_piece(const ClassMap& map, int spacing, std::int64_t each, const F& f) {
  const bool first = spacing == first_spacing(map.side);
  std::vector<std::int64_t> points;
  for (std::int64_t p = 0; p < each; ++p) {
    if (lies_on(map, p, spacing) && (first || !lies_on(map, p, 2 * spacing))) points.push_back(p);
    if (static_cast<std::int64_t>(points.size()) == kPiece) {
      f(std::move(points));
      points.clear();
    }
  }
  if (!points.empty()) f(std::move(points));
}

}  // namespace

int first_spacing(int side) {
  int spacing = 1;
  while (side / (2 * spacing) >= kFewestPoints) spacing *= 2;
  return spacing;
}

int default_side(int dims, bool by_class) {
  return dims == 2 ? 100 : by_class ? 22 : 32;
}

void check_map(const MapSource& source, const MapOptions& o) {
  if (source.prior.dim < 2 || source.prior.dim > 4) {
    fail<ConfigError>(
        "map: wanted a latent space of 2, 3 or 4 dimensions, found {}; walk through a larger one with "
        "`ganymede interpolate`",
        source.prior.dim);
  }
  side_of(source, o);
  if (!(o.range > 0 && o.range <= 100))
    fail<ConfigError>("map: wanted a range above 0 and at most 100, found {}", o.range);
  if (source.prior.dim == 4 && o.fourth.empty()) fail<ConfigError>("map: no fourth coordinate is chosen");
  if (source.classes == 0 && !o.wanted.empty()) fail<ConfigError>("map: this generator takes no class");
  if (source.classes > 0 && source.classes != static_cast<int>(source.class_names.size())) {
    fail<ConfigError>("map: the generator takes {} classes, the classifier knows {}", source.classes,
                      source.class_names.size());
  }
  for (const std::int32_t k : o.wanted) {
    if (k < 0 || k >= source.classes)
      fail<ConfigError>("map: this generator knows the classes 0 to {}, not {}", source.classes - 1, k);
  }
}

std::int64_t ClassMap::points() const {
  return static_cast<std::int64_t>(parts.size()) * side * side * (dims() == 3 ? side : 1);
}

double covered_mass(const latent::Prior& prior, double range) {
  const double one = prior.kind == latent::PriorKind::normal ? std::erf(range / std::sqrt(2.0)) : std::min(range, 1.0);
  return std::pow(one, prior.dim);
}

std::vector<float> map_axis(const latent::Prior& prior, const MapOptions& o, int side) {
  std::vector<float> axis;
  for (int i = 0; i < side; ++i) {
    const double share = (i + 0.5) / side;
    const double at = o.axis == MapAxis::linear                 ? -o.range + 2 * o.range * i / (side - 1)
                      : prior.kind == latent::PriorKind::normal ? measure::normal_quantile(share)
                                                                : 2 * share - 1;
    axis.push_back(static_cast<float>(at));
  }
  return axis;
}

ClassMap make_class_map(const MapSource& source, const MapOptions& o, const OnMapPiece& on_piece) {
  check_map(source, o);
  ClassMap map{.latent_dim = source.prior.dim,
               .side = side_of(source, o),
               .kind = o.axis,
               .axis = {},
               .mass = o.axis == MapAxis::linear ? covered_mass(source.prior, o.range) : 1,
               .class_names = source.class_names,
               .parts = empty_parts(source, o)};
  map.axis = map_axis(source.prior, o, map.side);
  const std::int64_t total = map.points(), each = total / static_cast<std::int64_t>(map.parts.size());
  for (MapPart& part : map.parts) part.labels.resize(static_cast<std::size_t>(each));
  std::int64_t done = 0;
  for (int spacing = first_spacing(map.side); spacing > 0; spacing /= 2) {
    for (std::size_t number = 0; number < map.parts.size(); ++number) {
      MapPart& part = map.parts[number];
      for_each_piece(map, spacing, each, [&](std::vector<std::int64_t> points) {
        MapPiece piece{.part = number, .spacing = spacing, .points = std::move(points), .labels = {}, .total = total};
        std::vector<std::int32_t> classes;
        if (part.wanted) classes.assign(piece.points.size(), *part.wanted);
        piece.labels = source.classify(source.generate(z_of(map, part, piece.points), classes));
        for (std::size_t i = 0; i < piece.points.size(); ++i)
          part.labels[static_cast<std::size_t>(piece.points[i])] = piece.labels[i];
        piece.done = done += static_cast<std::int64_t>(piece.points.size());
        if (on_piece && !on_piece(piece)) throw Error("map: stopped");
      });
    }
  }
  return map;
}

std::vector<double> area_shares(std::span<const std::int32_t> labels, int classes) {
  std::vector<double> shares(static_cast<std::size_t>(classes), 0);
  for (const std::int32_t k : labels) ++shares.at(static_cast<std::size_t>(k));
  for (double& share : shares) share /= static_cast<double>(std::max<std::size_t>(labels.size(), 1));
  return shares;
}

std::vector<double> area_shares(const ClassMap& map) {
  std::vector<double> shares(map.class_names.size(), 0);
  for (const MapPart& part : map.parts) {
    const std::vector<double> of_part = area_shares(part.labels, static_cast<int>(map.class_names.size()));
    for (std::size_t k = 0; k < shares.size(); ++k) shares[k] += of_part[k] / static_cast<double>(map.parts.size());
  }
  return shares;
}

std::optional<double> wanted_share(const ClassMap& map) {
  std::int64_t right = 0;
  for (const MapPart& part : map.parts) {
    if (!part.wanted) return {};
    right += std::count(part.labels.begin(), part.labels.end(), *part.wanted);
  }
  return static_cast<double>(right) / static_cast<double>(std::max<std::int64_t>(map.points(), 1));
}

bool same_grid(const ClassMap& a, const ClassMap& b) {
  const auto same = [](const MapPart& p, const MapPart& q) {
    return p.wanted == q.wanted && p.fourth == q.fourth && p.labels.size() == q.labels.size();
  };
  return a.latent_dim == b.latent_dim && a.axis == b.axis && a.class_names == b.class_names &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same);
}

double changed_share(const ClassMap& before, const ClassMap& after) {
  if (!same_grid(before, after)) fail<ConfigError>("map: only maps of the same points can be compared");
  std::int64_t changed = 0;
  for (std::size_t p = 0; p < after.parts.size(); ++p) {
    const auto &a = before.parts[p].labels, &b = after.parts[p].labels;
    for (std::size_t i = 0; i < b.size(); ++i) changed += a[i] != b[i];
  }
  return static_cast<double>(changed) / static_cast<double>(std::max<std::int64_t>(after.points(), 1));
}

}  // namespace ganymede::explore
