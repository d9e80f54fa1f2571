#include <string>

#include "net/chain.hpp"

namespace ganymede::net {
namespace {

constexpr std::size_t kMostConvLayers = 8;

void check_conv(const char* network, int image_size, int channels, const std::vector<int>& widths) {
  check_range(network, "image_size", image_size, 2, 512);
  check_range(network, "channels", channels, 1, 4096);
  for (const int width : widths) check_range(network, "widths", width, 1, 4096);
  if (widths.empty() || widths.size() > kMostConvLayers)
    fail<ConfigError>("{}: wanted 1 to {} widths (got {})", network, kMostConvLayers, widths.size());
}

}  // namespace

Network conv_generator(const GeneratorConfig& config, const std::vector<int>& widths) {
  check_conv("generator", config.image_size, config.channels, widths);
  std::vector<int> sides(widths.size(), config.image_size);  // what each width is of, halved from the end, rounded up
  for (std::size_t i = sides.size() - 1; i-- > 0;) sides[i] = (sides[i + 1] + 1) / 2;
  const bool bias = config.norm == Norm::none;  // a norm brings its own shift
  Chain chain{.network = {.name = "generator", .nodes = {}, .outputs = {"image"}}, .last = {}};

  begin_generator(chain, config);
  chain.add("dense", Dense{widths[0] * sides[0] * sides[0], bias});
  chain.add_norm("norm0", config.norm);
  Activation flat = config.activation;
  if (flat.kind == ActivationKind::prelu) flat.channels = widths[0];  // one slope a channel of the reshape
  chain.add("act0", flat);
  chain.add("reshape", Reshape{{widths[0], sides[0], sides[0]}});
  for (std::size_t i = 1; i < widths.size(); ++i) {
    const std::string number = std::to_string(i);
    const Padding odd{.same = false, .top = 1, .bottom = 1, .left = 1, .right = 1};
    chain.add("conv" + number, ConvTranspose{.out = widths[i],
                                             .kernel = {3, 3},
                                             .stride = {2, 2},
                                             .padding = sides[i] % 2 == 0 ? Padding{} : odd,
                                             .bias = bias});
    chain.add_norm("norm" + number, config.norm);
    chain.add("act" + number, config.activation);
  }
  chain.add("conv", Conv{.out = config.channels, .kernel = {3, 3}, .padding = {}});
  chain.add("image", Activation{.kind = ActivationKind::tanh});
  return std::move(chain.network);
}

Network conv_discriminator(const DiscriminatorConfig& config, const std::vector<int>& widths) {
  check_conv("discriminator", config.image_size, config.channels, widths);
  const bool spectral = config.norm == Norm::spectral;
  const bool bias = config.norm == Norm::none || spectral;
  Chain chain{.network = {.name = "discriminator", .nodes = {}, .outputs = {"dense"}}, .last = {}};
  begin_discriminator(chain, config);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    chain.add(
        "conv" + number,
        Conv{.out = widths[i], .kernel = {3, 3}, .stride = {2, 2}, .padding = {}, .bias = bias, .spectral = spectral});
    chain.add_norm("norm" + number, config.norm);
    chain.add("act" + number, config.activation);
    if (config.dropout > 0) chain.add("drop" + number, Dropout{config.dropout});
  }
  end_discriminator(chain, config);
  return std::move(chain.network);
}

}  // namespace ganymede::net
