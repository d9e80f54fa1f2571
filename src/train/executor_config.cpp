#include "train/session.hpp"

namespace ganymede::train {

play::ExecutorConfig executor_config(const run::Recipe& recipe, int threads) {
  return {.game = {.loss = recipe.game.loss,
                   .label_smoothing = recipe.game.label_smoothing,
                   .weight_clip = recipe.game.weight_clip,
                   .auxiliary_weight = recipe.game.auxiliary_weight,
                   .ema_decay = recipe.game.ema_decay,
                   .codes = play::codes_from(recipe.latent.codes),
                   .info_weight = recipe.game.info_weight,
                   .augment = play::augmentations(recipe.game.augment),
                   .pack = recipe.game.pack,
                   .penalty = recipe.game.penalty,
                   .penalty_weight = recipe.game.penalty_weight,
                   .penalty_interval = recipe.game.penalty_interval,
                   .unroll = recipe.game.unroll,
                   .unroll_rate = recipe.game.unroll_rate,
                   .generator = recipe.generator.optimizer,
                   .discriminator = recipe.discriminator.optimizer},
          .batch = recipe.train.batch,
          .threads = threads,
          .precision = recipe.train.precision,
          .seed = recipe.train.seed,
          .shards = recipe.train.shards,
          .statistics = recipe.train.shard_statistics};
}

}  // namespace ganymede::train
