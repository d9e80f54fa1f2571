#pragma once

#include <vector>

#include "base/thread_pool.hpp"
#include "engine/plan/parameter.hpp"

namespace ganymede::engine {

/// A weight under spectral normalisation (net::Dense::spectral): the passes compute with `normal` and put their
/// gradients there, of which the weight's own are made. Sums are in double, each by one task: the same bits for any
/// number of threads.
class SpectralWeight {
 public:
  /// `raw` and `u`: their places in the set that holds both.
  SpectralWeight(std::size_t raw_place, std::size_t u_place, const Parameter& like);

  /// normal = raw / sigma. `iterate`: with a step of power iteration, which moves u.
  void normalise(ThreadPool& pool, const Parameter& raw_weight, Parameter& vector_u, bool iterate);
  /// raw's gradient from normal's: (G - <G, normal> u v') / sigma with u and v as constants (Miyato et al. 2018, 12).
  void pull_back(ThreadPool& pool, Parameter& raw_weight) const;

  std::size_t raw, u;
  Parameter normal;

 private:
  std::int64_t rows() const { return normal.shape[0]; }
  std::int64_t columns() const { return static_cast<std::int64_t>(normal.place.size()) / rows(); }

  std::vector<double> u_, v_;  ///< of length 1
  double sigma_ = 1;
};

}  // namespace ganymede::engine
