#include <gtest/gtest.h>

#include <chrono>

#include "base/mutate.hpp"
#include "net/families.hpp"
#include "run/fault_of.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

/// The fault of a recipe's text in r.toml.
std::string fault_in(const std::string& text) {
  return fault_of([&] { parse_recipe(text, "r.toml", UselessKeys::refuse); });
}

std::string fault_of_set(const std::string& assignment) {
  Recipe recipe;
  const std::string fault = fault_of([&] { apply_set(recipe, assignment); });
  EXPECT_EQ(recipe, Recipe{}) << "a refused value must change nothing";
  return fault;
}

TEST(RecipeReader, ReadsSectionsAndTakesTheNameFromTheFile) {
  const Recipe recipe = parse_recipe(
      "schema = 1\ndescription = \"one\"\ntrain.epochs = 3\n[latent]\ndim = 2\n[generator.optimizer]\nlearning_rate = "
      "1\nbeta1 = 0.5\n[snapshot]\nepochs = [7, 9]\n",
      "some/where/mine.toml");
  EXPECT_EQ(recipe.name, "mine");
  EXPECT_EQ(recipe.description, "one");
  EXPECT_EQ(recipe.train.epochs, 3);
  EXPECT_EQ(recipe.latent.dim, 2);
  EXPECT_EQ(recipe.generator.optimizer.learning_rate, 1.0) << "an integer is a number";
  EXPECT_EQ(recipe.generator.optimizer.beta1, 0.5);
  EXPECT_EQ(recipe.discriminator.optimizer.beta1, 0.9);
  EXPECT_EQ(recipe.snapshot.epochs, (std::vector<std::int64_t>{7, 9}));
}

TEST(RecipeReader, NamesFileLineAndNearestKey) {
  EXPECT_EQ(fault_in("schema = 1\n[train]\nepochs = 1\nbacth = 3\n"),
            "r.toml:4: unknown key \"train.bacth\", did you mean \"train.batch\"?");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\n[zzz]\nqqqqqq = 3\n"),
            "r.toml:4: unknown key \"zzz.qqqqqq\"; `ganymede options` lists all");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\nbatch = 3\n"),
            "r.toml:3: unknown key \"batch\", did you mean \"train.batch\"?");
}

TEST(RecipeReader, SaysWhatAKeyMustBe) {
  EXPECT_EQ(fault_in("schema = 1\n[train]\nepochs = 1\nbatch = 0\n"),
            "r.toml:4: train.batch must be an integer from 1 to 65536 (got 0)");
  EXPECT_EQ(fault_in("schema = 1\n[train]\nepochs = 1\nbatch = 64.0\n"),
            "r.toml:4: train.batch must be an integer from 1 to 65536 (got 64.0)");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\n[generator]\noptimizer.kind = \"adamm\"\n"),
            "r.toml:4: generator.optimizer.kind must be one of adam, nadam, rmsprop, sgd (got \"adamm\")");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\n[discriminator]\ndropout = 1\n"),
            "r.toml:4: discriminator.dropout must be a number from 0 to below 1 (got 1)");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\n[discriminator]\ndropout = nan\n"),
            "r.toml:4: discriminator.dropout must be a number from 0 to below 1 (got nan)");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\n[train.batch]\nx = 1\n"),
            "r.toml:3: train.batch must be an integer from 1 to 65536 (got a table)");
  EXPECT_EQ(fault_in("schema = 1\ntrain = 5\n"), "r.toml:2: train must be a section [train] (got 5)");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1979-05-27\n"),
            "r.toml:2: train.epochs must be an integer from 0 to 10^15 (got 1979-05-27)");
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = 1\nsnapshot.epochs = [3, \"x\"]\n"),
            "r.toml:3: snapshot.epochs must be a list of integers from 1 to 10^15 (got [3, \"x\"])");
}

TEST(RecipeReader, ReportsAllFaultsAtOnceByLine) {
  EXPECT_EQ(fault_in("schema = 1\n[train]\nepochs = -1\nbatch = 0\n[latent]\nprior = 7\ndimm = 3\n"),
            "r.toml:3: train.epochs must be an integer from 0 to 10^15 (got -1)\n"
            "r.toml:4: train.batch must be an integer from 1 to 65536 (got 0)\n"
            "r.toml:6: latent.prior must be one of normal, uniform (got 7)\n"
            "r.toml:7: unknown key \"latent.dimm\", did you mean \"latent.dim\"?");
}

TEST(RecipeReader, WantsTheSchema) {
  EXPECT_EQ(fault_in("train.epochs = 1\n"), "r.toml:1: schema = 1 is missing: it says which form of recipe this is");
  EXPECT_EQ(fault_in("schema = 2\ntrain.epochs = 1\n"), "r.toml:1: schema must be 1 (got 2)");
}

TEST(RecipeReader, WantsExactlyOneLength) {
  EXPECT_EQ(fault_in("schema = 1\n"),
            "r.toml: exactly one of train.epochs, train.steps and train.images must be above 0 (got none)");
  EXPECT_EQ(fault_in("schema = 1\n[train]\nsteps = 4\nepochs = 3\n"),
            "r.toml:4: exactly one of train.epochs, train.steps and train.images must be above 0 (got train.epochs = "
            "3, train.steps = 4)");
}

TEST(RecipeReader, ChecksWhatNoSingleKeySees) {
  const std::string head = "schema = 1\ntrain.epochs = 1\n";
  EXPECT_EQ(fault_in(head + "discriminator.condition = \"embedding\"\n"),
            "r.toml: discriminator.condition = \"embedding\" needs a generator that knows the class: set "
            "generator.condition");
  EXPECT_EQ(fault_in(head + "generator.condition = \"concat\"\n"),
            "r.toml: generator.condition = \"concat\" needs a discriminator that sees the class: set "
            "discriminator.condition or discriminator.auxiliary");
  EXPECT_EQ(fault_in(head + "generator.condition = \"concat\"\ndiscriminator.auxiliary = true\n"), "");
  EXPECT_EQ(fault_in(head + "game.d_steps = 2\n"),
            "r.toml:3: game.d_steps = 2 needs game.update = \"alternating\" (got \"simultaneous\")");
  EXPECT_EQ(fault_in(head + "game.unroll = 5\ngame.penalty = \"r2\"\n"),
            "r.toml:3: game.unroll = 5 goes through no penalty: wanted game.penalty = \"none\" (got \"r2\")");
  EXPECT_EQ(fault_in(head + "game.unroll = 5\ndiscriminator.optimizer.clip_norm = 2.0\n"),
            "r.toml:3: game.unroll = 5 goes through no clipped gradients: wanted discriminator.optimizer.clip_norm = 0 "
            "(got 2)");
  EXPECT_EQ(fault_in(head + "generator.rrelu_lower = 0.5\ngenerator.activation = \"rrelu\"\n"),
            "r.toml:3: generator.rrelu_lower must not be above generator.rrelu_upper (got 0.5 and 0.3333333333333333)");
  EXPECT_EQ(fault_in(head + "generator.family = \"layers\"\n"),
            "r.toml:3: generator.family = \"layers\" needs [[generator.layer]] tables");
}

TEST(RecipeReader, RefusesShardsThatCannotBe) {
  const std::string head = "schema = 1\n[train]\nepochs = 1\n";
  EXPECT_EQ(fault_in(head + "shards = 3\nbatch = 99\n"),
            "r.toml:4: train.shards = 3 is no power of two: gradients are added in pairs, wanted 1, 2, 4, 8 ...");
  EXPECT_EQ(fault_in(head + "shards = 4\nbatch = 30\n"),
            "r.toml:4: train.shards = 4 cuts no batch of 30 in equal parts: wanted a train.batch that it divides");
  EXPECT_EQ(
      fault_in(head + "shards = 2\n[game]\nunroll = 5\n"),
      "r.toml:4: train.shards = 2 cuts no batch of an unrolled game, whose updates within a step see the whole one: "
      "wanted game.unroll = 0 (got 5)");
  EXPECT_EQ(fault_in(head + "shards = 8\nbatch = 32\nshard_statistics = \"batch\"\n"), "");
}

TEST(RecipeReader, NamesTheLineOfASyntaxError) {
  EXPECT_EQ(fault_in("schema = 1\ntrain.epochs = \n").substr(0, 9), "r.toml:2:");
  EXPECT_EQ(fault_in("schema = 1\nschema = 1\n").substr(0, 9), "r.toml:2:");
}

TEST(RecipeReader, BearsDeepNesting) {
  EXPECT_NE(fault_in("schema = 1\nx = " + std::string(100'000, '[')), "");
  std::string dots = "a";
  for (int i = 0; i < 100'000; ++i) dots += ".a";
  EXPECT_EQ(fault_in("schema = 1\n" + dots + " = 1\n"), "r.toml:2: more than 100 dots in one line");
  // The deepest tree that the limits let through.
  std::string deepest = "schema = 1\n[" + dots.substr(0, 201) + "]\n";
  for (int i = 0; i < 15; ++i) deepest += dots.substr(0, 201) + " = [{";
  EXPECT_NE(fault_in(deepest), "");
  for (int i = 0; i < 15; ++i) deepest += i == 0 ? "b = 1\n}]" : "}]";
  EXPECT_NE(fault_in(deepest), "");
}

TEST(RecipeReader, SurvivesMutations) {
  RandomSequence random(Random(7, "recipe"), 0);
  const std::string layers = to_toml([&] {
    Recipe recipe = find_recipe("quick");
    recipe.generator.family = "layers";
    recipe.generator.layers = net::digits_generator({.latent_dim = 2});
    return recipe;
  }());
  const auto start = std::chrono::steady_clock::now();
  int good = 0;
  for (int i = 0; i < 1000 && std::chrono::steady_clock::now() - start < std::chrono::seconds(2); ++i) {
    const std::string& text = i % 2 == 0 ? layers : shipped_recipes()[random.below(6)].text;
    try {
      const Recipe recipe = parse_recipe(ganymede::testing::mutate(text, random), "mutant");
      ASSERT_EQ(parse_recipe(to_toml(recipe), "again"), recipe);
      ++good;
    } catch (const ConfigError&) {
    }
  }
  EXPECT_GT(good, 0) << "mutants in comments read as before";
}

TEST(RecipeSet, TakesTomlValuesAndBareTexts) {
  Recipe recipe;
  apply_set(recipe, "train.batch=64");
  apply_set(recipe, " generator.optimizer.learning_rate = 5e-4 ");
  apply_set(recipe, "data.source=/some/where/data.npz");
  apply_set(recipe, "game.loss='hinge'");
  apply_set(recipe, "snapshot.epochs=[1, 2]");
  apply_set(recipe, "discriminator.auxiliary=true");
  EXPECT_EQ(recipe.train.batch, 64);
  EXPECT_EQ(recipe.generator.optimizer.learning_rate, 5e-4);
  EXPECT_EQ(recipe.data.source, "/some/where/data.npz");
  EXPECT_EQ(recipe.game.loss, play::Loss::hinge);
  EXPECT_EQ(recipe.snapshot.epochs, (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(recipe.discriminator.auxiliary);
}

TEST(RecipeSet, ClearsTheOtherLengths) {
  Recipe recipe;
  recipe.train.epochs = 50;
  apply_set(recipe, "train.steps=10");
  EXPECT_EQ(recipe.train.steps, 10);
  EXPECT_EQ(recipe.train.epochs, 0);
}

TEST(RecipeSet, RefusesWithAReason) {
  EXPECT_EQ(fault_of_set("train.batch"), "--set train.batch: wanted key=value, such as train.batch=64");
  EXPECT_EQ(fault_of_set("train.bach=3"), "--set: unknown key \"train.bach\", did you mean \"train.batch\"?");
  EXPECT_EQ(fault_of_set("train.batch=x"), "--set: train.batch must be an integer from 1 to 65536 (got x)");
  EXPECT_EQ(fault_of_set("train.batch="), "--set: train.batch must be an integer from 1 to 65536 (got )");
  EXPECT_EQ(fault_of_set("train.batch=3\nx=2"), "--set: train.batch must be an integer from 1 to 65536 (got 3\nx=2)");
  EXPECT_EQ(fault_of_set("train.steps=-1"), "--set: train.steps must be an integer from 0 to 10^15 (got -1)");
  EXPECT_EQ(fault_of_set("train.seed=9223372036854775808"),
            "--set: train.seed must be an integer from 0 to below 2^63 (got 9223372036854775808)");
  EXPECT_NE(fault_of_set("data.source=\xff\xfe"), "") << "not UTF-8";
}

}  // namespace
}  // namespace ganymede::run
