#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "base/philox.hpp"
#include "net/families.hpp"
#include "run/options.hpp"

namespace ganymede::run {

/// A legal value of each option, at its limits now and then; what cross-checks forbid is put right. A fifth of the
/// players are given node by node.
class RandomRecipe {
 public:
  explicit RandomRecipe(RandomSequence& random) : random_(random) {}

  Recipe draw() {
    Recipe recipe;
    for (const Option& option : options()) {
      std::visit([&](auto* field) { fill(*field, option.legal); }, option.field(recipe));
    }
    auto& train = recipe.train;
    const std::int64_t length = std::max<std::int64_t>(1, train.epochs);
    train.epochs = train.steps = train.images = 0;
    (random_.below(3) == 0 ? train.epochs : random_.below(2) == 0 ? train.steps : train.images) = length;
    constexpr const char* kPolicies[] = {"", "cutout", "translation,cutout,brightness"};
    recipe.game.augment = kPolicies[random_.below(3)];
    constexpr const char* kParts[] = {"", "1/1", "2/4"};
    recipe.data.part = kParts[random_.below(3)];
    constexpr const char* kCodes[] = {"none", "3", "uniform,2"};
    recipe.latent.codes = kCodes[random_.below(3)];
    if (recipe.latent.codes != "none") {
      recipe.latent.dim = std::max(recipe.latent.dim, 3);
      recipe.latent.sampler = "gaussian";
      recipe.game.pack = 1;
      recipe.game.unroll = 0;
      recipe.evaluate.map_every = 0;
    }
    if (recipe.game.pack > 1) {
      recipe.train.batch = recipe.game.pack * (1 + static_cast<int>(random_.below(100)));
      recipe.data.last_batch = "drop";
      recipe.generator.condition = recipe.discriminator.condition = "none";
      recipe.discriminator.auxiliary = false;
    }
    if (recipe.game.update != play::UpdateOrder::alternating) recipe.game.d_steps = 1;
    if (recipe.game.update != play::UpdateOrder::simultaneous) recipe.game.unroll = 0;
    if (recipe.game.unroll > 0) {
      recipe.game.penalty = play::Penalty::none;
      recipe.discriminator.optimizer.clip_norm = 0;
    }
    if (recipe.game.unroll > 0 || recipe.game.penalty != play::Penalty::none) {
      recipe.game.augment.clear();
      recipe.game.pack = 1;
    }
    train.shards = recipe.game.unroll > 0 ? 1 : 1 << random_.below(4);
    if (train.shards > 1) train.batch = train.shards * recipe.game.pack * (1 + static_cast<int>(random_.below(50)));
    repair(recipe.generator);
    repair(recipe.discriminator);
    for (const Recipe::Player* player : {&recipe.generator, &recipe.discriminator}) {
      const bool known = player->family == "mlp"   ? player->condition == "vector"
                         : player->family == "ink" ? player->condition != "vector"
                                                   : true;
      if (!known) recipe.generator.condition = recipe.discriminator.condition = "none";
    }
    if (recipe.generator.condition == "none" || recipe.discriminator.condition == "none") {
      recipe.generator.condition = recipe.discriminator.condition = "none";
    }
    if ((recipe.generator.condition == "vector") != (recipe.discriminator.condition == "vector"))
      recipe.generator.condition = recipe.discriminator.condition = "none";
    if (recipe.generator.condition == "vector") recipe.discriminator.auxiliary = false;
    if (recipe.generator.condition == "none" || recipe.generator.condition == "vector")
      recipe.latent.sampler = "gaussian";
    if (recipe.latent.sampler != "gaussian") recipe.latent.prior = "normal";
    if (recipe.evaluate.map_every > 0) recipe.latent.dim = 2 + static_cast<int>(random_.below(3));
    if (recipe.data.image_size < 8) recipe.data.image_size = 0;
    if (recipe.evaluate.map_resolution == 1) recipe.evaluate.map_resolution = 2;
    if (recipe.latent.dim > 2) recipe.evaluate.map_resolution = std::min(recipe.evaluate.map_resolution, 128);
    if (recipe.evaluate.map_every == 0) recipe.evaluate.map_stop = 0;
    if (random_.below(5) == 0) {
      recipe.generator.family = "layers";
      recipe.generator.layers = net::digits_generator(
          {.latent_dim = 1 + static_cast<int>(random_.below(9)), .classes = 10, .condition = net::Condition::concat});
    }
    if (random_.below(5) == 0) {
      recipe.discriminator.family = "layers";
      recipe.discriminator.layers = net::digits_discriminator({.classes = 10, .auxiliary = random_.below(2) == 0});
    }
    if (recipe.name.empty()) recipe.name = "x";  // an empty one becomes the file's
    return recipe;
  }

 private:
  void repair(Recipe::Player& player) {
    constexpr const char* kOfFamilies[] = {"digits", "ink", "mlp", "conv"};
    player.family = kOfFamilies[random_.below(4)];
    if (player.rrelu_lower > player.rrelu_upper) std::swap(player.rrelu_lower, player.rrelu_upper);
    if (player.relu_ceiling <= player.relu_threshold) player.relu_ceiling = 0;
  }

  double number(const Legal& legal) {
    const std::uint32_t kind = random_.below(6);
    if (kind == 0 && !legal.above_least) return legal.least;
    if (kind == 1 && !legal.below_most) return legal.most;
    const double value = legal.least + (legal.most - legal.least) * random_.uniform();
    if (kind == 2 && legal.least == 0) return value * 1e-9 + (legal.above_least ? 1e-12 : 0);
    return value > legal.least ? value : (legal.least + legal.most) / 2;
  }

  template <class E>
    requires std::is_enum_v<E>
  void fill(E& field, const Legal&) {
    const auto table = play::table_of<E>();
    field = table[random_.below(static_cast<std::uint32_t>(table.size()))].value;
  }
  void fill(bool& field, const Legal&) { field = random_.below(2) == 0; }
  void fill(double& field, const Legal& legal) { field = number(legal); }
  void fill(int& field, const Legal& legal) { field = static_cast<int>(number(legal)); }
  void fill(std::int64_t& field, const Legal& legal) { field = static_cast<std::int64_t>(number(legal)); }
  void fill(std::uint64_t& field, const Legal&) {
    field = random_.below(4) == 0 ? 0x7FFFFFFFFFFFFFFFU : (std::uint64_t{random_.word()} << 31U) + random_.word();
  }
  void fill(std::vector<std::int64_t>& field, const Legal& legal) {
    field.resize(random_.below(4));
    for (auto& item : field) fill(item, legal);
  }
  void fill(std::string& field, const Legal& legal) {
    if (!legal.choices.empty()) {
      field = legal.choices[random_.below(static_cast<std::uint32_t>(legal.choices.size()))];
      return;
    }
    static constexpr const char* kPieces[] = {"a",    "Z", "7", " ", "\"", "\\", "\n",     "\t", "\x01",
                                              "\x7f", "Č", "#", "'", "]",  "=",  "\"\"\"", "😀"};
    field.clear();
    for (std::uint32_t left = random_.below(12); left > 0; --left) field += kPieces[random_.below(std::size(kPieces))];
  }

  RandomSequence& random_;
};

}  // namespace ganymede::run
