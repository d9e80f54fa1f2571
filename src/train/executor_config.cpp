#include <array>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "train/session.hpp"

namespace ganymede::train {
namespace {

template <class T, std::size_t N>
T named(const std::array<std::pair<const char*, T>, N>& table, const char* key, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, value] : table) {
    if (name == known) return value;
    names.emplace_back(known);
  }
  fail<ConfigError>("{}: unknown name \"{}\"{}", key, name, did_you_mean(name, names));
}

constexpr std::array<std::pair<const char*, engine::Loss>, 6> kLosses{{
    {"non_saturating", engine::Loss::non_saturating},
    {"saturating", engine::Loss::saturating},
    {"least_squares", engine::Loss::least_squares},
    {"absolute", engine::Loss::absolute},
    {"hinge", engine::Loss::hinge},
    {"wasserstein", engine::Loss::wasserstein},
}};

constexpr std::array<std::pair<const char*, engine::OptimizerKind>, 4> kOptimizers{{
    {"adam", engine::OptimizerKind::adam},
    {"nadam", engine::OptimizerKind::nadam},
    {"rmsprop", engine::OptimizerKind::rmsprop},
    {"sgd", engine::OptimizerKind::sgd},
}};

engine::Optimizer optimizer(const run::Recipe::Optimizer& recipe, const char* key) {
  return {.kind = named(kOptimizers, key, recipe.kind),
          .learning_rate = recipe.learning_rate,
          .beta1 = recipe.beta1,
          .beta2 = recipe.beta2,
          .epsilon = recipe.epsilon,
          .momentum = recipe.momentum,
          .rho = recipe.rho,
          .clip_norm = recipe.clip_norm};
}

}  // namespace

engine::ExecutorConfig executor_config(const run::Recipe& recipe, int threads) {
  engine::ExecutorConfig config;
  config.game.loss = named(kLosses, "game.loss", recipe.game.loss);
  config.game.label_smoothing = recipe.game.label_smoothing;
  config.game.weight_clip = recipe.game.weight_clip;
  config.game.auxiliary_weight = recipe.game.auxiliary_weight;
  config.game.ema_decay = recipe.game.ema_decay;
  config.game.generator = optimizer(recipe.generator.optimizer, "generator.optimizer.kind");
  config.game.discriminator = optimizer(recipe.discriminator.optimizer, "discriminator.optimizer.kind");
  config.batch = recipe.train.batch;
  config.threads = threads;
  config.precision = recipe.train.precision;
  config.seed = recipe.train.seed;
  return config;
}

}  // namespace ganymede::train
