#include "run/recipe_file.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/mutate.hpp"
#include "run/options.hpp"
#include "run/random_recipe.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::FreshFolder;

std::string fault_of(const std::string& text) {
  try {
    parse_recipe(text, "r.toml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string fault_of_set(const std::string& assignment) {
  Recipe recipe;
  try {
    apply_set(recipe, assignment);
  } catch (const ConfigError& error) {
    EXPECT_EQ(recipe, Recipe{}) << "a refused value must change nothing";
    return error.what();
  }
  return "";
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
  EXPECT_EQ(fault_of("schema = 1\n[train]\nepochs = 1\nbacth = 3\n"),
            "r.toml:4: unknown key \"train.bacth\", did you mean \"train.batch\"?");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\n[zzz]\nqqqqqq = 3\n"),
            "r.toml:4: unknown key \"zzz.qqqqqq\"; `ganymede options` lists all");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\nbatch = 3\n"),
            "r.toml:3: unknown key \"batch\", did you mean \"train.batch\"?");
}

TEST(RecipeReader, SaysWhatAKeyMustBe) {
  EXPECT_EQ(fault_of("schema = 1\n[train]\nepochs = 1\nbatch = 0\n"),
            "r.toml:4: train.batch must be an integer from 1 to 65536 (got 0)");
  EXPECT_EQ(fault_of("schema = 1\n[train]\nepochs = 1\nbatch = 64.0\n"),
            "r.toml:4: train.batch must be an integer from 1 to 65536 (got 64.0)");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\n[generator]\noptimizer.kind = \"adamm\"\n"),
            "r.toml:4: generator.optimizer.kind must be one of adam, nadam, rmsprop, sgd (got \"adamm\")");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\n[discriminator]\ndropout = 1\n"),
            "r.toml:4: discriminator.dropout must be a number from 0 to below 1 (got 1)");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\n[discriminator]\ndropout = nan\n"),
            "r.toml:4: discriminator.dropout must be a number from 0 to below 1 (got nan)");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\n[train.batch]\nx = 1\n"),
            "r.toml:3: train.batch must be an integer from 1 to 65536 (got a table)");
  EXPECT_EQ(fault_of("schema = 1\ntrain = 5\n"), "r.toml:2: train must be a section [train] (got 5)");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1979-05-27\n"),
            "r.toml:2: train.epochs must be an integer from 0 to 10^15 (got 1979-05-27)");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\nsnapshot.epochs = [3, \"x\"]\n"),
            "r.toml:3: snapshot.epochs must be a list of integers from 1 to 10^15 (got [3, \"x\"])");
}

TEST(RecipeReader, ReportsAllFaultsAtOnceByLine) {
  EXPECT_EQ(fault_of("schema = 1\n[train]\nepochs = -1\nbatch = 0\n[latent]\nprior = 7\ndimm = 3\n"),
            "r.toml:3: train.epochs must be an integer from 0 to 10^15 (got -1)\n"
            "r.toml:4: train.batch must be an integer from 1 to 65536 (got 0)\n"
            "r.toml:6: latent.prior must be one of normal, uniform (got 7)\n"
            "r.toml:7: unknown key \"latent.dimm\", did you mean \"latent.dim\"?");
}

TEST(RecipeReader, WantsTheSchema) {
  EXPECT_EQ(fault_of("train.epochs = 1\n"), "r.toml:1: schema = 1 is missing: it says which form of recipe this is");
  EXPECT_EQ(fault_of("schema = 2\ntrain.epochs = 1\n"), "r.toml:1: schema must be 1 (got 2)");
}

TEST(RecipeReader, WantsExactlyOneLength) {
  EXPECT_EQ(fault_of("schema = 1\n"),
            "r.toml: exactly one of train.epochs, train.steps and train.images must be above 0 (got none)");
  EXPECT_EQ(fault_of("schema = 1\n[train]\nsteps = 4\nepochs = 3\n"),
            "r.toml:4: exactly one of train.epochs, train.steps and train.images must be above 0 (got train.epochs = "
            "3, train.steps = 4)");
}

TEST(RecipeReader, ChecksWhatNoSingleKeySees) {
  const std::string head = "schema = 1\ntrain.epochs = 1\n";
  EXPECT_EQ(fault_of(head + "discriminator.condition = \"embedding\"\n"),
            "r.toml: discriminator.condition = \"embedding\" needs a generator that knows the class: set "
            "generator.condition");
  EXPECT_EQ(fault_of(head + "generator.condition = \"concat\"\n"),
            "r.toml: generator.condition = \"concat\" needs a discriminator that sees the class: set "
            "discriminator.condition or discriminator.auxiliary");
  EXPECT_EQ(fault_of(head + "generator.condition = \"concat\"\ndiscriminator.auxiliary = true\n"), "");
  EXPECT_EQ(fault_of(head + "game.d_steps = 2\n"),
            "r.toml:3: game.d_steps = 2 needs game.update = \"alternating\" (got \"simultaneous\")");
  EXPECT_EQ(fault_of(head + "generator.rrelu_lower = 0.5\n"),
            "r.toml:3: generator.rrelu_lower must not be above generator.rrelu_upper (got 0.5 and 0.3333333333333333)");
  EXPECT_EQ(fault_of(head + "generator.family = \"layers\"\n"),
            "r.toml:3: generator.family = \"layers\" needs [[generator.layer]] tables");
}

TEST(RecipeReader, NamesTheLineOfASyntaxError) {
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = \n").substr(0, 9), "r.toml:2:");
  EXPECT_EQ(fault_of("schema = 1\nschema = 1\n").substr(0, 9), "r.toml:2:");
}

TEST(RecipeReader, BearsDeepNesting) {
  EXPECT_NE(fault_of("schema = 1\nx = " + std::string(100'000, '[')), "");
  std::string dots = "a";
  for (int i = 0; i < 100'000; ++i) dots += ".a";
  EXPECT_EQ(fault_of("schema = 1\n" + dots + " = 1\n"), "r.toml:2: more than 100 dots in one line");
  // The deepest tree that the limits let through.
  std::string deepest = "schema = 1\n[" + dots.substr(0, 201) + "]\n";
  for (int i = 0; i < 15; ++i) deepest += dots.substr(0, 201) + " = [{";
  EXPECT_NE(fault_of(deepest), "");
  for (int i = 0; i < 15; ++i) deepest += i == 0 ? "b = 1\n}]" : "}]";
  EXPECT_NE(fault_of(deepest), "");
}

TEST(RecipeReader, SurvivesMutations) {
  RandomSequence random(Random(7, "recipe"), 0);
  const std::string layers = to_toml([&] {
    Recipe recipe = find_recipe("quick");
    recipe.generator.family = "layers";
    recipe.generator.layers_json = net::to_json(net::digits_generator({.latent_dim = 2}));
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

TEST(RecipeLayers, AreReadNodeByNode) {
  const Recipe recipe = parse_recipe(R"(schema = 1
train.epochs = 1
latent.dim = 2
[[generator.layer]]
name = "z"
kind = "input"
role = "latent"
shape = [2]
[[generator.layer]]
name = "dense"
kind = "dense"
out = 16
[[generator.layer]]
name = "act"
kind = "activation"
function = "relu"
max_value = 6
[[generator.layer]]
name = "image"
kind = "reshape"
inputs = ["act"]
shape = [1, 4, 4]
)",
                                     "r.toml");
  EXPECT_EQ(recipe.generator.family, "layers");
  const net::Network network = net::from_json(recipe.generator.layers_json);
  EXPECT_EQ(network.name, "generator");
  EXPECT_EQ(network.outputs, std::vector<std::string>{"image"});
  EXPECT_EQ(network.node("dense").inputs, std::vector<std::string>{"z"}) << "the layer before";
  EXPECT_EQ(std::get<net::Activation>(network.node("act").layer).max_value, 6);
  EXPECT_EQ(parse_recipe(to_toml(recipe), "again"), recipe);
}

TEST(RecipeLayers, MarkTheirHeads) {
  Recipe recipe;
  recipe.name = "r";
  recipe.train.epochs = 1;
  recipe.discriminator.family = "layers";
  recipe.discriminator.layers_json = net::to_json(net::digits_discriminator({.classes = 10, .auxiliary = true}));
  EXPECT_EQ(net::from_json(recipe.discriminator.layers_json).outputs.size(), 2u);
  EXPECT_NE(to_toml(recipe).find("output = true\n"), std::string::npos);
  EXPECT_EQ(parse_recipe(to_toml(recipe), "r.toml"), recipe);
}

TEST(RecipeLayers, NameTheFaultsLine) {
  const std::string head = "schema = 1\ntrain.epochs = 1\n[[generator.layer]]\n";
  const std::string input = "name = \"z\"\nkind = \"input\"\nshape = [2]\n[[generator.layer]]\n";
  EXPECT_EQ(fault_of(head + "name = \"z\"\nkind = \"densse\"\n"),
            "r.toml:3: generator.layer \"z\": there is no layer kind 'densse'");
  EXPECT_EQ(fault_of(head + input + "name = \"d\"\nkind = \"dense\"\nouts = 3\n").substr(0, 50),
            "r.toml:7: generator.layer \"d\": unknown key 'outs';");
  EXPECT_EQ(fault_of(head + input + "name = \"a\"\nkind = \"activation\"\nalpha = nan\n"),
            "r.toml:7: generator.layer \"a\": 'alpha' must be a number (got \"nan\")");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\ngenerator.layer = 3\n"),
            "r.toml:3: generator.layer must be written as [[generator.layer]] tables");
  EXPECT_EQ(fault_of(head + input + "name = \"d\"\nkind = \"dense\"\ninputs = [\"y\"]\n").substr(0, 10), "r.toml:3: ");
  EXPECT_EQ(fault_of("schema = 1\ntrain.epochs = 1\ngenerator.family = \"digits\"\n[[generator.layer]]\n" + input +
                     "name = \"d\"\nkind = \"dense\"\n"),
            "r.toml:4: [[generator.layer]] needs generator.family = \"layers\" (got \"digits\")");
}

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
  EXPECT_EQ(recipe.game.loss, "hinge");
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
  EXPECT_EQ(fault_of_set("train.batch=x"), "--set train.batch: cannot read the value x");
  EXPECT_EQ(fault_of_set("train.batch="), "--set train.batch: cannot read the value ");
  EXPECT_EQ(fault_of_set("train.batch=3\nx=2"), "--set train.batch: cannot read the value 3\nx=2");
  EXPECT_EQ(fault_of_set("train.steps=-1"), "--set: train.steps must be an integer from 0 to 10^15 (got -1)");
  EXPECT_EQ(fault_of_set("train.seed=9223372036854775808"),
            "--set train.seed: cannot read the value 9223372036854775808");
  EXPECT_NE(fault_of_set("data.source=\xff\xfe"), "") << "not UTF-8";
}

TEST(RecipeDifference, ListsKeysWithBothValues) {
  Recipe before;
  before.train.epochs = 5;
  Recipe after = before;
  EXPECT_TRUE(difference(before, after).empty());
  after.train.batch = 64;
  after.game.loss = "hinge";
  after.generator.layers_json = "x";
  EXPECT_EQ(
      to_string(difference(before, after)),
      "  game.loss: \"non_saturating\" -> \"hinge\"\n  train.batch: 256 -> 64\n  generator.layer: the layers differ\n");
}

TEST(RecipeLibrary, HoldsTheStudiesRecipes) {
  std::vector<std::string> names;
  for (const ShippedRecipe& shipped : shipped_recipes()) {
    names.push_back(shipped.name);
    const Recipe recipe = find_recipe(shipped.name);
    EXPECT_EQ(recipe.name, shipped.name);
    EXPECT_FALSE(recipe.description.empty());
    EXPECT_EQ(shipped.text,
              read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "recipes" / (shipped.name + ".toml")));
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"dcgan", "digits-2d", "digits-3d", "digits-4d", "digits-cgan-3d", "quick"}));
}

TEST(RecipeLibrary, HoldsTheStudiesSettings) {
  const Recipe dcgan = find_recipe("dcgan");
  EXPECT_EQ(dcgan.latent.dim, 100);
  EXPECT_EQ(dcgan.train.batch, 256);
  EXPECT_EQ(dcgan.train.epochs, 50);
  EXPECT_EQ(dcgan.data.source, "mnist");
  EXPECT_EQ(dcgan.game.update, "simultaneous");
  EXPECT_EQ(dcgan.generator.optimizer, Recipe::Optimizer{}) << "Adam 1e-4, epsilon 1e-7: the default";
  EXPECT_EQ(dcgan.discriminator.optimizer, Recipe::Optimizer{});
  EXPECT_EQ(find_recipe("digits-2d").latent.dim, 2);
  EXPECT_EQ(find_recipe("digits-3d").latent.dim, 3);
  EXPECT_EQ(find_recipe("digits-4d").latent.dim, 4);
  const Recipe cgan = find_recipe("digits-cgan-3d");
  EXPECT_EQ(cgan.latent.dim, 3);
  EXPECT_EQ(cgan.generator.condition, "embedding");
  EXPECT_EQ(cgan.discriminator.condition, "embedding");
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
  const auto fault = [](const std::string& name) -> std::string {
    try {
      find_recipe(name);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  const std::string all = "dcgan, digits-2d, digits-3d, digits-4d, digits-cgan-3d, quick";
  EXPECT_EQ(fault("dcgn"), "unknown recipe \"dcgn\", did you mean \"dcgan\"? Shipped are " + all +
                               "; a recipe of your own is named by its path");
  EXPECT_EQ(fault("something"),
            "unknown recipe \"something\". Shipped are " + all + "; a recipe of your own is named by its path");
  EXPECT_EQ(fault("no/such.toml"), "no/such.toml: there is no such recipe file; shipped recipes are " + all);
}

TEST(SnapshotCadence, IsEveryEpochToAHundredThenEachTenth) {
  EXPECT_TRUE(wants_snapshot({}, 1));
  EXPECT_TRUE(wants_snapshot({}, 99));
  EXPECT_TRUE(wants_snapshot({}, 100));
  EXPECT_FALSE(wants_snapshot({}, 101));
  EXPECT_TRUE(wants_snapshot({}, 110));
  EXPECT_TRUE(wants_snapshot({.every = 5}, 15));
  EXPECT_FALSE(wants_snapshot({.every = 5}, 16));
  EXPECT_TRUE(wants_snapshot({.every = 5, .epochs = {16}}, 16));
}

}  // namespace
}  // namespace ganymede::run
