#include "net/families.hpp"

#include <string>

#include "net/chain.hpp"

namespace ganymede::net {
namespace {

void check(const char* network, int width, int image_size, int channels) {
  check_range(network, "width", width, 1, 4096);
  check_range(network, "channels", channels, 1, 4096);
  check_range(network, "image_size", image_size, 8, 512);
  if (image_size % 4 != 0) fail<ConfigError>("{}: image_size must be a multiple of 4 (got {})", network, image_size);
}

}  // namespace

void begin_generator(Chain& chain, const GeneratorConfig& config) {
  chain.add_input("z", {.role = Role::latent, .shape = {config.latent_dim}});
  if (config.condition == Condition::none) return;
  if (config.condition == Condition::projection)
    fail<ConfigError>("generator: a projection is a condition of discriminators");
  if (config.condition == Condition::vector) {
    check_condition_length("generator", config.condition_length);
    chain.join_vector(config.condition_length);
    return;
  }
  check_classes("generator", config.classes);
  chain.add_input("class", {.role = Role::class_index, .shape = {}, .classes = config.classes});
  if (config.condition == Condition::embedding) {
    chain.add("embedding", Embedding{config.latent_dim});
    chain.add("condition", {"z", "embedding"}, Multiply{});
  } else {
    chain.add("one_hot", OneHot{});
    chain.add("condition", {"z", "one_hot"}, Concat{});
  }
}

void begin_discriminator(Chain& chain, const DiscriminatorConfig& config) {
  const int side = config.image_size;
  if (config.auxiliary) check_classes("discriminator", config.classes);
  chain.add_input("image", {.role = Role::image, .shape = {config.channels, side, side}});
  if (config.condition == Condition::none) return;
  if (config.condition == Condition::vector) {
    check_condition_length("discriminator", config.condition_length);
    chain.join_vector(config.condition_length);
    return;
  }
  check_classes("discriminator", config.classes);
  chain.add_input("class", {.role = Role::class_index, .shape = {}, .classes = config.classes});
  if (config.condition == Condition::projection) {
    chain.last = "image";
  } else if (config.condition == Condition::embedding) {
    chain.add("embedding", Embedding{config.channels * side * side});
    chain.add("plane", Reshape{{config.channels, side, side}});
    chain.add("condition", {"image", "plane"}, Multiply{});
  } else {
    chain.add("one_hot", OneHot{});
    chain.add("condition", {"image", "one_hot"}, Concat{});
  }
}

void end_discriminator(Chain& chain, const DiscriminatorConfig& config) {
  const bool spectral = config.norm == Norm::spectral;
  if (config.minibatch_std) chain.add("minibatch_std", MinibatchStd{});
  chain.add("flatten", Reshape{{-1}});
  chain.add_logit(config.condition, spectral);
  if (config.auxiliary) {
    chain.add("class_dense", {"flatten"}, Dense{.out = config.classes, .spectral = spectral});
    chain.network.outputs.push_back("class_dense");
  }
  chain.add_code_head("flatten", config.code_width, spectral);
}

Network digits_generator(const GeneratorConfig& config) {
  check("generator", config.width, config.image_size, config.channels);
  const int w = config.width;
  const int side = config.image_size / 4;
  const bool bias = config.norm == Norm::none;  // a norm brings its own shift
  Chain chain{.network = {.name = "generator", .nodes = {}, .outputs = {"image"}}, .last = {}};

  begin_generator(chain, config);
  chain.add("dense", Dense{4 * w * side * side, bias});
  chain.add_norm("norm0", config.norm);
  Activation flat = config.activation;
  if (flat.kind == ActivationKind::prelu) flat.channels = 4 * w;  // one slope a channel of the reshape, not a feature
  chain.add("act0", flat);
  chain.add("reshape", Reshape{{4 * w, side, side}});
  chain.add("conv1", ConvTranspose{.out = 2 * w, .stride = {1, 1}, .padding = {}, .bias = bias});
  chain.add_norm("norm1", config.norm);
  chain.add("act1", config.activation);
  chain.add("conv2", ConvTranspose{.out = w, .stride = {2, 2}, .padding = {}, .bias = bias});
  chain.add_norm("norm2", config.norm);
  chain.add("act2", config.activation);
  chain.add("conv3", ConvTranspose{.out = config.channels, .stride = {2, 2}, .padding = {}, .bias = false});
  chain.add("image", Activation{.kind = ActivationKind::tanh});
  return std::move(chain.network);
}

Network digits_discriminator(const DiscriminatorConfig& config) {
  check("discriminator", config.width, config.image_size, config.channels);
  const int w = config.width;
  const bool spectral = config.norm == Norm::spectral;
  const bool bias = config.norm == Norm::none || spectral;
  Chain chain{.network = {.name = "discriminator", .nodes = {}, .outputs = {"dense"}}, .last = {}};

  begin_discriminator(chain, config);
  for (const int i : {1, 2}) {
    const std::string number = std::to_string(i);
    chain.add("conv" + number, Conv{.out = i * w, .stride = {2, 2}, .padding = {}, .bias = bias, .spectral = spectral});
    chain.add_norm("norm" + number, config.norm);
    chain.add("act" + number, config.activation);
    if (config.dropout > 0) chain.add("drop" + number, Dropout{config.dropout});
  }
  end_discriminator(chain, config);
  return std::move(chain.network);
}

}  // namespace ganymede::net
