#include "playground/bounds.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "data/points/point_sets.hpp"

namespace ganymede::playground {

void check_playable(const run::Recipe& recipe, bool drawn) {
  if (!drawn && data::find_point_set(recipe.data.source) == nullptr) {
    fail<ConfigError>(
        "data.source = \"{}\": the playground plays with points that the program draws ({}), or that you draw",
        recipe.data.source, "ring, grid, normal-1d, mixture-1d, two-blobs, line, moons, spiral");
  }
  if (!drawn && recipe.data.builtin_count > kMostPoints) {
    fail<ConfigError>("data.builtin_count: at most {} in the playground (got {})", kMostPoints,
                      recipe.data.builtin_count);
  }
  if (!recipe.train.from.empty()) fail<ConfigError>("train.from: the playground begins with fresh weights");
  if (!recipe.latent.partition.empty() || recipe.latent.sampler != "gaussian" || recipe.latent.codes != "none")
    fail<ConfigError>("latent.sampler, latent.partition, latent.codes: the playground draws z from its prior alone");
  if (recipe.latent.dim > kMostDim)
    fail<ConfigError>("latent.dim: at most {} in the playground (got {})", kMostDim, recipe.latent.dim);
  if (recipe.train.batch > kMostBatch)
    fail<ConfigError>("train.batch: at most {} in the playground (got {})", kMostBatch, recipe.train.batch);
  if (recipe.game.pack > 1)
    fail<ConfigError>("game.pack: a D that sees packs says nothing of one point, so it cannot be drawn here");
  for (const run::Recipe::Player* player : {&recipe.generator, &recipe.discriminator}) {
    if (player->condition != "none" || player->auxiliary)
      fail<ConfigError>("condition, auxiliary: the points of the playground have neither classes nor conditions");
    const bool wide = std::ranges::any_of(player->widths, [](std::int64_t width) { return width > 512; });
    if (player->widths.size() > 6 || wide) fail<ConfigError>("widths: at most 6 layers of 512 units in the playground");
  }
}

double work_of_step(const run::Recipe& recipe, std::int64_t generator_weights, std::int64_t discriminator_weights) {
  const auto& game = recipe.game;
  double updates = 1;
  if (game.update == play::UpdateOrder::alternating) updates = game.d_steps;
  if (game.update == play::UpdateOrder::converge) updates = game.converge_max_steps;
  const double g = static_cast<double>(generator_weights), d = 2 * static_cast<double>(discriminator_weights);
  const double penalty = game.penalty == play::Penalty::none ? 0 : 2;
  return 6.0 * recipe.train.batch * (updates * (d * (1 + penalty) + g / 3) + g + d + 3.0 * game.unroll * d);
}

void check_work(const run::Recipe& recipe, const run::Networks& networks) {
  const std::int64_t g = net::count_parameters(networks.generator).total;
  const std::int64_t d = net::count_parameters(networks.discriminator).total;
  if (g + d > kMostParameters) {
    fail<ConfigError>("the networks have {} parameters, at most {} in the playground: take smaller widths", g + d,
                      kMostParameters);
  }
  const double work = work_of_step(recipe, g, d);
  if (work > kMostWork) {
    fail<ConfigError>(
        "a step would take about {:.0f} times what the playground allows: take a smaller batch or width, fewer updates "
        "of D in a step, or fewer unrolled ones",
        work / kMostWork);
  }
}

}  // namespace ganymede::playground
