#include "explore/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::explore {
namespace {

using Vector = std::vector<double>;

double length_of(const Vector& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

// A unit vector; false, and v as it was, where there is next to nothing of it beside `scale`.
bool make_unit(Vector& v, double scale) {
  constexpr double kTiny = 1e-6;
  const double length = length_of(v);
  if (length <= kTiny * scale) return false;
  for (double& x : v) x /= length;
  return true;
}

void remove_part_along(const Vector& unit, Vector& v) {
  double along = 0;
  for (std::size_t i = 0; i < v.size(); ++i) along += unit[i] * v[i];
  for (std::size_t i = 0; i < v.size(); ++i) v[i] -= along * unit[i];
}

Vector axis_across(const Vector& unit) {
  const auto smallest = std::ranges::min_element(unit, {}, [](double x) { return std::abs(x); });
  Vector axis(unit.size(), 0);
  axis[static_cast<std::size_t>(smallest - unit.begin())] = 1;
  return axis;
}

std::vector<float> coordinate_axis(std::size_t dim, std::size_t i) {
  std::vector<float> axis(dim, 0);
  axis[i] = 1;
  return axis;
}

std::string axis_name(std::size_t i) {
  return fmt::format("z{}", i + 1);
}

}  // namespace

std::vector<Plane> sections_through(std::span<const float> z) {
  const std::size_t dim = z.size();
  if (dim < 2 || dim > 4) {
    fail<ConfigError>("sections: wanted a latent space of 2, 3 or 4 dimensions, found {}", dim);
  }
  const auto across = [&](std::size_t right, std::size_t up) {
    Plane plane{.origin = {z.begin(), z.end()},
                .u = coordinate_axis(dim, right),
                .v = coordinate_axis(dim, up),
                .u_name = axis_name(right),
                .v_name = axis_name(up),
                .title = {}};
    plane.origin[right] = plane.origin[up] = 0;
    for (std::size_t i = 0; i < dim; ++i) {
      if (i == right || i == up) continue;
      plane.title += fmt::format("{}{} = {:.3g}", plane.title.empty() ? "" : ", ", axis_name(i), z[i]);
    }
    return plane;
  };
  if (dim == 2) return {across(0, 1)};
  return {across(1, 2), across(0, 2), across(0, 1)};
}

Plane plane_of_walk(std::span<const float> a, std::span<const float> b) {
  if (a.size() < 2) fail<ConfigError>("a plane wants a latent space of 2 dimensions or more, found {}", a.size());
  Vector start(a.begin(), a.end()), right(b.begin(), b.end());
  const double scale = std::max(length_of(start), length_of(right));
  for (std::size_t i = 0; i < right.size(); ++i) right[i] -= start[i];
  if (!make_unit(right, scale)) {  // it goes nowhere
    right = start;
    if (!make_unit(right, 0)) right[0] = 1;
  }
  Vector up = start;
  remove_part_along(right, up);
  if (!make_unit(up, scale)) {
    up = axis_across(right);
    remove_part_along(right, up);
    make_unit(up, 0);
  }
  return {.origin = std::vector<float>(a.size(), 0),
          .u = {right.begin(), right.end()},
          .v = {up.begin(), up.end()},
          .u_name = "from A to B",
          .v_name = "across",
          .title = "the plane of 0, A and B"};
}

std::vector<float> shadow_on(const Plane& plane, std::span<const float> points) {
  const std::size_t dim = plane.origin.size();
  std::vector<float> shadow;
  for (std::size_t first = 0; first + dim <= points.size(); first += dim) {
    double right = 0, up = 0;
    for (std::size_t i = 0; i < dim; ++i) {
      const double from = static_cast<double>(points[first + i]) - plane.origin[i];
      right += from * plane.u[i];
      up += from * plane.v[i];
    }
    shadow.push_back(static_cast<float>(right));
    shadow.push_back(static_cast<float>(up));
  }
  return shadow;
}

ClassMap make_plane_map(const MapSource& source, const Plane& plane, const MapOptions& options,
                        std::optional<std::int32_t> wanted, const OnMapPiece& on_piece) {
  MapOptions flat_options = options;
  flat_options.wanted.clear();
  if (wanted) flat_options.wanted = {*wanted};
  return make_class_map(on_plane(source, plane), flat_options, on_piece);
}

}  // namespace ganymede::explore
