#include "net/network.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ganymede::net {

const char* kind_of(const Layer& layer) {
  // In the order of the variant.
  static constexpr const char* kKinds[] = {
      "input",   "dense",     "conv",          "conv_transpose", "batch_norm", "layer_norm", "activation",
      "dropout", "embedding", "one_hot",       "multiply",       "concat",     "reshape",    "pool",
      "permute", "conv_gru",  "minibatch_std", "projection",     "lstm"};
  static_assert(std::size(kKinds) == std::variant_size_v<Layer>);
  return kKinds[layer.index()];
}

int Network::index_of(const std::string& node_name) const {
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.name == node_name; });
  return found == nodes.end() ? -1 : static_cast<int>(found - nodes.begin());
}

const Node& Network::node(const std::string& node_name) const {
  const int index = index_of(node_name);
  if (index < 0) {
    std::string known;
    for (const Node& n : nodes) known += (known.empty() ? "" : ", ") + n.name;
    fail<ConfigError>("{}: there is no node '{}'; there are {}", name, node_name, known);
  }
  return nodes[static_cast<std::size_t>(index)];
}

int padding_before(bool same, int explicit_before, int large, int kernel, int stride) {
  if (!same) return explicit_before;
  const int small = (large + stride - 1) / stride;
  return std::max((small - 1) * stride + kernel - large, 0) / 2;
}

}  // namespace ganymede::net
