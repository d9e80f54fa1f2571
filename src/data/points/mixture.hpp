#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/philox.hpp"

namespace ganymede::data {

/// A mixture of isotropic Gaussians: ring, grid.
struct Mixture {
  int dim = 2;
  std::vector<float> centres;        ///< [K, dim]
  std::vector<double> deviations;    ///< [K]
  std::vector<double> weights = {};  ///< [K], empty: uniform

  std::int64_t modes() const { return static_cast<std::int64_t>(deviations.size()); }
};

/// Centres (cos 2 pi i/K, sin 2 pi i/K) radius, all apart: K of them, not K - 1.
Mixture ring_mixture(int modes, double radius, double deviation);
/// side x side centres, `spacing` apart, about the origin.
Mixture grid_mixture(int side, double spacing, double deviation);

/// The next point of it, [dim]: its mode first, then a normal number a coordinate.
void draw_point(const Mixture& mixture, RandomSequence& random, std::span<float> out);

}  // namespace ganymede::data
