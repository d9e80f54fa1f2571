#include "study/theory/failure_scores.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ganymede::study {
namespace {

// The value at a share of the sorted ones, the nearest of them.
double percentile_of(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
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

}  // namespace ganymede::study
