#pragma once

#include <cstdint>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"

namespace ganymede::measure {

// How much of one set lies in the other's manifold, taken as the union of balls around its samples; r_k(x) is the
// distance from x to its k-th neighbour within its own set.

/// Whether a ball holds its surface. Matters where distances are equal (copies, grids).
enum class Ball {
  open,   ///< |x - y| < r (Naeem et al. 2020): the protocol here
  closed  ///< |x - y| <= r (Kynkäänniemi et al. 2019)
};

/// Counts behind the four scores, one for each sample, so that intervals can be drawn from them.
struct Manifold {
  std::int64_t k = 0;
  std::vector<std::int32_t> real_balls_at_fake;  ///< [M], real balls that hold fake j
  std::vector<std::uint8_t> real_in_fake;        ///< [N], 1 if some fake's ball holds real i
  std::vector<std::uint8_t> real_covered;        ///< [N], 1 if real i's own ball holds a fake

  /// mean_j [some real ball holds fake j] (Kynkäänniemi et al. 2019): realism.
  double precision() const;
  /// mean_i [some fake ball holds real i]: diversity.
  double recall() const;
  /// (1/k) mean_j #{real balls that hold fake j} (Naeem et al. 2020); 1 on average for equal laws, may exceed 1.
  double density() const;
  /// mean_i [real i's ball holds a fake].
  double coverage() const;
};

/// Full scan in tiles, O(N + M) memory. `exact`: distances in float64 (pair_tiles.hpp). @throws ShapeError, DataError
/// as check; ConfigError unless 1 <= k < both counts.
Manifold compare_manifolds(const RealAndFake& sets, std::int64_t k, ThreadPool& pool, Ball ball = Ball::open,
                           bool exact = false);

/// E[coverage] of two samples of one law (Naeem et al. 2020, Lemma 2): 1 - prod_{i=1..k} (N - i)/(M + N - i).
double expected_coverage(std::int64_t count_real, std::int64_t count_fake, std::int64_t k);

}  // namespace ganymede::measure
