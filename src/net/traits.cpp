#include "net/traits.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ganymede::net {
namespace {

template <class... Kinds>
bool is_one_of(const Layer& layer) {
  return (std::holds_alternative<Kinds>(layer) || ...);
}

}  // namespace

bool couples_samples(const Layer& layer) {
  return is_one_of<BatchNorm>(layer);
}

bool couples_samples(const Network& network) {
  return std::ranges::any_of(network.nodes, [](const Node& node) { return couples_samples(node.layer); });
}

bool keeps_axes(const Layer& layer) {
  return is_one_of<BatchNorm, LayerNorm, Activation, Dropout, Multiply>(layer);
}

bool draws(const Layer& layer) {
  const auto* activation = std::get_if<Activation>(&layer);
  return is_one_of<Dropout>(layer) || (activation != nullptr && activation->kind == ActivationKind::rrelu);
}

bool is_class_index(const Node& node) {
  const auto* input = std::get_if<Input>(&node.layer);
  return input != nullptr && input->role == Role::class_index;
}

const Node& value_input(const Network& network) {
  const Node* found = nullptr;
  for (const Node& node : network.nodes) {
    if (!std::holds_alternative<Input>(node.layer) || is_class_index(node)) continue;
    if (found != nullptr) {
      fail<ConfigError>("network {}: it may have one input of values, found '{}' and '{}'", network.name, found->name,
                        node.name);
    }
    found = &node;
  }
  if (found == nullptr) fail<ConfigError>("network {}: it has no input of values", network.name);
  return *found;
}

int class_count(const Network& network) {
  const auto found = std::ranges::find_if(network.nodes, is_class_index);
  return found == network.nodes.end() ? 0 : std::get<Input>(found->layer).classes;
}

}  // namespace ganymede::net
