#include "net/chain.hpp"

namespace ganymede::net {
namespace {

// Joins the class to the vector that came last.
void add_condition(Chain& chain, const char* network, Condition condition, int classes, int features) {
  if (condition == Condition::none) return;
  if (condition == Condition::vector)
    fail<ConfigError>("{}: ink has classes, and no conditions that are vectors", network);
  check_classes(network, classes);
  const std::string vector = chain.last;
  chain.add_input("class", {.role = Role::class_index, .shape = {}, .classes = classes});
  if (condition == Condition::projection) {
    chain.last = vector;
  } else if (condition == Condition::embedding) {
    chain.add("embedding", Embedding{features});
    chain.add("condition", {vector, "embedding"}, Multiply{});
  } else {
    chain.add("one_hot", OneHot{});
    chain.add("condition", {vector, "one_hot"}, Concat{});
  }
}

}  // namespace

Network ink_generator(const InkGeneratorConfig& config) {
  check_range("generator", "width", config.width, 1, 4096);
  check_range("generator", "cells", config.cells, 1, 256);
  check_range("generator", "kernel", config.kernel, 1, 256);
  check_range("generator", "layers", config.layers, 1, 32);
  Chain chain{.network = {.name = "generator", .nodes = {}, .outputs = {"image"}}, .last = {}};
  chain.add_input("z", {.role = Role::latent, .shape = {config.latent_dim}});
  add_condition(chain, "generator", config.condition, config.classes, config.latent_dim);
  chain.add("dense", Dense{config.width * config.moves * config.cells});
  Activation flat = config.activation;
  if (flat.kind == ActivationKind::prelu) flat.channels = config.width;
  chain.add("act0", flat);
  chain.add("reshape", Reshape{{config.width, config.moves, config.cells}});
  for (int i = 1; i <= config.layers; ++i)
    chain.add("gru" + std::to_string(i), ConvGru{.out = config.width, .kernel = config.kernel});
  chain.add("conv", Conv{.out = config.values,
                         .kernel = {3, config.cells},
                         .stride = {1, 1},
                         .padding = {.same = false, .top = 1, .bottom = 1}});
  chain.add("permute", Permute{{2, 1, 0}});
  chain.add("image", Activation{.kind = ActivationKind::tanh});
  return std::move(chain.network);
}

Network ink_discriminator(const InkDiscriminatorConfig& config) {
  check_range("discriminator", "width", config.width, 2, 65536);
  if (config.auxiliary) check_classes("discriminator", config.classes);
  Chain chain{.network = {.name = "discriminator", .nodes = {}, .outputs = {"dense"}}, .last = {}};
  chain.add_input("image", {.role = Role::image, .shape = {1, config.moves, config.values}});
  chain.add("flatten", Reshape{{-1}});
  add_condition(chain, "discriminator", config.condition, config.classes, config.moves * config.values);
  for (const int i : {1, 2}) {
    const std::string number = std::to_string(i);
    chain.add("dense" + number, Dense{config.width / i});
    chain.add("act" + number, config.activation);
    if (config.dropout > 0) chain.add("drop" + number, Dropout{config.dropout});
  }
  const std::string hidden = chain.last;
  chain.add_logit(config.condition, false);
  if (config.auxiliary) {
    chain.add("class_dense", {hidden}, Dense{config.classes});
    chain.network.outputs.push_back("class_dense");
  }
  return std::move(chain.network);
}

}  // namespace ganymede::net
