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
  return is_one_of<BatchNorm, MinibatchStd>(layer);
}

bool couples_samples(const Network& network) {
  return std::ranges::any_of(network.nodes, [](const Node& node) { return couples_samples(node.layer); });
}

bool keeps_axes(const Layer& layer) {
  return is_pointwise(layer) || is_one_of<BatchNorm, LayerNorm>(layer);
}

bool is_pointwise(const Layer& layer) {
  return is_one_of<Activation, Dropout, Multiply>(layer);
}

bool moves_values(const Layer& layer) {
  return is_one_of<Reshape, Permute>(layer);
}

bool renames_values(const Layer& layer) {
  return is_one_of<Reshape, Dropout>(layer);
}

bool reads_class(const Layer& layer) {
  return is_one_of<Embedding, OneHot, Projection>(layer);
}

bool is_unbounded(const Layer& layer) {
  return is_one_of<Dense, Conv, ConvTranspose, BatchNorm, LayerNorm, Projection>(layer);
}

bool draws(const Layer& layer) {
  const auto* activation = std::get_if<Activation>(&layer);
  return is_one_of<Dropout>(layer) || (activation != nullptr && activation->kind == ActivationKind::rrelu);
}

bool is_spectral(const Layer& layer) {
  const auto* dense = std::get_if<Dense>(&layer);
  const auto* conv = std::get_if<Conv>(&layer);
  const auto* projection = std::get_if<Projection>(&layer);
  return (dense != nullptr && dense->spectral) || (conv != nullptr && conv->spectral) ||
         (projection != nullptr && projection->spectral);
}

bool is_of_discriminators(const Layer& layer) {
  return is_one_of<MinibatchStd, Projection>(layer) || is_spectral(layer);
}

bool is_class_index(const Node& node) {
  const auto* input = std::get_if<Input>(&node.layer);
  return input != nullptr && input->role == Role::class_index;
}

bool is_condition(const Node& node) {
  const auto* input = std::get_if<Input>(&node.layer);
  return input != nullptr && input->role == Role::condition;
}

int condition_length(const Network& network) {
  const auto found = std::ranges::find_if(network.nodes, is_condition);
  return found == network.nodes.end() ? 0 : static_cast<int>(element_count(std::get<Input>(found->layer).shape));
}

const Node& value_input(const Network& network) {
  const Node* found = nullptr;
  for (const Node& node : network.nodes) {
    if (!std::holds_alternative<Input>(node.layer) || is_class_index(node) || is_condition(node)) continue;
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

std::string class_head(const Network& network) {
  for (std::size_t i = 1; i < network.outputs.size(); ++i) {
    if (network.outputs[i] != kCodeHead) return network.outputs[i];
  }
  return "";
}

std::string code_head(const Network& network) {
  const bool there = std::ranges::find(network.outputs, kCodeHead) != network.outputs.end();
  return there ? kCodeHead : "";
}

std::vector<Shape> shapes_as_images(const Network& network) {
  std::vector<Shape> shapes = infer_shapes(network);
  for (std::size_t i = network.nodes.size(); i-- > 0;) {
    const Node& node = network.nodes[i];
    if (shapes[i].size() != 3 || !(keeps_axes(node.layer) || is_one_of<Reshape>(node.layer))) continue;
    for (const std::string& name : node.inputs) {
      Shape& input = shapes[static_cast<std::size_t>(network.index_of(name))];
      if (input.size() == 1) input = shapes[i];
    }
  }
  return shapes;
}

}  // namespace ganymede::net
