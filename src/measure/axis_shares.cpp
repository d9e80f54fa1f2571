#include "measure/axis_shares.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

double column_mean(const Features& features, std::size_t column) {
  const auto columns = static_cast<std::size_t>(features.dim);
  double sum = 0;
  for (std::size_t i = column; i < features.values.size(); i += columns) sum += features.values[i];
  return sum / static_cast<double>(features.count());
}

double squared_correlation(const Features& x, std::size_t of_x, const Features& y, std::size_t of_y) {
  const double mean_x = column_mean(x, of_x), mean_y = column_mean(y, of_y);
  double xy = 0, xx = 0, yy = 0;
  for (std::int64_t i = 0; i < x.count(); ++i) {
    const double a = x.row(i)[of_x] - mean_x, b = y.row(i)[of_y] - mean_y;
    xy += a * b, xx += a * a, yy += b * b;
  }
  return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
}

}  // namespace

std::vector<std::vector<double>> shares_of_axes(const Features& z, const Features& samples) {
  if (z.count() != samples.count())
    fail<ShapeError>("{} samples of noise, {} samples of {} numbers", z.count(), samples.count(), samples.dim);
  std::vector<std::vector<double>> shares(static_cast<std::size_t>(samples.dim));
  for (std::size_t d = 0; d < shares.size(); ++d) {
    for (std::size_t k = 0; k < static_cast<std::size_t>(z.dim); ++k)
      shares[d].push_back(squared_correlation(samples, d, z, k));
  }
  return shares;
}

double share_of_best_axis(const Features& z, const Features& samples) {
  double sum = 0;
  for (const auto& one : shares_of_axes(z, samples)) sum += *std::ranges::max_element(one);
  return sum / static_cast<double>(samples.dim);
}

}  // namespace ganymede::measure
