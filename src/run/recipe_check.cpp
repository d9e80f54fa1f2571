#include "run/recipe_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/parts.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

void check_length(const Recipe::Train& train, std::vector<Fault>& faults) {
  std::string given;
  int count = 0;
  const auto add = [&](const char* key, std::int64_t value) {
    if (value > 0) {
      given += fmt::format("{}{} = {}", given.empty() ? "" : ", ", key, value);
      ++count;
    }
  };
  add("train.epochs", train.epochs);
  add("train.steps", train.steps);
  add("train.images", train.images);
  if (count != 1) {
    const char* key = train.epochs > 0 ? "train.epochs" : train.steps > 0 ? "train.steps" : "train.images";
    faults.push_back({key, fmt::format("exactly one of train.epochs, train.steps and train.images must be above 0 "
                                       "(got {})",
                                       count == 0 ? "none" : given)});
  }
}

void check_player(const Recipe::Player& player, const std::string& name, std::vector<Fault>& faults) {
  const bool by_nodes = player.family == "layers";
  if (by_nodes && !player.layers) {
    faults.push_back({name + ".family", fmt::format("{0}.family = \"layers\" needs [[{0}.layer]] tables", name)});
  }
  if (!by_nodes && player.layers) {
    faults.push_back({name + ".layer",
                      fmt::format("[[{0}.layer]] needs {0}.family = \"layers\" (got \"{1}\")", name, player.family)});
  }
  const std::size_t most_layers = player.family == "conv" ? 8 : 16;
  if (player.widths.size() > most_layers) {
    faults.push_back({name + ".widths", fmt::format("{}.widths: wanted at most {} hidden layers (got {})", name,
                                                    most_layers, player.widths.size())});
  }
  if (player.rrelu_lower > player.rrelu_upper) {
    faults.push_back({name + ".rrelu_lower", fmt::format("{0}.rrelu_lower must not be above {0}.rrelu_upper (got {1} "
                                                         "and {2})",
                                                         name, player.rrelu_lower, player.rrelu_upper)});
  }
  if (player.relu_ceiling > 0 && player.relu_ceiling <= player.relu_threshold) {
    faults.push_back({name + ".relu_ceiling", fmt::format("{0}.relu_ceiling must be above {0}.relu_threshold (got {1} "
                                                          "and {2})",
                                                          name, player.relu_ceiling, player.relu_threshold)});
  }
}

// Of networks node by node, networks.hpp knows more: there the same is checked on the graph.
void check_condition(const Recipe& recipe, std::vector<Fault>& faults) {
  if (recipe.generator.family == "layers" || recipe.discriminator.family == "layers") {
    return;
  }
  const bool generator = recipe.generator.condition != "none";
  const bool discriminator = recipe.discriminator.condition != "none";
  if (discriminator && !generator) {
    faults.push_back({"generator.condition",
                      fmt::format("discriminator.condition = \"{}\" needs a generator that knows the class: set "
                                  "generator.condition",
                                  recipe.discriminator.condition)});
  }
  const auto add = [&](const char* key, const std::string& text) { faults.push_back({key, text}); };
  const bool to_g = recipe.generator.condition == "vector", to_d = recipe.discriminator.condition == "vector";
  if (generator && discriminator && to_g != to_d) {
    add("discriminator.condition",
        fmt::format("generator.condition = \"{}\" and discriminator.condition = \"{}\": one sample has a class or a "
                    "vector; wanted \"vector\" of both or of neither",
                    recipe.generator.condition, recipe.discriminator.condition));
  }
  if (to_g && recipe.discriminator.auxiliary) {
    add("discriminator.auxiliary",
        "discriminator.auxiliary = true predicts the class of a sample, and with generator.condition = \"vector\" the "
        "generated ones have none: set it to false");
    return;
  }
  for (const auto& [player, name] :
       {std::pair{&recipe.generator, "generator"}, std::pair{&recipe.discriminator, "discriminator"}}) {
    const std::string& condition = player->condition;
    if (player->family == "mlp" && condition != "none" && condition != "vector") {
      faults.push_back({fmt::format("{}.condition", name),
                        fmt::format("{}.condition = \"{}\" tells the class, which points have not: wanted \"none\" or "
                                    "\"vector\"",
                                    name, condition)});
    }
    if (player->family == "ink" && condition == "vector") {
      faults.push_back({fmt::format("{}.condition", name),
                        fmt::format("{}.condition = \"vector\": ink has classes, and no vectors; wanted \"none\", "
                                    "\"embedding\" or \"concat\"",
                                    name)});
    }
  }
  if (generator && !discriminator && !recipe.discriminator.auxiliary) {
    faults.push_back({"discriminator.condition",
                      fmt::format("generator.condition = \"{}\" needs a discriminator that sees the class: set "
                                  "discriminator.condition or discriminator.auxiliary",
                                  recipe.generator.condition)});
  }
}

void check_sampler(const Recipe& recipe, std::vector<Fault>& faults) {
  const std::string& sampler = recipe.latent.sampler;
  if (sampler == "gaussian") {
    return;
  }
  if (recipe.latent.prior != "normal") {
    faults.push_back({"latent.sampler", fmt::format("latent.sampler = \"{}\" needs latent.prior = \"normal\" (got "
                                                    "\"{}\")",
                                                    sampler, recipe.latent.prior)});
  }
  if (recipe.generator.family != "layers" &&
      (recipe.generator.condition == "none" || recipe.generator.condition == "vector")) {
    faults.push_back({"latent.sampler", fmt::format("latent.sampler = \"{}\" draws z by its class: set "
                                                    "generator.condition",
                                                    sampler)});
  }
}

void check_augmentation(const Recipe& recipe, std::vector<Fault>& faults) {
  try {
    play::augmentations(recipe.game.augment);
  } catch (const ConfigError& error) {
    faults.push_back({"game.augment", error.what()});
  }
}

void check_pack(const Recipe& recipe, std::vector<Fault>& faults) {
  const int pack = recipe.game.pack;
  if (pack == 1) return;
  const auto refuse = [&](const std::string& why) {
    faults.push_back({"game.pack", fmt::format("game.pack = {} {}", pack, why)});
  };
  if (recipe.train.batch % pack != 0) refuse(fmt::format("must divide train.batch (got {})", recipe.train.batch));
  if (recipe.data.last_batch != "drop")
    refuse("needs data.last_batch = \"drop\": the rest of an epoch may be no whole number of packs");
  if (recipe.generator.condition != "none" || recipe.discriminator.condition != "none" ||
      recipe.discriminator.auxiliary) {
    refuse(
        "needs generator.condition = discriminator.condition = \"none\" and no auxiliary head: a pack of pictures "
        "has no class and no condition");
  }
}

void check_codes(const Recipe& recipe, std::vector<Fault>& faults) {
  int width = 0;
  try {
    width = play::width_of(play::codes_from(recipe.latent.codes));
  } catch (const ConfigError& error) {
    faults.push_back({"latent.codes", error.what()});
  }
  if (width == 0) return;
  const auto refuse = [&](const std::string& why) {
    faults.push_back({"latent.codes", fmt::format("latent.codes = \"{}\" {}", recipe.latent.codes, why)});
  };
  if (width > recipe.latent.dim) {
    refuse(fmt::format("is {} of the numbers of z: latent.dim must be as many or more (got {})", width,
                       recipe.latent.dim));
  }
  if (recipe.latent.sampler != "gaussian")
    refuse(fmt::format("needs latent.sampler = \"gaussian\" (got \"{}\")", recipe.latent.sampler));
  if (recipe.game.pack > 1) refuse("needs game.pack = 1: a pack of pictures has no codes");
  if (recipe.game.unroll > 0) refuse("needs game.unroll = 0: D's loss has no codes while it is unrolled");
  if (recipe.evaluate.map_every > 0)
    refuse("needs evaluate.map_every = 0: a class map goes through all values of z, and codes have some of them alone");
}

void check_part(const Recipe& recipe, std::vector<Fault>& faults) {
  try {
    data::part_from(recipe.data.part, recipe.data.part_by);
  } catch (const ConfigError& error) {
    faults.push_back({"data.part", error.what()});
  }
}

void check_maps(const Recipe& recipe, std::vector<Fault>& faults) {
  if (recipe.evaluate.map_every > 0 && (recipe.latent.dim < 2 || recipe.latent.dim > 4)) {
    faults.push_back(
        {"evaluate.map_every",
         fmt::format("evaluate.map_every = {} needs a latent space of 2 to 4 dimensions (latent.dim is {})",
                     recipe.evaluate.map_every, recipe.latent.dim)});
  }
  constexpr int kMostOfACube = 128;
  if (recipe.evaluate.map_every > 0 && recipe.latent.dim > 2 && recipe.evaluate.map_resolution > kMostOfACube) {
    faults.push_back({"evaluate.map_resolution",
                      fmt::format("evaluate.map_resolution = {}: a cube (latent.dim is {}) takes at most {} points "
                                  "along an axis",
                                  recipe.evaluate.map_resolution, recipe.latent.dim, kMostOfACube)});
  }
  if (recipe.evaluate.map_every > 0 && recipe.evaluate.map_resolution == 1) {
    faults.push_back({"evaluate.map_resolution",
                      "evaluate.map_resolution = 1: a map has two points along an axis or more, or 0 for the usual"});
  }
  if (recipe.evaluate.map_stop > 0 && recipe.evaluate.map_every == 0) {
    faults.push_back({"evaluate.map_stop", fmt::format("evaluate.map_stop = {} needs maps: set evaluate.map_every",
                                                       recipe.evaluate.map_stop)});
  }
}

// D's updates within G's loss (game.unroll) are plain ones.
void check_unroll(const Recipe& recipe, std::vector<Fault>& faults) {
  if (recipe.game.unroll == 0) return;
  const auto add = [&](const std::string& text) {
    faults.push_back({"game.unroll", fmt::format("game.unroll = {} {}", recipe.game.unroll, text)});
  };
  if (recipe.game.update != play::UpdateOrder::simultaneous) {
    add(fmt::format("updates both players at once: wanted game.update = \"simultaneous\" (got \"{}\")",
                    name_of(recipe.game.update)));
  }
  if (recipe.game.penalty != play::Penalty::none) {
    add(fmt::format("goes through no penalty: wanted game.penalty = \"none\" (got \"{}\")",
                    name_of(recipe.game.penalty)));
  }
  if (recipe.discriminator.optimizer.clip_norm > 0) {
    add(fmt::format("goes through no clipped gradients: wanted discriminator.optimizer.clip_norm = 0 (got {})",
                    recipe.discriminator.optimizer.clip_norm));
  }
}

// Penalties and unrolled updates take D by its input, as it is.
void check_second_order(const Recipe& recipe, std::vector<Fault>& faults) {
  const char* const key = recipe.game.unroll > 0                       ? "game.unroll"
                          : recipe.game.penalty != play::Penalty::none ? "game.penalty"
                                                                       : nullptr;
  if (key == nullptr) return;
  const auto add = [&](const char* of) {
    faults.push_back({key, fmt::format("{}: second derivatives do not go through {}", key, of)});
  };
  if (!recipe.game.augment.empty()) add("game.augment");
  if (recipe.game.pack > 1) add("game.pack");
}

// What one shard of a batch cannot do by itself.
void check_shards(const Recipe& recipe, std::vector<Fault>& faults) {
  const int shards = recipe.train.shards;
  if (shards == 1) return;
  const auto add = [&](const std::string& text) {
    faults.push_back({"train.shards", fmt::format("train.shards = {} {}", shards, text)});
  };
  if ((shards & (shards - 1)) != 0) add("is no power of two: gradients are added in pairs, wanted 1, 2, 4, 8 ...");
  if (recipe.train.batch % (std::int64_t{1} * shards * recipe.game.pack) != 0) {
    add(fmt::format("cuts no batch of {}{} in equal parts: wanted a train.batch that it divides", recipe.train.batch,
                    recipe.game.pack > 1 ? fmt::format(" in packs of {}", recipe.game.pack) : ""));
  }
  if (recipe.game.unroll > 0) {
    add(
        fmt::format("cuts no batch of an unrolled game, whose updates within a step see the whole one: wanted "
                    "game.unroll = 0 (got {})",
                    recipe.game.unroll));
  }
}

}  // namespace

std::vector<Fault> cross_check(const Recipe& recipe) {
  std::vector<Fault> faults;
  if (const int side = recipe.data.image_size; side > 0 && side < 8) {
    faults.push_back({"data.image_size", fmt::format("data.image_size must be 0 (the pictures' own size) or an integer "
                                                     "from 8 to 1024 (got {})",
                                                     side)});
  }
  check_part(recipe, faults);
  check_length(recipe.train, faults);
  check_player(recipe.generator, "generator", faults);
  check_player(recipe.discriminator, "discriminator", faults);
  check_condition(recipe, faults);
  check_sampler(recipe, faults);
  check_codes(recipe, faults);
  check_maps(recipe, faults);
  check_augmentation(recipe, faults);
  check_pack(recipe, faults);
  check_unroll(recipe, faults);
  check_second_order(recipe, faults);
  check_shards(recipe, faults);
  return faults;
}

void check(const Recipe& recipe, const std::string& origin) {
  std::string message;
  for (const Fault& fault : cross_check(recipe)) {
    message += fmt::format("{}{}: {}", message.empty() ? "" : "\n", origin, fault.text);
  }
  if (!message.empty()) {
    throw ConfigError(message);
  }
}

}  // namespace ganymede::run
