#include <gtest/gtest.h>

#include "run/options.hpp"
#include "run/random_recipe.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

TEST(RecipeWriter, WritesWhatReadsBackEqual) {
  RandomSequence random(Random(3, "recipe"), 0);
  RandomRecipe source(random);
  for (int i = 0; i < 300; ++i) {
    const Recipe recipe = source.draw();
    const std::string text = to_toml(recipe);
    ASSERT_EQ(parse_recipe(text, "x"), recipe) << text;
    ASSERT_TRUE(difference(recipe, parse_recipe(text, "x")).empty());
  }
}

TEST(RecipeWriter, WritesEveryKeyWithItsHelp) {
  Recipe recipe;
  recipe.train.epochs = 50;
  const std::string text = to_toml(recipe);
  EXPECT_EQ(text.substr(0, 11), "schema = 1\n");
  EXPECT_NE(text.find("\n[generator.optimizer]\nkind = \"adam\"                             # Rule"),
            std::string::npos);
  for (const Option& option : options()) EXPECT_NE(text.find("# " + option.help), std::string::npos) << option.key;
}

TEST(RecipeDifference, ListsKeysWithBothValues) {
  Recipe before;
  before.train.epochs = 5;
  Recipe after = before;
  EXPECT_TRUE(difference(before, after).empty());
  after.train.batch = 64;
  after.game.loss = play::Loss::hinge;
  after.generator.layers = net::Network{.name = "x"};
  EXPECT_EQ(
      to_string(difference(before, after)),
      "  game.loss: \"non_saturating\" -> \"hinge\"\n  train.batch: 256 -> 64\n  generator.layer: the layers differ\n");
}

}  // namespace
}  // namespace ganymede::run
