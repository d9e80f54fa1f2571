#pragma once

#include "base/thread_pool.hpp"
#include "measure/features.hpp"

namespace ganymede::measure {

/// Mean Euclidean distances of pairs of rows, within a set of pairs of different rows. 0 for equal rows.
struct MeanDistances {
  double between = 0;  ///< E|x - y|, x real, y fake
  double real = 0;     ///< E|x - x'|
  double fake = 0;     ///< E|y - y'|

  /// 2 E|x - y| - E|x - x'| - E|y - y'| (Székely and Rizzo 2013, "Energy statistics", section 2): 0 in the mean where
  /// both sets follow one law, and only then. This form has no bias and may come out slightly below 0.
  double energy() const { return 2 * between - real - fake; }
  /// E|y - y'| / E|x - x'|: 1 where fakes lie as far from one another as reals do, 0 where they are all the same.
  double diversity() const { return fake / real; }
};

/// All pairs, in tiles: O(N + M) memory. @throws as check, with at least 2 samples a set.
MeanDistances mean_distances(const RealAndFake& sets, ThreadPool& pool);

}  // namespace ganymede::measure
