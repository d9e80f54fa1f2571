#include "data/points/point_sets.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/portable_math.hpp"
#include "base/signal.hpp"
#include "data/synthetic/builtin.hpp"

namespace ganymede::data {
namespace {

constexpr std::int64_t kPointsBetweenLooks = 1 << 16;  // at a request to stop

// The law of a set that has one, with a deviation that is known.
Mixture one_normal(const PointOptions& o) {
  return {.dim = 1, .centres = {static_cast<float>(o.mean)}, .deviations = {o.deviation}};
}

Mixture three_normals(const PointOptions& o) {
  return {
      .dim = 1, .centres = {-4, 0, 4}, .deviations = std::vector<double>(3, o.deviation), .weights = {0.25, 0.5, 0.25}};
}

Mixture two_blobs(const PointOptions& o) {
  return {.dim = 2, .centres = {-1, -1, 1, 1}, .deviations = std::vector<double>(2, o.deviation)};
}

void on_line(RandomSequence& random, std::span<float> out) {
  const double t = random.uniform(-2, 2);
  out[0] = static_cast<float>(t);
  out[1] = static_cast<float>(t / 2);
}

// Two half circles of radius 1 that reach into each other, about the origin.
void on_moons(RandomSequence& random, std::span<float> out) {
  const bool lower = random.below(2) == 1;
  double sine = 0, cosine = 0;
  portable_sincos_turn(random.uniform() / 2, sine, cosine);
  out[0] = static_cast<float>((lower ? 1 - cosine : cosine) - 0.5);
  out[1] = static_cast<float>((lower ? 0.5 - sine : sine) - 0.25);
}

// One arm of one and three quarter turns, r in proportion to the angle, from radius 0 to 2. The root of a uniform
// number puts about as many points on each piece of the arm.
void on_spiral(RandomSequence& random, std::span<float> out) {
  const double t = std::sqrt(random.uniform());
  double sine = 0, cosine = 0;
  portable_sincos_turn(std::fmod(1.75 * t, 1.0), sine, cosine);
  out[0] = static_cast<float>(2 * t * cosine);
  out[1] = static_cast<float>(2 * t * sine);
}

// A new set is one more entry here.
std::vector<PointSet> make_point_sets() {
  return {
      {.name = "normal-1d",
       .sentence = "points of one dimension, a normal law; any number, nothing to download",
       .dim = 1,
       .deviation = 0.5,
       .keys = {"mean", "deviation"},
       .mixture = one_normal},
      {.name = "mixture-1d",
       .sentence = "points of one dimension, three Gaussians at -4, 0 and 4 with shares 1/4, 1/2 and 1/4",
       .dim = 1,
       .deviation = 0.5,
       .keys = {"deviation"},
       .mixture = three_normals},
      {.name = "ring",
       .sentence = "points of two dimensions, 8 Gaussians on a circle (Metz et al. 2017)",
       .dim = 2,
       .deviation = 0.02,
       .keys = {"modes", "radius", "deviation"},
       .mixture = [](const PointOptions& o) { return ring_mixture(o.modes, o.radius, o.deviation); }},
      {.name = "grid",
       .sentence = "points of two dimensions, 25 Gaussians in a square of 5 x 5 (Srivastava et al. 2017)",
       .dim = 2,
       .deviation = 0.05,
       .keys = {"side", "spacing", "deviation"},
       .mixture = [](const PointOptions& o) { return grid_mixture(o.side, o.spacing, o.deviation); }},
      {.name = "two-blobs",
       .sentence = "points of two dimensions, two round clouds",
       .dim = 2,
       .deviation = 0.4,
       .keys = {"deviation"},
       .mixture = two_blobs},
      {.name = "line",
       .sentence = "points of two dimensions about a straight line",
       .dim = 2,
       .deviation = 0.05,
       .keys = {"deviation"},
       .curve = on_line},
      {.name = "moons",
       .sentence = "points of two dimensions about two half circles",
       .dim = 2,
       .deviation = 0.05,
       .keys = {"deviation"},
       .curve = on_moons},
      {.name = "spiral",
       .sentence = "points of two dimensions about a spiral",
       .dim = 2,
       .deviation = 0.05,
       .keys = {"deviation"},
       .curve = on_spiral},
  };
}

PointOptions with_its_deviation(const PointSet& set, PointOptions options) {
  if (!(options.deviation > 0)) options.deviation = set.deviation;
  return options;
}

}  // namespace

const std::vector<PointSet>& point_sets() {
  static const std::vector<PointSet> table = make_point_sets();
  return table;
}

const PointSet* find_point_set(const std::string& name) {
  const auto found = std::ranges::find(point_sets(), name, &PointSet::name);
  return found == point_sets().end() ? nullptr : &*found;
}

std::vector<std::string> point_sets_with(const std::string& key) {
  std::vector<std::string> names;
  for (const PointSet& set : point_sets()) {
    if (std::ranges::find(set.keys, key) != set.keys.end()) names.emplace_back(set.name);
  }
  return names;
}

std::vector<std::string> sets_of_mixtures() {
  std::vector<std::string> names;
  for (const PointSet& set : point_sets()) {
    if (set.mixture != nullptr) names.emplace_back(set.name);
  }
  return names;
}

std::optional<Mixture> mixture_of(const std::string& name, const PointOptions& options) {
  const PointSet* set = find_point_set(name);
  if (set == nullptr || set->mixture == nullptr) return std::nullopt;
  return set->mixture(with_its_deviation(*set, options));
}

Dataset draw_points(const PointSet& set, Split split, std::int64_t count, const PointOptions& options) {
  if (count < 1) fail<ConfigError>("data.builtin_count: wanted at least 1 point, found {}", count);
  const PointOptions chosen = with_its_deviation(set, options);
  const std::optional<Mixture> mixture = set.mixture == nullptr ? std::nullopt : std::optional(set.mixture(chosen));
  const Random random(kBuiltinTrainSeed, split == Split::train ? "data.points.train" : "data.points.test");
  const auto dim = static_cast<std::size_t>(set.dim);
  Dataset d;
  d.provenance = {set.name, {}, set.sentence};
  d.images = Tensor(DType::f32, {count, set.dim});
  const auto values = d.images.values<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    if (i % kPointsBetweenLooks == 0 && stop_requested())
      fail<Error>("{}: stopped before all of it was drawn", set.name);
    RandomSequence sequence(random, static_cast<std::uint32_t>(i));
    const auto point = values.subspan(static_cast<std::size_t>(i) * dim, dim);
    if (mixture) {
      draw_point(*mixture, sequence, point);
    } else {
      set.curve(sequence, point);
      for (float& v : point) v += static_cast<float>(chosen.deviation * sequence.normal());
    }
  }
  return checked(std::move(d));
}

}  // namespace ganymede::data
