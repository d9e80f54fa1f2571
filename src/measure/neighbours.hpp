#pragma once

#include <cstdint>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// The k nearest reference rows of every query, nearest first; equal distances by ascending index.
struct Neighbours {
  std::int64_t k = 0;
  std::vector<std::int64_t> indices;  ///< [N, k], rows of the references
  std::vector<double> distances;      ///< [N, k], Euclidean

  std::int64_t count() const { return k > 0 ? static_cast<std::int64_t>(indices.size()) / k : 0; }
  /// Distance from query i to its last neighbour, r_k.
  double radius(std::int64_t i) const { return distances[static_cast<std::size_t>((i + 1) * k - 1)]; }
};

/// Full scan, Euclidean. O(N k) memory. @throws ShapeError, DataError as check; ConfigError unless 1 <= k <= the number
/// of references.
Neighbours nearest_neighbours(const Features& queries, const Features& references, std::int64_t k, ThreadPool& pool);
/// Within one set, no sample being its own neighbour (a copy of it is one, at distance 0). 1 <= k < N.
Neighbours nearest_neighbours_within(const Features& features, std::int64_t k, ThreadPool& pool);

/// Leave-one-out accuracy of the 1-nearest-neighbour classifier between real and fake (Lopez-Paz and Oquab 2017; Xu et
/// al. 2018, "An empirical study on evaluation metrics of GANs"): 1/2 where both sets follow one law, 1 where they lie
/// apart, below 1/2 where fakes sit on top of reals (memorised). A sample as near to the other set as to its own counts
/// half.
struct OneNearestNeighbour {
  double accuracy = 0;       ///< mean of the two below weighted by their counts
  double real_accuracy = 0;  ///< share of reals whose nearest other sample is real
  double fake_accuracy = 0;
  std::vector<double> correct;  ///< 0, 1/2 or 1 for each real, then for each fake
};
/// Use equal counts: chance is 1/2 only then. @throws as check, with at least 2 samples a set.
OneNearestNeighbour leave_one_out_1nn(const RealAndFake& sets, ThreadPool& pool);

}  // namespace ganymede::measure
