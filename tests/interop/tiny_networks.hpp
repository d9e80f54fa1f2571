#pragma once

#include <utility>

#include "interop/frozen.hpp"
#include "net/families.hpp"

namespace ganymede::interop {

/// 8 x 8 pictures of two channels, three latent numbers.
inline net::Network tiny_generator() {
  return net::digits_generator({.latent_dim = 3, .width = 2, .image_size = 8, .channels = 2});
}

/// Fresh weights of it, other than 0 and 1 everywhere.
inline NamedTensors some_weights(const net::Network& network) {
  NamedTensors weights = net::initialise(network, 7);
  float value = 0.1F;
  for (auto& [name, tensor] : weights) {
    if (tensor.shape().size() != 1) continue;
    for (float& v : tensor.values<float>()) v = value += 0.01F;
  }
  return weights;
}

inline FrozenNetwork frozen(const net::Network& network) {
  return freeze(network, some_weights(network));
}

/// A network of these layers, each fed by the one before.
inline net::Network chain_of(const net::Input& input, const std::vector<std::pair<std::string, net::Layer>>& layers) {
  net::Network network{.name = "generator", .nodes = {{"in", {}, input}}, .outputs = {layers.back().first}};
  for (const auto& [name, layer] : layers) network.nodes.push_back({name, {network.nodes.back().name}, layer});
  return network;
}

}  // namespace ganymede::interop
