#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explore/trained_generator.hpp"
#include "latent/prior.hpp"

namespace ganymede::explore {

/// Straight lines through a latent space of one or two dimensions: the one there is, or 24 along each axis, between
/// neighbours of which the prior has equal mass. They leave out a share of 1/2000 of the prior at either end.
/// z [lines, n, Z]; all hold as many points.
struct LatentLines {
  std::vector<float> z;
  std::int64_t lines = 0;
};
/// Of a truncated prior those of its law. @throws ConfigError for more dimensions.
LatentLines latent_lines(const latent::Prior& prior);

/// What a generator of points makes of them, a line each [n, D]: its manifold as a picture shows it. `only`: the class,
/// where it takes one. @throws ConfigError as latent_lines, or where a class is wanted.
std::vector<std::vector<float>> manifold_of(TrainedGenerator& generator, std::optional<int> only = {},
                                            double truncation = 0);

}  // namespace ganymede::explore
