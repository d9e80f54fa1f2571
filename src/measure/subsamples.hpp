#pragma once

#include <cstdint>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"
#include "measure/manifold.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

// Scores by neighbours within random subsets of both sets, for their intervals (subsampling, Politis and Romano 1994).
// Samples share neighbourhoods, so what is counted at one is not independent of what is counted at the next, and an
// exact binomial interval is too narrow; a bootstrap would make samples their own neighbours, and a jackknife, which
// leaves out few, counts each change of a neighbourhood several times. All subsets cost about one pass over all pairs.

inline constexpr int kSubsamples = 64;

/// Samples of a subset: two fifths. Of the whole set's variance, a mean over it has 3/2.
inline std::int64_t subsample_of(std::int64_t count) {
  return 2 * count / 5;
}

struct ManifoldScores {
  double precision = 0, recall = 0, density = 0, coverage = 0;
};
/// The scores of `compare_manifolds` within each of kSubsamples random subsets (streams "measure.subsamples.real" and
/// "... .fake", one index a subset). @throws as compare_manifolds for such subsets.
std::vector<ManifoldScores> manifold_of_subsamples(const RealAndFake& sets, std::int64_t k, std::uint64_t seed,
                                                   ThreadPool& pool, Ball ball = Ball::open);

/// Accuracy of `leave_one_out_1nn` within each.
std::vector<double> one_nn_of_subsamples(const RealAndFake& sets, std::uint64_t seed, ThreadPool& pool);

/// Interval of a share of `count` samples from its values within the subsets: f^-1(f(value) -+ t s sqrt(2/3)), s their
/// deviation under f = asin sqrt, which makes the spread of shares near 0 and 1 comparable; the exact binomial one
/// where all subsets agree.
Interval share_interval(double value, std::span<const double> subsets, std::int64_t count, double level = 0.95);
/// Of a mean of counts (density), f = sqrt.
Interval count_interval(double value, std::span<const double> subsets, double level = 0.95);

}  // namespace ganymede::measure
