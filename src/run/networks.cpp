#include "run/networks.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "net/families.hpp"
#include "net/traits.hpp"
#include "run/network_error.hpp"
#include "run/network_fit.hpp"
#include "run/words.hpp"

namespace ganymede::run {
namespace {

net::Activation activation_of(const Recipe::Player& player) {
  using enum net::ActivationKind;
  net::Activation activation{.kind = value_in(kActivationWords, "activation", player.activation)};
  switch (activation.kind) {
    case relu:
      activation.negative_slope = static_cast<float>(player.relu_slope);
      activation.threshold = static_cast<float>(player.relu_threshold);
      if (player.relu_ceiling > 0) {
        activation.max_value = static_cast<float>(player.relu_ceiling);
      }
      break;
    case leaky_relu:
      activation.negative_slope = static_cast<float>(player.negative_slope);
      break;
    case elu:
      activation.alpha = static_cast<float>(player.elu_alpha);
      break;
    case rrelu:
      activation.lower = static_cast<float>(player.rrelu_lower);
      activation.upper = static_cast<float>(player.rrelu_upper);
      break;
    case linear:
    case prelu:
    case tanh:
    case sigmoid:
      break;
  }
  return activation;
}

// "photo" halves the picture four times, "digits" twice, "conv" as far as it likes.
int square_side(const ImageFacts& facts, const std::string& player, const std::string& family) {
  if (facts.is_points()) {
    throw NetworkError(
        player + ".family", "",
        fmt::format("family \"{}\" is of pictures, the data are points: set {}.family = \"mlp\"", family, player));
  }
  const int step = family == "photo" ? 16 : family == "conv" ? 1 : 4;
  if (facts.height != facts.width || facts.height % step != 0) {
    throw NetworkError(player + ".family", "",
                       fmt::format("family \"{}\" wants square images{} (the data's are {} x {}): "
                                   "describe the networks node by node in [[generator.layer]]",
                                   family, step == 1 ? "" : fmt::format(" whose side is a multiple of {}", step),
                                   facts.height, facts.width));
  }
  return facts.height;
}

void check_columns(const ImageFacts& facts) {
  if (!facts.is_points()) return;
  throw NetworkError("generator.family", "",
                     "family \"lstm\" draws pictures column by column, the data are points: set generator.family = "
                     "\"mlp\"");
}

std::vector<int> widths_of(const Recipe::Player& player) {
  return {player.widths.begin(), player.widths.end()};
}

void check_moves(const ImageFacts& facts, const std::string& player) {
  if (facts.channels != 1 || facts.width != 3) {
    throw NetworkError(
        player + ".family", "",
        fmt::format("family \"ink\" wants symbols of ink, moves of (dx, dy, pen): choose a set of ink in "
                    "data.source (the data's samples are {} x {} x {})",
                    facts.channels, facts.height, facts.width));
  }
}

// Of either player; `key`: its family's.
net::MlpConfig mlp_config(const Recipe& recipe, const Recipe::Player& player, const ImageFacts& facts,
                          const std::string& key) {
  if (!facts.is_points()) {
    throw NetworkError(key, "",
                       fmt::format("family \"mlp\" wants points: choose a set of points in data.source, such as "
                                   "\"ring\" (the data's samples are {} x {} x {})",
                                   facts.channels, facts.height, facts.width));
  }
  const std::string condition = key.substr(0, key.find('.')) + ".condition";
  if (player.condition != "none" && player.condition != "vector") {
    throw NetworkError(
        condition, "",
        fmt::format("points have no classes that \"{}\" could tell: wanted \"none\" or \"vector\"", player.condition));
  }
  return {.latent_dim = recipe.latent.dim,
          .condition_length = condition_length_for(condition, player.condition == "vector", facts),
          .coordinates = facts.channels,
          .widths = widths_of(player),
          .norm = value_in(kNormWords, "norm", player.norm),
          .activation = activation_of(player),
          .minibatch_std = player.minibatch_std,
          .code_width = play::width_of(play::codes_from(recipe.latent.codes))};
}

// What D sees of the data: packs of them (game.pack).
ImageFacts packed(ImageFacts facts, int pack) {
  facts.channels *= pack;
  return facts;
}

void check_augmentation(const Recipe& recipe, const ImageFacts& facts) {
  constexpr int kLeastSide = 8;
  const std::vector<play::Augmentation> all = play::augmentations(recipe.game.augment);
  if (facts.channels == 1 && std::ranges::find(all, play::Augmentation::saturation) != all.end()) {
    throw NetworkError("game.augment", "",
                       fmt::format("game.augment = \"{}\": saturation is of pictures in colour, and the data's are "
                                   "grey; of \"color\" brightness,contrast are left",
                                   recipe.game.augment));
  }
  if (recipe.game.augment.empty() || (facts.height >= kLeastSide && facts.width >= kLeastSide)) return;
  throw NetworkError(
      "game.augment", "",
      fmt::format("game.augment = \"{}\" is of pictures of {} x {} and more (the data's samples are {} x "
                  "{} x {})",
                  recipe.game.augment, kLeastSide, kLeastSide, facts.channels, facts.height, facts.width));
}

net::Network layers_of(const Recipe::Player& player, const char* name) {
  if (!player.layers) fail<ConfigError>("{0}.family = \"layers\" needs [[{0}.layer]] tables", name);
  return *player.layers;
}

}  // namespace

net::Network build_generator(const Recipe& recipe, const ImageFacts& facts) {
  const Recipe::Player& player = recipe.generator;
  net::Network network;
  if (player.family == "layers") {
    network = layers_of(player, "generator");
  } else if (player.family == "mlp") {
    network = net::mlp_generator(mlp_config(recipe, player, facts, "generator.family"));
  } else {
    const net::Condition condition = value_in(kConditionWords, "condition", player.condition);
    const bool vector = condition == net::Condition::vector;
    const int classes = classes_for("generator.condition", condition != net::Condition::none && !vector, facts);
    const int length = condition_length_for("generator.condition", vector, facts);
    if (player.family == "ink") {
      check_moves(facts, "generator");
      network = net::ink_generator({.latent_dim = recipe.latent.dim,
                                    .classes = classes,
                                    .condition = condition,
                                    .width = player.width,
                                    .cells = player.cells,
                                    .kernel = player.kernel,
                                    .layers = player.recurrent_layers,
                                    .moves = facts.height,
                                    .values = facts.width,
                                    .activation = activation_of(player)});
    } else if (player.family == "lstm") {
      check_columns(facts);
      network = net::lstm_generator({.latent_dim = recipe.latent.dim,
                                     .classes = classes,
                                     .condition_length = length,
                                     .condition = condition,
                                     .width = player.width,
                                     .channels = facts.channels,
                                     .rows = facts.height,
                                     .columns = facts.width,
                                     .activation = activation_of(player)});
    } else {
      const net::GeneratorConfig config{.latent_dim = recipe.latent.dim,
                                        .classes = classes,
                                        .condition_length = length,
                                        .condition = condition,
                                        .width = player.width,
                                        .image_size = square_side(facts, "generator", player.family),
                                        .channels = facts.channels,
                                        .norm = value_in(kNormWords, "norm", player.norm),
                                        .activation = activation_of(player)};
      network = player.family == "conv"    ? net::conv_generator(config, widths_of(player))
                : player.family == "photo" ? net::photo_generator(config)
                                           : net::digits_generator(config);
    }
  }
  check_generator(network, recipe.latent.dim, facts);
  return network;
}

net::Network build_discriminator(const Recipe& recipe, const ImageFacts& data) {
  const ImageFacts facts = packed(data, recipe.game.pack);
  const Recipe::Player& player = recipe.discriminator;
  net::Network network;
  if (player.family == "layers") {
    network = layers_of(player, "discriminator");
  } else if (player.family == "mlp") {
    network = net::mlp_discriminator(mlp_config(recipe, player, facts, "discriminator.family"));
  } else {
    const net::Condition condition = value_in(kConditionWords, "condition", player.condition);
    const bool vector = condition == net::Condition::vector;
    const bool uses_class = (condition != net::Condition::none && !vector) || player.auxiliary;
    const char* key = player.auxiliary ? "discriminator.auxiliary" : "discriminator.condition";
    const int classes = classes_for(key, uses_class, facts);
    const int length = condition_length_for("discriminator.condition", vector, facts);
    if (player.family == "ink") {
      check_moves(facts, "discriminator");
      network = net::ink_discriminator({.classes = classes,
                                        .condition = condition,
                                        .auxiliary = player.auxiliary,
                                        .width = player.width,
                                        .moves = facts.height,
                                        .values = facts.width,
                                        .activation = activation_of(player),
                                        .dropout = static_cast<float>(player.dropout)});
    } else {
      const net::DiscriminatorConfig config{.classes = classes,
                                            .condition_length = length,
                                            .condition = condition,
                                            .auxiliary = player.auxiliary,
                                            .width = player.width,
                                            .image_size = square_side(facts, "discriminator", player.family),
                                            .channels = facts.channels,
                                            .norm = value_in(kNormWords, "norm", player.norm),
                                            .activation = activation_of(player),
                                            .dropout = static_cast<float>(player.dropout),
                                            .minibatch_std = player.minibatch_std,
                                            .code_width = play::width_of(play::codes_from(recipe.latent.codes))};
      network = player.family == "conv"    ? net::conv_discriminator(config, widths_of(player))
                : player.family == "photo" ? net::photo_discriminator(config)
                                           : net::digits_discriminator(config);
    }
  }
  check_discriminator(network, play::width_of(play::codes_from(recipe.latent.codes)), facts);
  return network;
}

Networks build_networks(const Recipe& recipe, const ImageFacts& facts) {
  check_augmentation(recipe, facts);
  Networks networks{.generator = build_generator(recipe, facts), .discriminator = build_discriminator(recipe, facts)};
  const bool generator = takes_class(networks.generator);
  const bool discriminator = takes_class(networks.discriminator);
  if (discriminator && !generator) {
    fail<ConfigError>("the discriminator takes the class, the generator does not: a generated image has no class");
  }
  if (predicts_class(networks.discriminator) && !generator) {
    fail<ConfigError>(
        "the discriminator predicts the class (discriminator.auxiliary), but the generator takes none: its images have "
        "no class that could be predicted. Set generator.condition, or discriminator.auxiliary = false");
  }
  if (takes_condition(networks.generator) != takes_condition(networks.discriminator)) {
    fail<ConfigError>(
        "the {} takes the samples' conditions, the {} does not: one alone cannot learn what belongs to them",
        takes_condition(networks.generator) ? "generator" : "discriminator",
        takes_condition(networks.generator) ? "discriminator" : "generator");
  }
  if (generator && !discriminator && !predicts_class(networks.discriminator)) {
    fail<ConfigError>("the generator takes the class, but the discriminator neither takes nor predicts it");
  }
  return networks;
}

NamedTensors initial_parameters(const Networks& networks, const Recipe& recipe) {
  const auto fresh = [&](const net::Network& network, const Recipe::Player& player) {
    return net::initialise(network, recipe.train.seed, value_in(kInitializerWords, "initializer", player.initializer),
                           player.initializer_scale);
  };
  NamedTensors tensors = fresh(networks.generator, recipe.generator);
  tensors.merge(fresh(networks.discriminator, recipe.discriminator));
  return tensors;
}

}  // namespace ganymede::run
