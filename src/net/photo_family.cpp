#include <array>
#include <string>

#include "net/chain.hpp"

namespace ganymede::net {
namespace {

constexpr int kHalvings = 4;

void check_photo(const char* network, int width, int image_size, int channels) {
  check_range(network, "width", width, 1, 1024);
  check_range(network, "channels", channels, 1, 4096);
  check_range(network, "image_size", image_size, 16, 512);
  if (image_size % (1 << kHalvings) != 0)
    fail<ConfigError>("{}: image_size must be a multiple of {} (got {})", network, 1 << kHalvings, image_size);
}

}  // namespace

Network photo_generator(const GeneratorConfig& config) {
  check_photo("generator", config.width, config.image_size, config.channels);
  const int w = config.width, side = config.image_size >> kHalvings;
  const bool bias = config.norm == Norm::none;
  Chain chain{.network = {.name = "generator", .nodes = {}, .outputs = {"image"}}, .last = {}};
  begin_generator(chain, config);
  chain.add("dense", Dense{4 * w * side * side, bias});
  chain.add_norm("norm0", config.norm);
  Activation flat = config.activation;
  if (flat.kind == ActivationKind::prelu) flat.channels = 4 * w;  // one slope a channel of the reshape, not a feature
  chain.add("act0", flat);
  chain.add("reshape", Reshape{{4 * w, side, side}});
  int layer = 0;
  for (const int out : {4 * w, 2 * w, w}) {
    const std::string number = std::to_string(++layer);
    chain.add("conv" + number, ConvTranspose{.out = out, .stride = {2, 2}, .padding = {}, .bias = bias});
    chain.add_norm("norm" + number, config.norm);
    chain.add("act" + number, config.activation);
  }
  chain.add("conv4", ConvTranspose{.out = config.channels, .stride = {2, 2}, .padding = {}, .bias = false});
  chain.add("image", Activation{.kind = ActivationKind::tanh});
  return std::move(chain.network);
}

Network photo_discriminator(const DiscriminatorConfig& config) {
  check_photo("discriminator", config.width, config.image_size, config.channels);
  const int w = config.width;
  const bool spectral = config.norm == Norm::spectral;
  const bool bias = config.norm == Norm::none || spectral;
  Chain chain{.network = {.name = "discriminator", .nodes = {}, .outputs = {"dense"}}, .last = {}};
  begin_discriminator(chain, config);
  int layer = 0;
  for (const int out : {w, 2 * w, 4 * w, 4 * w}) {
    const std::string number = std::to_string(++layer);
    chain.add("conv" + number, Conv{.out = out, .stride = {2, 2}, .padding = {}, .bias = bias, .spectral = spectral});
    chain.add_norm("norm" + number, config.norm);
    chain.add("act" + number, config.activation);
    if (config.dropout > 0) chain.add("drop" + number, Dropout{config.dropout});
  }
  end_discriminator(chain, config);
  return std::move(chain.network);
}

}  // namespace ganymede::net
