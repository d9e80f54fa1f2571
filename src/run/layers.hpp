#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "run/toml_tree.hpp"

namespace ganymede::run {

/// A fault with its line in the recipe's file; 0 if it has none.
struct LineFault {
  int line = 0;
  std::string text;
};

/// The network named `player` that the [[generator.layer]] tables describe: name, kind, inputs (default: the layer
/// before) and the attributes of net::to_json. Layers with `output = true` are the heads, else the last one. The graph
/// is checked as well. On faults, which are added to `faults`, there is none.
std::optional<net::Network> read_layers(const std::string& player, const TomlValue& layers,
                                        std::vector<LineFault>& faults);

/// The layer that ends the network without any activation behind it, as when the tanh was forgotten; "" if there is
/// none.
std::string unbounded_output(const net::Network& network);

/// The inverse of read_layers: [[generator.layer]] tables with every attribute.
std::string layers_to_toml(const std::string& player, const net::Network& network);

}  // namespace ganymede::run
