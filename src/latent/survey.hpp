#pragma once

#include <cstdint>
#include <vector>

#include "latent/sampler.hpp"

namespace ganymede::latent {

/// What a sampler does to the distribution of z: over `count` samples, classes in turn.
struct Survey {
  std::vector<double> norms;       ///< |z|, [N]
  std::vector<double> components;  ///< every coordinate of every z, [N Z]
  std::vector<double> along;       ///< z zc(c) / |zc(c)|: how far z lies on the way to its centroid, [N]
  Draws draws;
};
/// Of the z named by seed, seed + 1, ... @throws ConfigError as ClassSampler does.
Survey survey(ClassSampler& sampler, const Partition& partition, std::int64_t count, std::uint64_t seed);

/// The share of N(0, I) that each cell holds, [K], estimated from `count` draws (z named by seed, seed + 1, ...).
std::vector<double> cell_masses(const Partition& partition, std::int64_t count, std::uint64_t seed);

/// |zc(k)|, [K].
std::vector<double> centroid_norms(const Partition& partition);
/// Distances between all pairs of centroids, ascending, [K (K - 1) / 2].
std::vector<double> centroid_distances(const Partition& partition);

}  // namespace ganymede::latent
