#pragma once

#include <cstdint>

#include "net/network.hpp"
#include "run/recipe.hpp"

namespace ganymede::run {

/// What a network must know of the data: images [C, H, W], K classes (0: no labels) and the length of a sample's
/// condition (0: none). Points of D coordinates are images [D, 1, 1].
struct ImageFacts {
  int channels = 1;
  int height = 28;
  int width = 28;
  int classes = 0;
  int conditions = 0;
  bool is_points() const { return height == 1 && width == 1; }
  friend bool operator==(const ImageFacts&, const ImageFacts&) = default;
};

struct Networks {
  net::Network generator;      ///< named "generator": z [Z] (, class) -> image [C, H, W]
  net::Network discriminator;  ///< named "discriminator": image (, class) -> logit [1] (, class logits [K])
};

/// Throws ConfigError or ShapeError: images that the family cannot make, a conditional recipe on data without labels or
/// conditions, nodes whose shapes do not fit the data.
net::Network build_generator(const Recipe& recipe, const ImageFacts& facts);
net::Network build_discriminator(const Recipe& recipe, const ImageFacts& facts);
/// Both, checked against each other: what G puts out is what D takes, and who sees the class.
Networks build_networks(const Recipe& recipe, const ImageFacts& facts);

/// Does the network have an input of role class_index?
bool takes_class(const net::Network& network);
/// Does it have an input of role condition?
bool takes_condition(const net::Network& network);
/// Does it have a head of class logits?
bool predicts_class(const net::Network& network);

/// Fresh parameters of both networks by the recipe's initialisers, seed train.seed.
NamedTensors initial_parameters(const Networks& networks, const Recipe& recipe);

}  // namespace ganymede::run
