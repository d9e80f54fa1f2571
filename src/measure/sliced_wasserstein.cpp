#include "measure/sliced_wasserstein.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::measure {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kDirectionsATask = 8;
constexpr std::int64_t kRowsAtOnce = 256;

/// Unit vectors as columns [F, count].
Eigen::MatrixXd directions_of(std::int64_t dim, std::int64_t first, std::int64_t count, std::uint64_t seed) {
  const Random random(seed, "measure.directions");
  Eigen::MatrixXd all(dim, count);
  std::vector<float> values(static_cast<std::size_t>(dim));
  for (std::int64_t d = 0; d < count; ++d) {
    random.normal(static_cast<std::uint32_t>(first + d), values);
    all.col(d) = Eigen::Map<const Eigen::VectorXf>(values.data(), dim).cast<double>();
    all.col(d).normalize();
  }
  return all;
}

/// [N, directions].
Eigen::MatrixXd projected(const Features& set, const Eigen::MatrixXd& directions) {
  Eigen::MatrixXd out(set.count(), directions.cols());
  for (std::int64_t first = 0; first < set.count(); first += kRowsAtOnce) {
    const std::int64_t n = std::min(kRowsAtOnce, set.count() - first);
    const Eigen::Map<const Rows> rows(set.slice(first, n).values.data(), n, set.dim);
    out.middleRows(first, n).noalias() = rows.cast<double>() * directions;
  }
  return out;
}

struct Placed {
  double at = 0;
  std::int64_t group = 0;
};

std::vector<Placed> ascending(const Eigen::MatrixXd& projections, std::int64_t direction, std::int64_t groups) {
  std::vector<Placed> all;
  all.reserve(static_cast<std::size_t>(projections.rows()));
  for (std::int64_t i = 0; i < projections.rows(); ++i)
    all.push_back({projections(i, direction), groups > 0 ? i % groups : 0});
  std::ranges::sort(all, {}, &Placed::at);
  return all;
}

/// Those of all groups but one; -1: of all.
std::vector<double> without(const std::vector<Placed>& all, std::int64_t group) {
  std::vector<double> left;
  left.reserve(all.size());
  for (const Placed& one : all) {
    if (one.group != group || group < 0) left.push_back(one.at);
  }
  return left;
}

}  // namespace

double squared_wasserstein(std::span<const double> first, std::span<const double> second) {
  // Both quantile functions are constant between two of the places i / N and j / M; these are compared as whole
  // numbers, i M and j N.
  const std::size_t n = first.size(), m = second.size();
  double sum = 0;
  std::size_t i = 0, j = 0, at = 0;
  while (i < n && j < m) {
    const std::size_t end = std::min((i + 1) * m, (j + 1) * n);
    const double apart = first[i] - second[j];
    sum += static_cast<double>(end - at) * apart * apart;
    at = end;
    if (end == (i + 1) * m) ++i;
    if (end == (j + 1) * n) ++j;
  }
  return sum / static_cast<double>(n) / static_cast<double>(m);
}

SlicedWasserstein sliced_wasserstein(const RealAndFake& sets, ThreadPool& pool,
                                     const SlicedWassersteinOptions& options) {
  constexpr const char* kWhere = "sliced_wasserstein";
  const std::int64_t groups = options.groups;
  if (options.directions < 1 || groups < 0 || groups == 1) {
    fail<ConfigError>("{}: wanted 1 direction or more and 0 groups, or 2 or more, found {} and {}", kWhere,
                      options.directions, groups);
  }
  check(sets, std::max<std::int64_t>(1, 2 * groups), kWhere);
  // Row g: a sum without group g; the last one: of all.
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(groups + 1, options.directions);
  pool.run((options.directions + kDirectionsATask - 1) / kDirectionsATask, [&](std::int64_t task, int) {
    const std::int64_t first = task * kDirectionsATask;
    const std::int64_t count = std::min<std::int64_t>(kDirectionsATask, options.directions - first);
    const Eigen::MatrixXd directions = directions_of(sets.real.dim, first, count, options.seed);
    const Eigen::MatrixXd real = projected(sets.real, directions), fake = projected(sets.fake, directions);
    for (std::int64_t d = 0; d < count; ++d) {
      const std::vector<Placed> reals = ascending(real, d, groups), fakes = ascending(fake, d, groups);
      for (std::int64_t g = 0; g <= groups; ++g) {
        const std::int64_t left_out = g < groups ? g : -1;
        squares(g, first + d) = squared_wasserstein(without(reals, left_out), without(fakes, left_out));
      }
    }
  });
  std::vector<double> values;
  for (std::int64_t g = 0; g <= groups; ++g) {
    double sum = 0;
    for (std::int64_t d = 0; d < options.directions; ++d) sum += squares(g, d);
    values.push_back(std::sqrt(sum / options.directions));
  }
  SlicedWasserstein out{.value = values.back(), .interval = {}};
  values.pop_back();
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  out.interval = groups > 0 ? jackknife(out.value, values, options.level) : Interval{kNone, kNone};
  return out;
}

}  // namespace ganymede::measure
