#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "run/fault_of.hpp"
#include "run/recipe_file.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::FreshFolder;

const std::filesystem::path kRecipes = std::filesystem::path(GANYMEDE_SOURCE_DIR) / "recipes";

/// Of the files in recipes/, in their order.
std::vector<std::string> names_in_folder() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kRecipes)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  for (std::string& name : names) name.resize(name.size() - 5);
  return names;
}

TEST(RecipeLibrary, HoldsEveryRecipeOfTheFolder) {
  std::vector<std::string> names;
  for (const ShippedRecipe& shipped : shipped_recipes()) {
    names.push_back(shipped.name);
    const Recipe recipe = find_recipe(shipped.name);
    EXPECT_EQ(recipe.name, shipped.name);
    EXPECT_FALSE(recipe.description.empty());
    EXPECT_EQ(shipped.text, read_file(kRecipes / (shipped.name + ".toml")));
  }
  EXPECT_EQ(names, names_in_folder());
}

TEST(RecipeLibrary, StandsInTheReadmesTable) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "README.md");
  const std::size_t from = page.find("| recipe |");
  const std::string table = page.substr(from, page.find("\n\n", from) - from);
  for (const ShippedRecipe& shipped : shipped_recipes()) {
    EXPECT_NE(table.find("`" + shipped.name + "`"), std::string::npos) << shipped.name;
  }
}

TEST(RecipeLibrary, HoldsTheStudiesSettings) {
  const Recipe dcgan = find_recipe("dcgan");
  EXPECT_EQ(dcgan.latent.dim, 100);
  EXPECT_EQ(dcgan.train.batch, 256);
  EXPECT_EQ(dcgan.train.epochs, 50);
  EXPECT_EQ(dcgan.data.source, "mnist");
  EXPECT_EQ(dcgan.game.update, play::UpdateOrder::simultaneous);
  EXPECT_EQ(dcgan.generator.optimizer, Recipe::Optimizer{}) << "Adam 1e-4, epsilon 1e-7: the default";
  EXPECT_EQ(dcgan.discriminator.optimizer, Recipe::Optimizer{});
  EXPECT_EQ(find_recipe("digits-2d").latent.dim, 2);
  EXPECT_EQ(find_recipe("digits-3d").latent.dim, 3);
  EXPECT_EQ(find_recipe("digits-4d").latent.dim, 4);
  const Recipe cgan = find_recipe("digits-cgan-3d");
  EXPECT_EQ(cgan.latent.dim, 3);
  EXPECT_EQ(cgan.generator.condition, "embedding");
  EXPECT_EQ(cgan.discriminator.condition, "embedding");
  const Recipe landscapes = find_recipe("landscapes");
  EXPECT_EQ(landscapes.data.image_size, 64);
  EXPECT_EQ(landscapes.generator.family, "photo");
  EXPECT_EQ(landscapes.generator.optimizer, Recipe::Optimizer{});
  EXPECT_EQ(find_recipe("landscapes-quick").data.source, "builtin-landscapes");
  const Recipe quick = find_recipe("quick");
  EXPECT_EQ(quick.data.source, "builtin-digits");
  EXPECT_EQ(quick.latent.dim, 2);
  EXPECT_GT(quick.train.steps, 0);
}

TEST(RecipeLibrary, FindsFilesByPath) {
  const FreshFolder folder;
  write_plainly(folder / "own.toml", "schema = 1\ntrain.epochs = 2\n");
  const Recipe recipe = find_recipe((folder / "own.toml").string());
  EXPECT_EQ(recipe.name, "own");
  EXPECT_EQ(recipe.train.epochs, 2);
}

TEST(RecipeLibrary, ListsTheNamesForAnUnknownOne) {
  const auto fault = [](const std::string& name) { return fault_of([&] { find_recipe(name); }); };
  const std::string all = fmt::format("{}", fmt::join(names_in_folder(), ", "));
  EXPECT_EQ(fault("dcgn"), "unknown recipe \"dcgn\", did you mean \"dcgan\"? Shipped are " + all +
                               "; a recipe of your own is named by its path");
  EXPECT_EQ(fault("something"),
            "unknown recipe \"something\". Shipped are " + all + "; a recipe of your own is named by its path");
  EXPECT_EQ(fault("no/such.toml"), "no/such.toml: there is no such recipe file; shipped recipes are " + all);
}

TEST(SnapshotCadence, IsEveryEpochToTenEachFifthToAHundredThenEachTenth) {
  EXPECT_TRUE(wants_snapshot({}, 1));
  EXPECT_TRUE(wants_snapshot({}, 10));
  EXPECT_FALSE(wants_snapshot({}, 11));
  EXPECT_TRUE(wants_snapshot({}, 95));
  EXPECT_FALSE(wants_snapshot({}, 99));
  EXPECT_TRUE(wants_snapshot({}, 100));
  EXPECT_FALSE(wants_snapshot({}, 101));
  EXPECT_TRUE(wants_snapshot({}, 110));
  EXPECT_TRUE(wants_snapshot({.every = 5}, 15));
  EXPECT_FALSE(wants_snapshot({.every = 5}, 16));
  EXPECT_TRUE(wants_snapshot({.every = 5, .epochs = {16}}, 16));
}

TEST(FindRecipe, WantsANameThatRunsCanBear) {
  const FreshFolder folder;
  const std::string path = (folder / "r\xff.toml").string();
  write_plainly(path, "schema = 1\ntrain.epochs = 1\n");
  const std::string fault = fault_of([&] { find_recipe(path); });
  EXPECT_NE(fault.find("r?.toml: a recipe's name goes into its runs, so it must be UTF-8"), std::string::npos) << fault;
}

}  // namespace
}  // namespace ganymede::run
