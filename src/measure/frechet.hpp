#pragma once

#include <cstdint>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"
#include "measure/moments.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

struct RealAndFakeMoments {
  const Moments& real;
  const Moments& fake;
};

/// Fréchet distance of two Gaussians with these moments (Dowson and Landau 1982; Heusel et al. 2017):
///   |m - m'|^2 + Tr S + Tr S' - 2 Tr (S S')^1/2,
/// the last trace as the sum of roots of the eigenvalues of A S' A, A = S^1/2, negative ones taken as 0 (rounding):
/// exact for singular covariances too. Biased upwards by about F-dependent c / N: compare equal counts alone.
/// @throws ShapeError if F differs, DataError if a moment is not finite.
double frechet_distance(const RealAndFakeMoments& moments);
/// Of features [N, F] and [M, F]; N, M >= 2. @throws as check.
double frechet_distance(const RealAndFake& sets, ThreadPool& pool);

struct FrechetOptions {
  int groups = 20;  ///< of the jackknife, each with its share of the samples of both sets
  double level = 0.95;
  /// Rows that belong together and are left out together: H W where rows are the positions of feature maps.
  std::int64_t rows_a_sample = 1;
};
struct FrechetEstimate {
  double value = 0;
  Interval interval;  ///< jackknife; it does not hold the bias that N brings
};
/// Sample i belongs to group i mod groups. @throws ConfigError unless both sets have 2 samples a group or more.
FrechetEstimate estimate_frechet(const RealAndFake& sets, ThreadPool& pool, const FrechetOptions& options = {});

/// Feature maps [N, C, H W] as rows [N H W, C], the positions of a sample one after the other: mean and covariance over
/// samples AND positions, apart from today's pooled habit. @throws ShapeError if `maps` is not N such maps.
FeatureMatrix rows_of_positions(std::span<const float> maps, std::int64_t channels, std::int64_t positions);

}  // namespace ganymede::measure
