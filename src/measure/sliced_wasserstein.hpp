#pragma once

#include <cstdint>
#include <span>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// W_2^2 of two sets of numbers, each given ascending: the integral over q in [0, 1] of (F^-1(q) - G^-1(q))^2, F^-1 and
/// G^-1 their quantile functions, which are steps. Of equal counts the mean of (x_(i) - y_(i))^2. Neither may be empty.
double squared_wasserstein(std::span<const double> first, std::span<const double> second);

struct SlicedWassersteinOptions {
  int directions = 512;
  std::uint64_t seed = 1;  ///< stream "measure.directions", one index a direction
  int groups = 20;         ///< of the jackknife; 0: no interval (NaN)
  double level = 0.95;
};
struct SlicedWasserstein {
  double value = 0;
  Interval interval;  ///< it does not hold the bias that N brings
};
/// Sliced Wasserstein distance (Rabin, Peyre, Delon and Bernot 2011; Bonneel et al. 2015):
///   SW_2 = (mean over directions u of W_2^2(u x, u y))^1/2,
/// u drawn uniformly from the sphere of F dimensions. Of two points at a distance d it is d / sqrt(F) on average; of
/// one dimension it is W_2 itself, of two normal laws there ((m - m')^2 + (s - s')^2)^1/2. Biased upwards by finite N:
/// compare equal counts alone. Sample i belongs to group i mod groups.
/// @throws as check; ConfigError for less than 1 direction, for 1 group, or for fewer than 2 samples a group.
SlicedWasserstein sliced_wasserstein(const RealAndFake& sets, ThreadPool& pool,
                                     const SlicedWassersteinOptions& options = {});

}  // namespace ganymede::measure
