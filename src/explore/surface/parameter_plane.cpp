#include "explore/surface/parameter_plane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "measure/symmetric.hpp"

namespace ganymede::explore {
namespace {

constexpr double kPlaneRoom = 0.25, kLeastRoom = 0.08;  // beyond the marks, of their extent and of the larger one

// Tensors of the same names and shapes as one long vector.
double dot(const NamedTensors& a, const NamedTensors& b) {
  double sum = 0;
  for (const auto& [name, tensor] : a) {
    const auto x = tensor.values<float>(), y = b.at(name).values<float>();
    for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * y[i];
  }
  return sum;
}

NamedTensors combined(const std::vector<const NamedTensors*>& all, const std::vector<double>& factors) {
  NamedTensors result;
  for (const auto& [name, first] : *all.front()) {
    std::vector<double> sum(static_cast<std::size_t>(first.count()));
    for (std::size_t k = 0; k < all.size(); ++k) {
      const auto values = all[k]->at(name).values<float>();
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factors[k] * values[i];
    }
    Tensor tensor(DType::f32, first.shape());
    std::ranges::transform(sum, tensor.values<float>().begin(), [](double v) { return static_cast<float>(v); });
    result[name] = std::move(tensor);
  }
  return result;
}

NamedTensors difference_of(const NamedTensors& a, const NamedTensors& b) {
  return combined({&a, &b}, {1, -1});
}

NamedTensors origin_of(const run::Snapshot& snapshot) {
  NamedTensors all;
  for (const auto& [name, tensor] : snapshot.tensors) {
    if (name.starts_with(snapshot.generator.name + ".") || name.starts_with(snapshot.discriminator.name + "."))
      all[name] = tensor;
  }
  return all;
}

// The axis that counts a weight's filters.
std::size_t filter_axis(const net::Network& network, const std::string& parameter) {
  const net::Node& node = network.node(parameter.substr(0, parameter.find('.')));
  return std::holds_alternative<net::ConvTranspose>(node.layer) ? 1 : 0;
}

Tensor normalised_direction(const Tensor& weight, std::size_t axis, const Random& random, std::uint32_t index) {
  Tensor direction(DType::f32, weight.shape());
  if (weight.shape().size() < 2) return direction;
  const auto d = direction.values<float>();
  const auto w = weight.values<float>();
  random.normal(index, d);
  // [before, filters, behind]
  const auto filters = static_cast<std::size_t>(weight.shape()[axis]);
  std::size_t behind = 1;
  for (std::size_t k = axis + 1; k < weight.shape().size(); ++k) behind *= static_cast<std::size_t>(weight.shape()[k]);
  std::vector<double> of_d(filters), of_w(filters);
  for (std::size_t i = 0; i < d.size(); ++i) {
    const std::size_t filter = i / behind % filters;
    of_d[filter] += static_cast<double>(d[i]) * d[i];
    of_w[filter] += static_cast<double>(w[i]) * w[i];
  }
  for (std::size_t i = 0; i < d.size(); ++i) {
    const std::size_t filter = i / behind % filters;
    d[i] = of_d[filter] > 0 ? static_cast<float>(d[i] * std::sqrt(of_w[filter] / of_d[filter])) : 0.0F;
  }
  return direction;
}

PlaneRange around(const std::vector<PlaneMark>& marks, double PlaneMark::*axis, double larger) {
  const auto [least, most] = std::ranges::minmax(marks, {}, axis);
  const double room = kPlaneRoom * (most.*axis - least.*axis) + kLeastRoom * larger;
  return {least.*axis - room, most.*axis + room};
}

void set_ranges(ParameterPlane& plane) {
  double larger = 0;
  for (double PlaneMark::*axis : {&PlaneMark::x, &PlaneMark::y}) {
    const auto [least, most] = std::ranges::minmax(plane.marks, {}, axis);
    larger = std::max(larger, most.*axis - least.*axis);
  }
  plane.x = around(plane.marks, &PlaneMark::x, larger);
  plane.y = around(plane.marks, &PlaneMark::y, larger);
}

// Where a difference from the origin lies.
PlaneMark mark_of(std::uint64_t epoch, const NamedTensors& from_origin, const ParameterPlane& plane) {
  PlaneMark mark{.epoch = epoch, .x = dot(from_origin, plane.right), .y = dot(from_origin, plane.up)};
  mark.away = std::sqrt(std::max(0.0, dot(from_origin, from_origin) - mark.x * mark.x - mark.y * mark.y));
  return mark;
}

double cosine_of(const NamedTensors& a, const NamedTensors& b) {
  const double lengths = std::sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

}  // namespace

const char* name_of(SurfaceOf of) {
  return of == SurfaceOf::generator ? "generator" : "discriminator";
}

const char* name_of(ParameterPlane::Kind kind) {
  using Kind = ParameterPlane::Kind;
  return kind == Kind::random ? "random" : kind == Kind::three ? "plane" : "path";
}

const net::Network& moving_network(const run::Snapshot& snapshot, SurfaceOf of) {
  return of == SurfaceOf::generator ? snapshot.generator : snapshot.discriminator;
}

NamedTensors moving_weights(const run::Snapshot& snapshot, SurfaceOf of) {
  const net::Network& network = moving_network(snapshot, of);
  NamedTensors weights;
  for (const net::Parameter& p : net::parameters(network)) {
    if (p.trainable) weights[network.name + "." + p.name] = snapshot.tensors.at(network.name + "." + p.name);
  }
  return weights;
}

ParameterPlane random_plane(const run::Snapshot& origin, SurfaceOf of, std::uint64_t seed, double range) {
  ParameterPlane plane{.kind = ParameterPlane::Kind::random,
                       .of = of,
                       .origin = origin_of(origin),
                       .right = {},
                       .up = {},
                       .x = {-range, range},
                       .y = {-range, range},
                       .sentence = fmt::format("filter-normalised random directions (Li et al. 2018), seed {}", seed)};
  const net::Network& network = moving_network(origin, of);
  for (const auto& [name, weight] : moving_weights(origin, of)) {
    const std::size_t axis = filter_axis(network, name.substr(network.name.size() + 1));
    const Random random(seed, "surface." + name);
    plane.right[name] = normalised_direction(weight, axis, random, 0);
    plane.up[name] = normalised_direction(weight, axis, random, 1);
  }
  plane.cosine = cosine_of(plane.right, plane.up);
  return plane;
}

ParameterPlane plane_of_three(std::span<const run::Snapshot> three, SurfaceOf of) {
  if (three.size() != 3) fail<ConfigError>("a plane of checkpoints: wanted three, found {}", three.size());
  const NamedTensors a = moving_weights(three[0], of), b = difference_of(moving_weights(three[1], of), a),
                     c = difference_of(moving_weights(three[2], of), a);
  ParameterPlane plane{.kind = ParameterPlane::Kind::three, .of = of, .origin = origin_of(three[0])};
  const double length = std::sqrt(dot(b, b));
  if (!(length > 0)) fail<ConfigError>("the weights of the first and the second checkpoint are the same");
  plane.right = combined({&b}, {1 / length});
  const NamedTensors besides = combined({&c, &plane.right}, {1, -dot(c, plane.right)});
  const double height = std::sqrt(dot(besides, besides));
  if (!(height > 1e-6 * length)) fail<ConfigError>("the weights of the three checkpoints lie on a line");
  plane.up = combined({&besides}, {1 / height});
  plane.cosine = cosine_of(plane.right, plane.up);
  plane.marks = {PlaneMark{.epoch = three[0].epoch}, mark_of(three[1].epoch, b, plane),
                 mark_of(three[2].epoch, c, plane)};
  set_ranges(plane);
  plane.sentence = fmt::format("the plane of the epochs {}, {} and {}; distances of weights", three[0].epoch,
                               three[1].epoch, three[2].epoch);
  return plane;
}

ParameterPlane path_plane(std::span<const run::Snapshot> path, SurfaceOf of) {
  if (path.size() < 3) {
    fail<ConfigError>("the principal directions of a path: wanted three epochs or more that hold weights, found {}",
                      path.size());
  }
  const NamedTensors last = moving_weights(path.back(), of);
  std::vector<NamedTensors> rows;
  for (const run::Snapshot& one : path.first(path.size() - 1))
    rows.push_back(difference_of(moving_weights(one, of), last));
  const std::size_t n = rows.size();
  std::vector<double> products(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) products[i * n + j] = products[j * n + i] = dot(rows[i], rows[j]);
  }
  const measure::Eigenpairs pairs = measure::symmetric_eigenpairs(products, static_cast<std::int64_t>(n));
  double all = 0;
  for (std::size_t i = 0; i < n; ++i) all += products[i * n + i];
  if (!(all > 0) || !(pairs.values[1] > 1e-10 * all))
    fail<ConfigError>("the weights of these epochs lie on a line, which has no second principal direction");
  ParameterPlane plane{.kind = ParameterPlane::Kind::path, .of = of, .origin = origin_of(path.back())};
  std::vector<const NamedTensors*> pointers;
  for (const NamedTensors& row : rows) pointers.push_back(&row);
  for (const std::size_t k : {0, 1}) {
    const double sign = pairs.vectors[k * n] > 0 ? -1 : 1;
    std::vector<double> factors(n);
    for (std::size_t i = 0; i < n; ++i) factors[i] = sign * pairs.vectors[k * n + i] / std::sqrt(pairs.values[k]);
    (k == 0 ? plane.right : plane.up) = combined(pointers, factors);
    plane.explained.push_back(pairs.values[k] / all);
  }
  plane.cosine = cosine_of(plane.right, plane.up);
  for (std::size_t i = 0; i < n; ++i) plane.marks.push_back(mark_of(path[i].epoch, rows[i], plane));
  plane.marks.push_back({.epoch = path.back().epoch});
  set_ranges(plane);
  plane.sentence =
      fmt::format("the first two principal directions of the path over {} epochs, which hold {:.1f} and {:.1f} % of it",
                  path.size(), 100 * plane.explained[0], 100 * plane.explained[1]);
  return plane;
}

NamedTensors weights_at(const ParameterPlane& plane, double x, double y) {
  NamedTensors weights = plane.origin;
  if (x == 0 && y == 0) return weights;
  for (const auto& [name, right] : plane.right) {
    const auto w = weights.at(name).values<float>();
    const auto r = right.values<float>(), u = plane.up.at(name).values<float>();
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(w[i] + x * r[i] + y * u[i]);
  }
  return weights;
}

}  // namespace ganymede::explore
