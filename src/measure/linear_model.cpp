#include "measure/linear_model.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

double r_squared(std::span<const double> measured, std::span<const double> told,
                 std::span<const std::int64_t> indices) {
  double mean = 0, left = 0, all = 0;
  for (const std::int64_t i : indices) mean += measured[static_cast<std::size_t>(i)];
  mean /= static_cast<double>(indices.size());
  for (const std::int64_t i : indices) {
    const auto at = static_cast<std::size_t>(i);
    left += (measured[at] - told[at]) * (measured[at] - told[at]);
    all += (measured[at] - mean) * (measured[at] - mean);
  }
  return all > 0 ? 1 - left / all : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double LinearModel::at(std::span<const float> z) const {
  double sum = intercept;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * static_cast<double>(z[i]);
  return sum;
}

std::vector<LinearModel> least_squares(const Features& points, std::span<const std::vector<double>> scores,
                                       std::span<const std::int64_t> counts) {
  const std::int64_t n = points.count(), dim = points.dim;
  check(points, 2, "least_squares", "points");
  for (const std::vector<double>& score : scores) {
    if (std::ssize(score) != n)
      fail<ShapeError>("least_squares: wanted a score a point, found {} for {}", score.size(), n);
  }
  if (!counts.empty() && std::ssize(counts) != n)
    fail<ShapeError>("least_squares: wanted a count a point, found {} for {}", counts.size(), n);
  if (n < dim + 2)
    fail<DataError>("least_squares: wanted more than {} points of {} coordinates, found {}", dim + 1, dim, n);
  const auto times = [&](std::int64_t i) {
    return counts.empty() ? 1.0 : static_cast<double>(counts[static_cast<std::size_t>(i)]);
  };
  double all = 0;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(dim);
  for (std::int64_t i = 0; i < n; ++i) {
    all += times(i);
    for (std::int64_t k = 0; k < dim; ++k) mean[k] += times(i) * points.row(i)[static_cast<std::size_t>(k)];
  }
  mean /= all;
  Eigen::MatrixXd centred(n, dim);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t k = 0; k < dim; ++k)
      centred(i, k) = std::sqrt(times(i)) * (points.row(i)[static_cast<std::size_t>(k)] - mean[k]);
  }
  Eigen::MatrixXd gram = centred.transpose() * centred;
  for (std::int64_t k = 0; k < dim; ++k) {
    if (!(gram(k, k) > 0)) gram(k, k) = 1;  // it does not vary
  }
  const Eigen::LDLT<Eigen::MatrixXd> solver(gram);
  std::vector<LinearModel> models;
  for (const std::vector<double>& score : scores) {
    double middle = 0;
    for (std::int64_t i = 0; i < n; ++i) middle += times(i) * score[static_cast<std::size_t>(i)] / all;
    Eigen::VectorXd right(n);
    for (std::int64_t i = 0; i < n; ++i) right[i] = std::sqrt(times(i)) * (score[static_cast<std::size_t>(i)] - middle);
    const Eigen::VectorXd weights = solver.solve(centred.transpose() * right);
    models.push_back({.weights = {weights.begin(), weights.end()}, .intercept = middle - weights.dot(mean)});
  }
  return models;
}

Explained explained(std::span<const double> measured, std::span<const double> told, const BootstrapOptions& options) {
  if (measured.size() != told.size()) {
    fail<ShapeError>("explained: wanted as many told as measured scores, found {} for {}", told.size(),
                     measured.size());
  }
  const auto count = static_cast<std::int64_t>(measured.size());
  if (count < 2) fail<DataError>("explained: wanted 2 scores or more, found {}", count);
  std::vector<std::int64_t> all(measured.size());
  std::iota(all.begin(), all.end(), std::int64_t{0});
  Explained found{.value = r_squared(measured, told, all), .interval = {}};
  if (std::isnan(found.value)) {
    found.interval = {found.value, found.value};
    return found;
  }
  // A resample of one point alone says nothing, and nothing varies in it.
  found.interval = bootstrap(
      count,
      [&](std::span<const std::int64_t> indices) {
        const double value = r_squared(measured, told, indices);
        return std::isnan(value) ? found.value : value;
      },
      options);
  found.interval = {std::min(found.interval.low, found.value), std::max(found.interval.high, found.value)};
  return found;
}

}  // namespace ganymede::measure
