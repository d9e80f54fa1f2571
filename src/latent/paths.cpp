#include "latent/paths.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::latent {
namespace {

// Below this angle (and as near to a half turn) the circle through both vectors is lost in float rounding.
constexpr double kTinyAngle = 1e-6;
constexpr double kPi = 3.14159265358979323846;

void check_lengths(std::span<const float> a, std::span<const float> b, std::span<float> out) {
  if (a.size() != b.size() || a.size() != out.size()) {
    fail<ShapeError>("path: wanted vectors of one length, found {}, {} and room for {}", a.size(), b.size(),
                     out.size());
  }
}

/// Copies the end of the path exactly; whether t is one of them.
bool copy_end(std::span<const float> a, std::span<const float> b, double t, std::span<float> out) {
  if (t != 0 && t != 1) return false;
  std::copy_n((t == 0 ? a : b).begin(), out.size(), out.begin());
  return true;
}

double norm(std::span<const double> v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

std::vector<double> unit(std::span<const float> v, double& length) {
  std::vector<double> u(v.begin(), v.end());
  length = norm(u);
  if (length > 0) {
    for (double& x : u) x /= length;
  }
  return u;
}

/// Removes from v its part along the unit vector u and makes the rest a unit vector.
void make_perpendicular(std::vector<double>& v, const std::vector<double>& u) {
  double along = 0;
  for (std::size_t i = 0; i < u.size(); ++i) along += u[i] * v[i];
  for (std::size_t i = 0; i < u.size(); ++i) v[i] -= along * u[i];
  const double length = norm(v);
  for (double& x : v) x /= length;
}

std::vector<double> axis_of_smallest(const std::vector<double>& u) {
  const auto smallest =
      std::min_element(u.begin(), u.end(), [](double x, double y) { return std::abs(x) < std::abs(y); });
  std::vector<double> axis(u.size(), 0);
  axis[static_cast<std::size_t>(smallest - u.begin())] = 1;
  return axis;
}

/// The angle between unit vectors, exact near 0 and pi as well (Kahan).
double angle_between(const std::vector<double>& u, const std::vector<double>& v) {
  std::vector<double> difference(u.size()), sum(u.size());
  for (std::size_t i = 0; i < u.size(); ++i) {
    difference[i] = u[i] - v[i];
    sum[i] = u[i] + v[i];
  }
  return 2 * std::atan2(norm(difference), norm(sum));
}

void step(std::span<const float> a, std::span<const float> b, double t, PathKind kind, std::span<float> out) {
  kind == PathKind::lerp ? lerp(a, b, t, out) : slerp(a, b, t, out);
}

}  // namespace

PathKind path_kind_from(std::string_view name) {
  if (name == "lerp") return PathKind::lerp;
  if (name == "slerp") return PathKind::slerp;
  fail<ConfigError>("path: wanted \"lerp\" or \"slerp\", found \"{}\"", name);
}

void lerp(std::span<const float> a, std::span<const float> b, double t, std::span<float> out) {
  check_lengths(a, b, out);
  if (copy_end(a, b, t, out)) return;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>((1 - t) * a[i] + t * b[i]);
}

void slerp(std::span<const float> a, std::span<const float> b, double t, std::span<float> out) {
  check_lengths(a, b, out);
  if (copy_end(a, b, t, out)) return;
  double length_a = 0, length_b = 0;
  const std::vector<double> u = unit(a, length_a);
  std::vector<double> v = unit(b, length_b);
  if (length_a == 0 || length_b == 0 || a.size() < 2) return lerp(a, b, t, out);
  const double angle = angle_between(u, v);
  if (angle < kTinyAngle) return lerp(a, b, t, out);
  if (angle > kPi - kTinyAngle) v = axis_of_smallest(u);
  make_perpendicular(v, u);
  const double length = (1 - t) * length_a + t * length_b;
  const double along = length * std::cos(t * angle), across = length * std::sin(t * angle);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(along * u[i] + across * v[i]);
}

std::vector<float> path(std::span<const float> a, std::span<const float> b, int points, PathKind kind) {
  if (points < 2) fail<ConfigError>("path: wanted at least 2 points, found {}", points);
  std::vector<float> out(static_cast<std::size_t>(points) * a.size());
  for (int k = 0; k < points; ++k) {
    const double t = static_cast<double>(k) / (points - 1);
    step(a, b, t, kind, std::span(out).subspan(static_cast<std::size_t>(k) * a.size(), a.size()));
  }
  return out;
}

}  // namespace ganymede::latent
