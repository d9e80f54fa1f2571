#pragma once

#include <string>
#include <vector>

#include "run/toml_tree.hpp"

namespace ganymede::run {

/// A fault with its line in the recipe's file; 0 if it has none.
struct LineFault {
  int line = 0;
  std::string text;
};

/// The [[generator.layer]] tables as the JSON text of a network named `player`: name, kind, inputs (default: the layer
/// before) and the attributes of net::to_json. Layers with `output = true` are the heads, else the last one. The graph
/// is checked as well. On faults, which are added to `faults`, the result is "".
std::string layers_to_json(const std::string& player, const TomlValue& layers, std::vector<LineFault>& faults);

/// The layer that ends the network without any activation behind it, as when the tanh was forgotten; "" if there
/// is none.
std::string unbounded_output(const std::string& json);

/// The inverse: [[generator.layer]] tables with every attribute. Empty for "".
std::string layers_to_toml(const std::string& player, const std::string& json);

}  // namespace ganymede::run
