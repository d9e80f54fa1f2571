#include "explore/attributes/fit_normals.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "measure/linear_model.hpp"
#include "measure/resample.hpp"
#include "measure/separability.hpp"

namespace ganymede::explore {

HeldApart hold_apart(const measure::Features& z, const DirectionOptions& options) {
  HeldApart parts;
  const auto held = static_cast<std::int64_t>(options.hold_out * static_cast<double>(z.count()));
  std::vector<std::int64_t> order = measure::permutation(z.count(), Random(options.seed, "explore.hold_out"), 0);
  parts.held.assign(order.begin(), order.begin() + held);
  parts.fitted.assign(order.begin() + held, order.end());
  std::ranges::sort(parts.held);
  std::ranges::sort(parts.fitted);
  if (held < 10 || std::ssize(parts.fitted) < z.dim + 2) {
    fail<DataError>("directions of {} coordinates want {} samples or more, found {}", z.dim,
                    std::max<std::int64_t>(34, (z.dim + 3) * 10 / 7 + 1), z.count());
  }
  parts.z_fitted = measure::gather(z, parts.fitted);
  parts.z_held = measure::gather(z, parts.held);
  return parts;
}

std::vector<double> values_at(const std::vector<double>& values, std::span<const std::int64_t> indices) {
  std::vector<double> found;
  for (const std::int64_t i : indices) found.push_back(values[static_cast<std::size_t>(i)]);
  return found;
}

std::vector<std::uint8_t> above_half(std::span<const double> values) {
  std::vector<std::uint8_t> kinds;
  for (const double v : values) kinds.push_back(v > 0.5 ? 1 : 0);
  return kinds;
}

double place_along(std::span<const double> normal, std::span<const float> z) {
  double sum = 0;
  for (std::size_t i = 0; i < normal.size(); ++i) sum += normal[i] * static_cast<double>(z[i]);
  return sum;
}

std::vector<FittedNormal> fit_normals(const measure::Features& z, const std::vector<AttributeScores>& scores,
                                      std::span<const std::int64_t> times) {
  std::vector<std::vector<double>> columns;
  for (const AttributeScores& one : scores) columns.push_back(one.values);
  const std::vector<measure::LinearModel> models = measure::least_squares(z, columns, times);
  std::vector<std::int64_t> rows;  // as often as they count
  for (std::int64_t i = 0; i < z.count(); ++i)
    rows.insert(rows.end(), times.empty() ? 1U : static_cast<std::size_t>(times[static_cast<std::size_t>(i)]), i);
  std::vector<FittedNormal> found;
  for (std::size_t a = 0; a < scores.size(); ++a) {
    FittedNormal& one = found.emplace_back();
    const std::vector<double>& weights = models[a].weights;
    const double length = std::sqrt(std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0));
    const std::vector<double> values = values_at(scores[a].values, rows);
    if (!scores[a].binary) {
      for (const double w : weights) one.normal.push_back(length > 0 ? w / length : 0);
      one.slope = length;
      one.intercept = models[a].intercept;
      one.offset = length > 0 ? (models[a].intercept - measure::mean_of(values)) / length : 0;
      continue;
    }
    const std::vector<std::uint8_t> kinds = above_half(values);
    if (std::ranges::adjacent_find(kinds, std::not_equal_to<>()) == kinds.end()) {  // a resample of one kind
      one.normal.assign(static_cast<std::size_t>(z.dim), 0);
      continue;
    }
    const measure::Hyperplane plane = measure::separating_hyperplane(measure::gather(z, rows), kinds);
    one.normal = plane.normal;
    one.offset = plane.offset;
    measure::FeatureMatrix line{.values = {}, .dim = 1};
    for (std::int64_t i = 0; i < z.count(); ++i)
      line.values.push_back(static_cast<float>(place_along(plane.normal, z.row(i))));
    const measure::LinearModel model = measure::least_squares(line, std::span(&columns[a], 1), times)[0];
    one.slope = model.weights[0];
    one.intercept = model.intercept;
  }
  return found;
}

double variance_of(const measure::Features& z) {
  double sum = 0;
  for (std::int64_t k = 0; k < z.dim; ++k) {
    std::vector<double> column;
    for (std::int64_t i = 0; i < z.count(); ++i)
      column.push_back(static_cast<double>(z.row(i)[static_cast<std::size_t>(k)]));
    sum += std::pow(measure::deviation_of(column, 1), 2);
  }
  return sum / static_cast<double>(z.dim);
}

}  // namespace ganymede::explore
