#include "explore/class_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "explore/growing_map.hpp"
#include "measure/distributions.hpp"

namespace ganymede::explore {
namespace {

constexpr int kFewestPoints = 8;  // along an axis of the coarsest grid

}  // namespace

int first_spacing(int side) {
  int spacing = 1;
  while (side / (2 * spacing) >= kFewestPoints) spacing *= 2;
  return spacing;
}

int map_side(const MapSource& source, const MapOptions& o) {
  const bool plane = source.prior.dim == 2;
  const int most = plane ? 1000 : 128;
  const int side = o.side > 0 ? o.side : default_side(plane ? 2 : 3, source.classes > 0);
  if (side < 2 || side > most) {
    fail<ConfigError>("map: wanted 2 to {} points along an axis of a {}, found {}", most, plane ? "plane" : "cube",
                      side);
  }
  return side;
}

int default_side(int dims, bool by_class) {
  return dims == 2 ? 100 : by_class ? 22 : 32;
}

void check_map(const MapSource& source, const MapOptions& o) {
  if (!source.prior.codes.empty()) {
    fail<ConfigError>(
        "map: it goes through all values of z, and the last of this one are codes (latent.codes), which have some "
        "alone; "
        "a plane through a z has a map (--through)");
  }
  if (source.prior.dim < 2 || source.prior.dim > 4) {
    fail<ConfigError>(
        "map: wanted a latent space of 2, 3 or 4 dimensions, found {}; walk through a larger one with "
        "`ganymede interpolate`",
        source.prior.dim);
  }
  map_side(source, o);
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
  GrowingMap growing(source, o);
  while (const auto piece = growing.next()) {
    if (on_piece && !on_piece(*piece)) throw Error("map: stopped");
  }
  return growing.map();
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
