#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// s(z) = weights . z + intercept.
struct LinearModel {
  std::vector<double> weights;  ///< [Z]
  double intercept = 0;

  double at(std::span<const float> z) const;
};

/// Least squares of each of several scores on the points: the s with the smallest sum k (s(z) - score)^2, k how often a
/// point counts (`counts` [N]; none: once each). Normal equations of what is left of the means, by LDL'. A coordinate
/// that does not vary has the weight 0. scores: [A] of [N] each.
/// @throws as check; ShapeError if counts differ; DataError unless there are more than Z + 1 points.
std::vector<LinearModel> least_squares(const Features& points, std::span<const std::vector<double>> scores,
                                       std::span<const std::int64_t> counts = {});

/// R^2 = 1 - sum (measured - told)^2 / sum (measured - mean)^2 of points that the model was not fitted to; below 0
/// where it tells less than their mean does. NaN where nothing varies. `value` with its bootstrap interval over the
/// points.
struct Explained {
  double value = 0;
  Interval interval;
};
Explained explained(std::span<const double> measured, std::span<const double> told,
                    const BootstrapOptions& options = {.resamples = 500});

}  // namespace ganymede::measure
