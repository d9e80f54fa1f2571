#pragma once

#include <string>
#include <vector>

#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::explore {

/// A generator as a page runs it (docs/export.md): its nodes as JSON, what can be reckoned beforehand reckoned, and the
/// values of its parameters in two blocks.
struct PortableNetwork {
  std::string nodes;   ///< JSON text: an array
  std::string output;  ///< the node that gives the picture
  std::string halves;  ///< bytes, little-endian binary16
  std::string floats;  ///< bytes, little-endian binary32
};

/// The layers of a network that a page has no way to run: "pool1 (pool)"; none: it can be exported.
std::vector<std::string> layers_a_page_lacks(const net::Network& network);

/// `weights` as play::Model::load takes them. @throws ConfigError naming the layers that a page lacks; DataError for
/// weights that are missing.
PortableNetwork portable_network(const net::Network& network, const NamedTensors& weights);

}  // namespace ganymede::explore
