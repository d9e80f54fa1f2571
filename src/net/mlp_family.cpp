#include "net/chain.hpp"

namespace ganymede::net {
namespace {

void check_mlp(const char* network, const MlpConfig& config) {
  check_range(network, "coordinates", config.coordinates, 1, 4096);
  for (const int width : config.widths) check_range(network, "widths", width, 1, 4096);
}

void add_hidden_layers(Chain& chain, const MlpConfig& config) {
  for (std::size_t i = 0; i < config.widths.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const bool spectral = config.norm == Norm::spectral;  // other norms bring their own shift
    chain.add("dense" + number, Dense{config.widths[i], config.norm == Norm::none || spectral, spectral});
    chain.add_norm("norm" + number, config.norm);
    chain.add("act" + number, config.activation);
  }
}

}  // namespace

Network mlp_generator(const MlpConfig& config) {
  check_mlp("generator", config);
  Chain chain{.network = {.name = "generator", .nodes = {}, .outputs = {"image"}}, .last = {}};
  chain.add_input("z", {.role = Role::latent, .shape = {config.latent_dim}});
  if (config.condition_length > 0) chain.join_vector(config.condition_length);
  add_hidden_layers(chain, config);
  chain.add("dense", Dense{config.coordinates});
  chain.add("image", Reshape{{config.coordinates, 1, 1}});
  return std::move(chain.network);
}

Network mlp_discriminator(const MlpConfig& config) {
  check_mlp("discriminator", config);
  Chain chain{.network = {.name = "discriminator", .nodes = {}, .outputs = {"dense"}}, .last = {}};
  chain.add_input("image", {.role = Role::image, .shape = {config.coordinates, 1, 1}});
  chain.add("flatten", Reshape{{-1}});
  if (config.condition_length > 0) chain.join_vector(config.condition_length);
  add_hidden_layers(chain, config);
  if (config.minibatch_std) chain.add("minibatch_std", MinibatchStd{});
  const std::string features = chain.last;
  chain.add_logit(Condition::none, config.norm == Norm::spectral);
  chain.add_code_head(features, config.code_width, config.norm == Norm::spectral);
  return std::move(chain.network);
}

}  // namespace ganymede::net
