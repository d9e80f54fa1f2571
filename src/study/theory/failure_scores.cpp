#include "study/theory/failure_scores.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

// The value at a share of the sorted ones, the nearest of them.
double percentile_of(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
}

double column_mean(const std::vector<float>& values, int columns, int column) {
  double sum = 0;
  for (std::size_t i = static_cast<std::size_t>(column); i < values.size(); i += static_cast<std::size_t>(columns))
    sum += values[i];
  return sum * columns / static_cast<double>(values.size());
}

}  // namespace

double modes_at_end(const RunCurve& curve) {
  return curve.epochs.empty() ? 0 : curve.epochs.back().modes;
}

double swing_of_quality(const RunCurve& curve) {
  std::vector<double> late;
  for (std::size_t i = curve.epochs.size() / 2; i < curve.epochs.size(); ++i)
    late.push_back(curve.epochs[i].high_quality);
  return late.empty() ? 0 : percentile_of(late, 0.9) - percentile_of(late, 0.1);
}

double gradient_at_end(const RunCurve& curve) {
  const std::size_t from = curve.epochs.size() - (curve.epochs.size() + 3) / 4;
  double sum = 0;
  for (std::size_t i = from; i < curve.epochs.size(); ++i) sum += curve.epochs[i].generator_gradient;
  return curve.epochs.empty() ? 0 : sum / static_cast<double>(curve.epochs.size() - from);
}

std::vector<std::vector<double>> shares_of_axes(const std::vector<float>& z, int z_dim,
                                                const std::vector<float>& points, int dim) {
  const std::size_t count = z.size() / static_cast<std::size_t>(z_dim);
  if (count * static_cast<std::size_t>(dim) != points.size())
    fail<ShapeError>("{} samples of noise, {} values of points of {} coordinates", count, points.size(), dim);
  std::vector<std::vector<double>> shares(static_cast<std::size_t>(dim));
  for (int d = 0; d < dim; ++d) {
    const double mean_x = column_mean(points, dim, d);
    for (int k = 0; k < z_dim; ++k) {
      const double mean_z = column_mean(z, z_dim, k);
      double xz = 0, xx = 0, zz = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const double x = points[i * static_cast<std::size_t>(dim) + static_cast<std::size_t>(d)] - mean_x,
                     y = z[i * static_cast<std::size_t>(z_dim) + static_cast<std::size_t>(k)] - mean_z;
        xz += x * y, xx += x * x, zz += y * y;
      }
      shares[static_cast<std::size_t>(d)].push_back(xx > 0 && zz > 0 ? xz * xz / (xx * zz) : 0);
    }
  }
  return shares;
}

double share_of_best_axis(const std::vector<float>& z, int z_dim, const std::vector<float>& points, int dim) {
  double sum = 0;
  for (const auto& one : shares_of_axes(z, z_dim, points, dim)) sum += *std::ranges::max_element(one);
  return sum / dim;
}

}  // namespace ganymede::study
