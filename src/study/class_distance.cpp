#include "study/class_distance.hpp"

#include <cmath>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

std::vector<std::int64_t> rows_of(std::span<const std::int32_t> labels, std::int32_t label) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == label) rows.push_back(static_cast<std::int64_t>(i));
  }
  return rows;
}

double length_between(std::span<const float> x, std::span<const float> y) {
  double sum = 0;
  for (std::size_t f = 0; f < x.size(); ++f) sum += (double{x[f]} - y[f]) * (double{x[f]} - y[f]);
  return std::sqrt(sum);
}

double mean_within(const measure::Features& all, const std::vector<std::int64_t>& rows) {
  double sum = 0;
  for (std::size_t a = 0; a < rows.size(); ++a) {
    for (std::size_t b = a + 1; b < rows.size(); ++b) sum += length_between(all.row(rows[a]), all.row(rows[b]));
  }
  const auto n = static_cast<double>(rows.size());
  return sum / (n * (n - 1) / 2);
}

}  // namespace

std::vector<double> class_distances(const measure::Labelled& real, const measure::Labelled& fake, int classes) {
  if (real.samples.dim != fake.samples.dim)
    fail<ShapeError>("class_distances: {} and {} values a sample", real.samples.dim, fake.samples.dim);
  std::vector<double> distances;
  for (std::int32_t c = 0; c < classes; ++c) {
    const auto x = rows_of(real.labels, c), y = rows_of(fake.labels, c);
    if (x.size() < 2 || y.size() < 2) {
      distances.push_back(std::nan(""));
      continue;
    }
    double between = 0;
    for (const std::int64_t a : x) {
      for (const std::int64_t b : y) between += length_between(real.samples.row(a), fake.samples.row(b));
    }
    between /= static_cast<double>(x.size()) * static_cast<double>(y.size());
    distances.push_back(2 * between - mean_within(real.samples, x) - mean_within(fake.samples, y));
  }
  return distances;
}

}  // namespace ganymede::study
