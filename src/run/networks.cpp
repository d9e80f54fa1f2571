#include "run/networks.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "net/families.hpp"
#include "net/traits.hpp"
#include "run/network_error.hpp"
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

// `key`: where the recipe asks for the class.
int classes_for(const std::string& key, bool wanted, const ImageFacts& facts) {
  const std::string player = key.substr(0, key.find('.'));
  if (wanted && facts.classes < 1) {
    throw NetworkError(
        key, "",
        fmt::format("the recipe's {} uses the class, but the data have no labels: choose labelled data or set {}",
                    player,
                    player == "generator" ? "generator.condition = \"none\""
                                          : "discriminator.condition = \"none\" and discriminator.auxiliary = false"));
  }
  return wanted ? facts.classes : 0;
}

// Numbers of the condition that a player takes; 0: none.
int condition_length_for(const std::string& key, bool wanted, const ImageFacts& facts) {
  if (wanted && facts.conditions < 1) {
    throw NetworkError(
        key, "",
        "the data have no conditions, a vector of numbers a sample: choose data with them (an array `conditions` in an "
        "NPZ, conditions.csv in a folder of pictures, columns of that name in a CSV of points), or set "
        "generator.condition and discriminator.condition to \"none\"");
  }
  return wanted ? facts.conditions : 0;
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

template <class... Args>
[[noreturn]] void fail_layer(const net::Network& network, const std::string& node, fmt::format_string<Args...> format,
                             Args&&... args) {
  throw NetworkError(network.name + ".layer", node, fmt::format(format, std::forward<Args>(args)...));
}

// The only input of a role, or nullptr.
const net::Input* input_of(const net::Network& network, net::Role role) {
  const net::Input* found = nullptr;
  for (const net::Node& node : network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input != nullptr && input->role == role) {
      if (found != nullptr) {
        fail_layer(network, node.name, "the second input of its role; wanted one");
      }
      found = input;
    }
  }
  return found;
}

// That of an input which input_of found.
std::string name_of(const net::Network& network, const net::Input& input) {
  const auto found = std::ranges::find_if(
      network.nodes, [&](const net::Node& node) { return std::get_if<net::Input>(&node.layer) == &input; });
  return found->name;
}

void check_role(const net::Network& network, net::Role role, const char* what, const Shape& wanted) {
  const net::Input* input = input_of(network, role);
  if (input == nullptr) {
    fail_layer(network, "", "an input of role {} is missing", what);
  }
  if (input->shape != wanted) {
    fail_layer(network, name_of(network, *input), "the input of role {} must be {} (got {})", what,
               ganymede::to_string(wanted), ganymede::to_string(input->shape));
  }
}

void check_classes(const net::Network& network, const ImageFacts& facts) {
  const net::Input* input = input_of(network, net::Role::class_index);
  if (input == nullptr) {
    return;
  }
  classes_for(network.name + ".layer", true, facts);
  if (input->classes != facts.classes) {
    fail_layer(network, name_of(network, *input), "this input has {} classes, the data {}", input->classes,
               facts.classes);
  }
}

void check_condition(const net::Network& network, const ImageFacts& facts) {
  const net::Input* input = input_of(network, net::Role::condition);
  if (input == nullptr) return;
  condition_length_for(network.name + ".layer", true, facts);
  const Shape wanted{facts.conditions};
  if (input->shape != wanted) {
    fail_layer(network, name_of(network, *input), "this input takes {}, the data's conditions are {}",
               ganymede::to_string(input->shape), ganymede::to_string(wanted));
  }
  if (input_of(network, net::Role::class_index) != nullptr)
    fail_layer(network, name_of(network, *input), "a network takes the class or a condition, not both");
}

void check_output(const net::Network& network, const std::string& name, const Shape& wanted, const char* what) {
  const Shape shape = net::infer_shapes(network).at(static_cast<std::size_t>(network.index_of(name)));
  if (shape != wanted) {
    fail_layer(network, name, "puts out {}, wanted {} ({})", ganymede::to_string(shape), ganymede::to_string(wanted),
               what);
  }
}

void check_input_roles(const net::Network& network, net::Role own) {
  for (const net::Node& node : network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input != nullptr && input->role != own && input->role != net::Role::class_index &&
        input->role != net::Role::condition) {
      fail_layer(network, node.name, "no one feeds this input: the {} takes {} and the class or condition",
                 network.name, own == net::Role::latent ? "z (role latent)" : "images (role image)");
    }
  }
}

}  // namespace

net::Network build_generator(const Recipe& recipe, const ImageFacts& facts) {
  const Recipe::Player& player = recipe.generator;
  const Shape image = {facts.channels, facts.height, facts.width};
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
  for (const net::Node& node : network.nodes) {
    if (net::is_of_discriminators(node.layer)) {
      fail_layer(network, node.name, "{}{} is of discriminators", net::kind_of(node.layer),
                 net::is_spectral(node.layer) ? " with spectral = true" : "");
    }
  }
  check_input_roles(network, net::Role::latent);
  check_role(network, net::Role::latent, "latent", {recipe.latent.dim});
  check_classes(network, facts);
  check_condition(network, facts);
  if (network.outputs.size() != 1) {
    fail_layer(network, "", "wanted one output, found {}", network.outputs.size());
  }
  check_output(network, network.outputs.front(), image, "the data's images");
  return network;
}

net::Network build_discriminator(const Recipe& recipe, const ImageFacts& data) {
  const ImageFacts facts = packed(data, recipe.game.pack);
  const Recipe::Player& player = recipe.discriminator;
  const Shape image = {facts.channels, facts.height, facts.width};
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
  check_input_roles(network, net::Role::image);
  check_role(network, net::Role::image, "image", image);
  check_classes(network, facts);
  check_condition(network, facts);
  const int width = play::width_of(play::codes_from(recipe.latent.codes));
  const std::size_t heads = network.outputs.size() - (net::code_head(network).empty() ? 0 : 1);
  if (network.outputs.empty() || heads > 2 || network.outputs.front() == net::kCodeHead) {
    fail_layer(network, "", "wanted the logit, at most a class head and with latent.codes a head {}, found {} outputs",
               net::kCodeHead, network.outputs.size());
  }
  if (width == 0 && !net::code_head(network).empty())
    fail_layer(network, net::kCodeHead, "this head tells codes, and latent.codes is \"none\"");
  if (width > 0 && net::code_head(network).empty()) {
    fail_layer(network, "", "latent.codes wants an output {} that tells them, dense of out = {}", net::kCodeHead,
               width);
  }
  check_output(network, network.outputs.front(), {1}, "the logit");
  if (predicts_class(network)) {
    check_output(network, net::class_head(network), {classes_for("discriminator.layer", true, facts)},
                 "a logit for each class");
  }
  if (width > 0) check_output(network, net::kCodeHead, {width}, "the codes of latent.codes");
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

bool takes_class(const net::Network& network) {
  return input_of(network, net::Role::class_index) != nullptr;
}

bool takes_condition(const net::Network& network) {
  return input_of(network, net::Role::condition) != nullptr;
}

bool predicts_class(const net::Network& network) {
  return !net::class_head(network).empty();
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
