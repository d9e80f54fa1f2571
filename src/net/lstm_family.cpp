#include "net/chain.hpp"

namespace ganymede::net {

Network lstm_generator(const LstmGeneratorConfig& config) {
  check_range("generator", "width", config.width, 1, 4096);
  check_range("generator", "channels", config.channels, 1, 4096);
  check_range("generator", "rows", config.rows, 1, 4096);
  check_range("generator", "columns", config.columns, 1, 4096);
  Chain chain{.network = {.name = "generator", .nodes = {}, .outputs = {"image"}}, .last = {}};
  begin_generator(chain, {.latent_dim = config.latent_dim,
                          .classes = config.classes,
                          .condition_length = config.condition_length,
                          .condition = config.condition});
  chain.add("dense", Dense{config.width});
  chain.add("act0", config.activation);
  chain.add("lstm", Lstm{.out = config.width, .steps = config.columns});
  chain.add("columns", Conv{.out = config.channels * config.rows, .kernel = {1, 1}});
  chain.add("tanh", Activation{.kind = ActivationKind::tanh});
  chain.add("image", Reshape{{config.channels, config.rows, config.columns}});
  return std::move(chain.network);
}

}  // namespace ganymede::net
