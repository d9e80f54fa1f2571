#pragma once

#include <string>
#include <vector>

#include "explore/directions.hpp"
#include "explore/trained_generator.hpp"

namespace ganymede::explore {

/// Principal directions of what a layer puts out (GANSpace; Härkönen et al. 2020), each with its name "activation 1",
/// its strength (the standard deviation of the activations along it) and its share of their variance.
struct ActivationDirections {
  std::string layer;
  std::vector<Direction> directions;  ///< in z, of length 1: where E[z x_k] points, x_k the k-th principal coordinate
  std::vector<double> shares;
};
/// Of the samples' activations behind the first dense layer (its activation function's, where it has one): centred, A
/// [N, F]; the eigenvectors of A A' give the coordinates X, and a coordinate's direction in z is the least-squares
/// slope of z on it (their section 3.2). At most `count`, N - 1 and Z of them, those without a direction left out, each
/// with its largest component above 0. @throws ConfigError for a network without a dense layer.
ActivationDirections activation_directions(TrainedGenerator& generator, const train::NamedSamples& samples, int count);

}  // namespace ganymede::explore
