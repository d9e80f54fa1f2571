#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// Estimators of the squared maximum mean discrepancy (Gretton et al. 2012), n and m samples:
enum class MmdEstimator {
  unbiased,     ///< sum_{i != j} k(x, x)/(n(n - 1)) + the same of y - 2 mean k(x, y); may be negative
  u_statistic,  ///< the same with pairs i = j left out of k(x, y) too; n = m
  biased        ///< all means over all pairs; never negative
};

/// MMD^2 with the kernel k(x, y) = (x y / F + 1)^3 (Binkowski et al. 2018, section 3). O(N + M) memory.
/// @throws ShapeError, DataError as check for fewer than 2 samples; ConfigError for a u_statistic of unequal counts.
double squared_mmd(const RealAndFake& sets, ThreadPool& pool, MmdEstimator estimator = MmdEstimator::unbiased);

struct KernelDistanceOptions {
  int subsets = 100;
  std::int64_t size = 1000;  ///< of each subset
  int groups = 20;           ///< of the jackknife behind the interval
  double level = 0.95;
  std::uint64_t seed = 1;  ///< streams "measure.subsets.real", "measure.subsets.fake", one index a subset
  /// Subsets as torch-fidelity draws them instead (fakes first): of NumPyOrder(this).
  std::optional<std::uint32_t> numpy_seed{};
  bool interval = true;  ///< without it NaN, and half the work less
};
struct KernelDistance {
  double value = 0;      ///< mean over the subsets of unbiased MMD^2; negative as often as not for equal laws
  double deviation = 0;  ///< between subsets (ddof 0), as others print it
  /// Value -+ t s, s from a jackknife over groups of samples of the unbiased MMD^2 of all: subsets share samples, so
  /// their spread is no error of their mean.
  Interval interval;
  std::vector<double> subsets;  ///< [subsets]
};
/// Kernel distance (KID): subsets of each set are drawn without replacement, anew each time. Sample i belongs to group
/// i mod groups. @throws as check, DataError for fewer than `size` or 3 x groups samples in a set; ConfigError for
/// size < 2, subsets < 1, groups < 2.
KernelDistance kernel_distance(const RealAndFake& sets, ThreadPool& pool, const KernelDistanceOptions& options = {});

}  // namespace ganymede::measure
