#include "measure/point_pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.hpp"

// How it works. A set lies coordinate by coordinate, so that the squared distances of one point to all of a set are a
// loop without branches; least ones and sums go in eight lanes, whose order is fixed.

namespace ganymede::measure {
namespace {

constexpr std::size_t kLanes = 8;
constexpr float kOutOfReach = std::numeric_limits<float>::infinity();

class Columns {
 public:
  explicit Columns(const Features& points)
      : count_(static_cast<std::size_t>(points.count())), values_(points.values.size()) {
    const auto dim = static_cast<std::size_t>(points.dim);
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t c = 0; c < dim; ++c) values_[c * count_ + i] = points.values[i * dim + c];
  }
  std::size_t count() const { return count_; }
  /// Squared distances of a point to all.
  void squares(std::span<const float> point, std::vector<float>& out) const {
    out.assign(count_, 0);
    for (std::size_t c = 0; c < point.size(); ++c) {
      const float* column = values_.data() + c * count_;
      const float at = point[c];
      float* to = out.data();
      for (std::size_t j = 0; j < count_; ++j) {
        const float d = column[j] - at;
        to[j] += d * d;
      }
    }
  }

 private:
  std::size_t count_;
  std::vector<float> values_;
};

float least(std::span<const float> values) {
  std::array<float, kLanes> lanes;
  lanes.fill(kOutOfReach);
  std::size_t j = 0;
  for (; j + kLanes <= values.size(); j += kLanes) {
    for (std::size_t l = 0; l < kLanes; ++l) lanes[l] = values[j + l] < lanes[l] ? values[j + l] : lanes[l];
  }
  for (; j < values.size(); ++j) lanes[0] = std::min(lanes[0], values[j]);
  return *std::ranges::min_element(lanes);
}

double sum_of_roots(std::span<const float> squares) {
  std::array<double, kLanes> lanes{};
  for (std::size_t j = 0; j < squares.size(); ++j) lanes[j % kLanes] += std::sqrt(squares[j]);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

}  // namespace

PointPairs point_pairs(const RealAndFake& sets) {
  check(sets, 2, "point_pairs");
  const Columns real(sets.real), fake(sets.fake);
  std::vector<float> squares;
  double between = 0, correct = 0;
  // Sum of the distances within a set; counts whose nearest other point is of it, too.
  const auto look = [&](const Features& own, const Columns& same, const Columns& other, bool first) {
    double within = 0;
    for (std::size_t i = 0; i < same.count(); ++i) {
      const auto point = own.row(static_cast<std::int64_t>(i));
      same.squares(point, squares);
      within += 2 * sum_of_roots(std::span(squares).subspan(i + 1));
      squares[i] = kOutOfReach;
      const float to_same = least(squares);
      other.squares(point, squares);
      const float to_other = least(squares);
      if (first) between += sum_of_roots(squares);
      correct += to_same < to_other ? 1 : to_same == to_other ? 0.5 : 0;
    }
    const auto n = static_cast<double>(same.count());
    return within / (n * (n - 1));
  };
  PointPairs found;
  found.distances.real = look(sets.real, real, fake, true);
  found.distances.fake = look(sets.fake, fake, real, false);
  const auto n = static_cast<double>(real.count()), m = static_cast<double>(fake.count());
  found.distances.between = between / (n * m);
  found.accuracy = correct / (n + m);
  return found;
}

Neighbours nearest_points(const Features& queries, const Features& references, Among among) {
  check(queries, 1, "nearest_points", "queries");
  check(references, among == Among::all ? 1 : 2, "nearest_points", "references");
  if (queries.dim != references.dim)
    fail<ShapeError>("nearest_points: wanted points of one length, found {} and {}", queries.dim, references.dim);
  if (among == Among::others && queries.count() > references.count())
    fail<ConfigError>("nearest_points: {} queries, {} references", queries.count(), references.count());
  const Columns columns(references);
  std::vector<float> squares;
  Neighbours found{.k = 1};
  for (std::int64_t i = 0; i < queries.count(); ++i) {
    columns.squares(queries.row(i), squares);
    if (among == Among::others) squares[static_cast<std::size_t>(i)] = kOutOfReach;
    const float nearest = least(squares);
    found.indices.push_back(std::ranges::find(squares, nearest) - squares.begin());
    found.distances.push_back(std::sqrt(static_cast<double>(nearest)));
  }
  return found;
}

}  // namespace ganymede::measure
