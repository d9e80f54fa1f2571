#include "playground/live_game.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "base/fresh_folder.hpp"
#include "engine/executor.hpp"
#include "playground/bounds.hpp"
#include "playground/drawn.hpp"
#include "playground/export.hpp"
#include "playground/presets.hpp"
#include "run/checkpoint.hpp"
#include "run/recipe_file.hpp"
#include "train/session.hpp"

namespace ganymede::playground {
namespace {

const play::Backend& backend() {
  return engine::cpu_backend();
}

run::Recipe recipe_of(const std::string& name, const std::vector<std::string>& sets = {}) {
  run::Recipe recipe = run::find_recipe(name);
  run::apply_sets(recipe, sets);
  return recipe;
}

/// Small ones, of 10 batches an epoch.
run::Recipe small(const std::string& name, std::vector<std::string> sets = {}) {
  sets.insert(sets.end(), {"data.builtin_count=600", "train.batch=64"});
  return recipe_of(name, sets);
}

void expect_same(const NamedTensors& a, const NamedTensors& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, tensor] : a) {
    ASSERT_TRUE(b.contains(name)) << name;
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), b.at(name).bytes())) << name;
  }
}

/// What `ganymede train` of such a recipe ends with.
NamedTensors trained(const std::string& text, const std::string& folder_name, int steps,
                     const ganymede::testing::FreshFolder& folder) {
  run::Recipe recipe = run::parse_recipe(text, folder_name + ".toml", run::UselessKeys::refuse);
  recipe.train.epochs = recipe.train.images = 0;
  recipe.train.steps = steps;
  if (recipe.data.source == kDrawnFile) recipe.data.source = (folder.path() / kDrawnFile).string();
  const train::SessionOptions options{
      .backend = &backend(), .places = {}, .threads = 2, .progress = ProgressStyle::quiet, .version = {}, .commit = {}};
  train::Setup setup = train::prepare(recipe, options);
  run::RunDirectory directory = run::RunDirectory::create(folder.path(), folder_name, recipe, {});
  train::train(setup, directory, {}, options);
  return setup.executor->state();
}

TEST(LiveGame, PlayedByStepsIsTrainingOfItsRecipeBitForBit) {
  const ganymede::testing::FreshFolder folder;
  const std::vector<run::Recipe> recipes = {
      small("ring"),
      small("ring-unrolled", {"game.unroll=3", "game.unroll_batches=fresh"}),
      small("fail-vanishing", {"game.d_steps=3"}),
      small("fail-oscillation", {"game.penalty=r1"}),
      small("normal-1d", {"game.update=converge", "game.converge_max_steps=25"}),
  };
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    SCOPED_TRACE(i);
    LiveGame game(backend(), recipes[i]);
    for (int step = 0; step < 23; ++step) game.move(Move::step);
    EXPECT_EQ(game.course().position().step, 23);
    expect_same(game.executor().state(),
                trained(recipe_file(game, recipes[i].name), "run" + std::to_string(i), 23, folder));
  }
}

TEST(LiveGame, OfDrawnPointsIsTrainingOfItsRecipeAndTheFileBesideIt) {
  const ganymede::testing::FreshFolder folder;
  std::vector<float> points;
  for (int i = 0; i < 150; ++i)
    points.insert(points.end(), {0.1F * static_cast<float>(i % 13), 1.0F / static_cast<float>(i + 1)});
  LiveGame game(backend(), small("ring"), drawn_points(points, 2));
  for (int step = 0; step < 11; ++step) game.move(Move::step);
  std::ofstream(folder.path() / kDrawnFile) << csv_of(game.setup().dataset);
  expect_same(game.executor().state(), trained(recipe_file(game, "ring"), "drawn", 11, folder));
}

TEST(LiveGame, TheSameActionsGiveTheSameBits) {
  const auto play = [] {
    LiveGame game(backend(), small("ring"));
    game.move(Move::discriminator);
    game.move(Move::step);
    game.move(Move::generator);
    game.turn({"game.unroll=2"});
    game.move(Move::step);
    game.move(Move::generator);
    game.turn({"train.batch=50", "generator.optimizer.learning_rate=0.01"});
    for (int i = 0; i < 15; ++i) game.move(Move::step);
    return game.executor().state();
  };
  expect_same(play(), play());
}

TEST(LiveGame, OnePlayerAloneMovesNothingOfTheOther) {
  for (const char* unroll : {"game.unroll=0", "game.unroll=3"}) {
    LiveGame game(backend(), small("ring", {unroll}));
    game.move(Move::step);
    for (const Move who : {Move::generator, Move::discriminator}) {
      const NamedTensors before = game.executor().state();
      game.move(who);
      const NamedTensors after = game.executor().state();
      const std::string own = who == Move::generator ? "generator." : "discriminator.";
      int moved = 0;
      for (const auto& [name, tensor] : before) {
        const bool same = std::ranges::equal(tensor.bytes(), after.at(name).bytes());
        EXPECT_TRUE(same || name.find(own) != std::string::npos) << name;
        moved += same ? 0 : 1;
      }
      EXPECT_GT(moved, 0) << own;
    }
    EXPECT_EQ(game.course().position().step, 2);
  }
}

// Its noise goes by ticks, and this is the first of both.
TEST(LiveGame, AnUnrolledGAloneMovesAsInAStepOfBoth) {
  LiveGame alone(backend(), small("ring", {"game.unroll=3"})), both(backend(), small("ring", {"game.unroll=3"}));
  alone.move(Move::generator);
  both.move(Move::step);
  const NamedTensors a = alone.executor().state(), b = both.executor().state();
  for (const auto& [name, tensor] : a) {
    if (!name.starts_with("generator.")) continue;
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), b.at(name).bytes())) << name;
  }
}

TEST(LiveGame, ARateIsTurnedWithoutForgetting) {
  LiveGame game(backend(), small("ring"));
  for (int i = 0; i < 3; ++i) game.move(Move::step);
  const NamedTensors before = game.executor().state();
  EXPECT_FALSE(game.turn({"generator.optimizer.learning_rate=0.02"}));
  expect_same(before, game.executor().state());
  EXPECT_EQ(game.course().position().batch, 3) << "the batches go on";
  EXPECT_EQ(game.turned().size(), 1U);
  EXPECT_EQ(game.turned()[0].key, "generator.optimizer.learning_rate");
  game.move(Move::step);
  EXPECT_EQ(game.course().last().result.generator_rate, 0.02);
}

TEST(LiveGame, AnotherRuleOfUpdatesBeginsWithItsOwnMoments) {
  LiveGame game(backend(), small("ring"));
  game.move(Move::step);
  const NamedTensors before = game.executor().state();
  EXPECT_FALSE(game.turn({"generator.optimizer.kind=sgd", "game.ema_decay=0.9"}));
  const NamedTensors after = game.executor().state();
  for (const auto& [name, tensor] : before) {
    if (name.starts_with("generator.") || name.starts_with("discriminator.")) {
      EXPECT_TRUE(std::ranges::equal(tensor.bytes(), after.at(name).bytes())) << name;
      if (!name.starts_with("generator.")) continue;
      EXPECT_TRUE(std::ranges::equal(tensor.bytes(), after.at("ema." + name).bytes())) << name;
    }
  }
  game.move(Move::step);
}

TEST(LiveGame, WhatAsksForNewNetworksBeginsAnew) {
  LiveGame game(backend(), small("ring"));
  const NamedTensors first = game.executor().state();
  game.move(Move::step);
  EXPECT_TRUE(game.turn({"generator.widths=[16]"}));
  EXPECT_EQ(game.course().position().step, 0);
  EXPECT_TRUE(game.turn({"latent.dim=2"}));
  EXPECT_TRUE(game.turn({"train.seed=5"}));
  EXPECT_TRUE(game.turn({"data.modes=5"}));
  EXPECT_FALSE(game.turn({"data.modes=5"})) << "nothing changed";
  EXPECT_TRUE(game.turn({"generator.widths=[128, 128]", "latent.dim=256", "train.seed=1", "data.modes=8"}));
  expect_same(first, game.executor().state());
}

TEST(LiveGame, AFaultyTurnChangesNothing) {
  LiveGame game(backend(), small("ring"));
  game.move(Move::step);
  const NamedTensors before = game.executor().state();
  const run::Recipe recipe = game.recipe();
  for (const std::vector<std::string>& sets :
       std::vector<std::vector<std::string>>{{"game.loss=nonsense"},
                                             {"train.batch=100000"},
                                             {"game.unroll=100", "discriminator.widths=[512, 512]"},
                                             {"data.source=/etc/passwd"},
                                             {"train.from=/tmp"},
                                             {"game.pack=2"},
                                             {"generator.widths=[4096]"},
                                             {"game.unroll=3", "game.penalty=r1"}}) {
    EXPECT_THROW(game.turn(sets), ConfigError) << sets.front();
    EXPECT_EQ(game.recipe(), recipe) << sets.front();
  }
  expect_same(before, game.executor().state());
}

TEST(LiveGame, StopsWhereItDivergesUntilAKnobIsTurned) {
  LiveGame game(backend(),
                small("ring", {"game.loss=wasserstein", "generator.optimizer.kind=sgd",
                               "discriminator.optimizer.kind=sgd", "generator.optimizer.learning_rate=1e30"}));
  for (int i = 0; i < 6; ++i) game.move(Move::step);
  EXPECT_NE(game.fault(), "");
  const auto step = game.course().position().step;
  game.move(Move::step);
  EXPECT_EQ(game.course().position().step, step);
  game.turn({"generator.optimizer.learning_rate=1e-3"});
  EXPECT_EQ(game.fault(), "");
}

TEST(Bounds, RefuseBeforeAnythingIsBuilt) {
  for (const char* name : {"quick", "ink", "dcgan", "stacked-mnist"})
    EXPECT_THROW(LiveGame(backend(), run::find_recipe(name)), ConfigError) << name;
  EXPECT_THROW(LiveGame(backend(), recipe_of("ring", {"data.builtin_count=5000000"})), ConfigError);
  EXPECT_THROW(LiveGame(backend(), recipe_of("ring", {"latent.dim=5000"})), ConfigError);
}

TEST(Bounds, AStepsWorkCountsUpdatesAndLookingAhead) {
  run::Recipe recipe = recipe_of("ring", {"train.batch=10"});
  // One update of D on both sides (2 * 6 * 7 weights each sample), G forward with it (1/3 of 6), then G and D again.
  EXPECT_DOUBLE_EQ(work_of_step(recipe, 3, 7), 6.0 * 10 * (14 + 1 + 3 + 14));
  recipe.game.unroll = 2;
  EXPECT_DOUBLE_EQ(work_of_step(recipe, 3, 7), 6.0 * 10 * (14 + 1 + 3 + 14 + 6 * 14));
}

TEST(DrawnPoints, AreCheckedAndReadBackToTheBit) {
  std::vector<float> points(40, 0.1F);
  EXPECT_THROW(drawn_points(points, 2), DataError) << "all are one";
  points[7] = 1.0F / 3;
  EXPECT_EQ(drawn_points(points, 2).size(), 20);
  EXPECT_THROW(drawn_points(points, 3), DataError);
  EXPECT_THROW(drawn_points(std::span(points).first(39), 2), DataError);
  EXPECT_THROW(drawn_points(std::span(points).first(30), 2), DataError) << "15 of them";
  points[9] = INFINITY;
  EXPECT_THROW(drawn_points(points, 2), DataError);
  points[9] = 1001;
  EXPECT_THROW(drawn_points(points, 2), DataError);
}

TEST(Presets, AreRecipesOfPointsThatCanBePlayedAndCured) {
  for (const Preset& preset : presets()) {
    SCOPED_TRACE(preset.name);
    run::Recipe recipe = run::find_recipe(preset.name);
    recipe.data.builtin_count = 512;
    LiveGame game(backend(), recipe);
    game.move(Move::step);
    std::vector<std::string> sets;
    for (const Turn& turn : preset.turns) sets.push_back(turn.key + "=" + turn.value);
    const bool anew = game.turn(sets);
    EXPECT_TRUE(!anew || preset.cure_anew);
    game.move(Move::step);
    EXPECT_EQ(game.fault(), "");
  }
}

TEST(Export, CommandNamesWhatDiffers) {
  LiveGame game(backend(), recipe_of("ring"));
  EXPECT_EQ(command_of(game, "ring"), "ganymede train ring");
  game.turn({"game.unroll=5", "generator.widths=[64, 32]", "game.loss=hinge"});
  run::Recipe again = recipe_of("ring", {"game.unroll=5", "generator.widths=[64, 32]", "game.loss=hinge"});
  EXPECT_EQ(game.recipe(), again);
  EXPECT_EQ(command_of(game, "ring"),
            "ganymede train ring --set 'generator.widths=[64, 32]' --set game.loss=hinge --set game.unroll=5");
}

}  // namespace
}  // namespace ganymede::playground
