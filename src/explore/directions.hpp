#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/network.hpp"

namespace ganymede::explore {

/// A way to go in a latent space.
struct Direction {
  std::string name;           ///< "z3", "random 2", "principal 1"
  std::vector<float> vector;  ///< [Z], of length 1
  double strength = 0;        ///< of principal ones: the singular value; 0 otherwise
};

/// The first `count` axes: "z1", "z2" ...
std::vector<Direction> axis_directions(int dim, int count);
/// Evenly distributed: N(0, I) of the stream "explore.direction", index i for the i-th, divided by its length.
std::vector<Direction> random_directions(int dim, int count, std::uint64_t seed);
/// The ways in which z changes the first dense layer most, strongest first: right singular vectors of the part of its
/// weights [F, Z] that meets z (SeFa; Shen, Zhou 2021, "Closed-form factorization of latent semantics in GANs"), each
/// with its largest component above 0. At most min(count, Z) of them. `weights`: of the network.
/// @throws ConfigError for a generator without a dense layer behind z.
std::vector<Direction> principal_directions(const net::Network& network, const NamedTensors& weights, int count);

/// A direction as a text names it: "z3" (an axis), "principal2", or its Z coordinates, "0.5,-1.2", of any length.
/// @throws ConfigError for anything else; as principal_directions.
Direction direction_named(const std::string& text, const net::Network& network, const NamedTensors& weights);

}  // namespace ganymede::explore
