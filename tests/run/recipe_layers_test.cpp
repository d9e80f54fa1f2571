#include <gtest/gtest.h>

#include "net/families.hpp"
#include "run/fault_of.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

/// The fault of a recipe's text in r.toml.
std::string fault_of_layers(const std::string& text) {
  return fault_of([&] { parse_recipe(text, "r.toml"); });
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
  ASSERT_TRUE(recipe.generator.layers);
  const net::Network& network = *recipe.generator.layers;
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
  recipe.discriminator.layers = net::digits_discriminator({.classes = 10, .auxiliary = true});
  EXPECT_EQ(recipe.discriminator.layers->outputs.size(), 2u);
  EXPECT_NE(to_toml(recipe).find("output = true\n"), std::string::npos);
  EXPECT_EQ(parse_recipe(to_toml(recipe), "r.toml"), recipe);
}

TEST(RecipeLayers, NameTheFaultsLine) {
  const std::string head = "schema = 1\ntrain.epochs = 1\n[[generator.layer]]\n";
  const std::string input = "name = \"z\"\nkind = \"input\"\nshape = [2]\n[[generator.layer]]\n";
  EXPECT_EQ(fault_of_layers(head + "name = \"z\"\nkind = \"densse\"\n"),
            "r.toml:3: generator.layer \"z\": there is no layer kind 'densse'");
  EXPECT_EQ(fault_of_layers(head + input + "name = \"d\"\nkind = \"dense\"\nouts = 3\n").substr(0, 50),
            "r.toml:7: generator.layer \"d\": unknown key 'outs';");
  EXPECT_EQ(fault_of_layers(head + input + "name = \"a\"\nkind = \"activation\"\nfunction = \"elu\"\nalpha = nan\n"),
            "r.toml:7: generator.layer \"a\": 'alpha' must be a number (got \"nan\")");
  EXPECT_EQ(fault_of_layers("schema = 1\ntrain.epochs = 1\ngenerator.layer = 3\n"),
            "r.toml:3: generator.layer must be written as [[generator.layer]] tables");
  EXPECT_EQ(fault_of_layers(head + input + "name = \"d\"\nkind = \"dense\"\ninputs = [\"y\"]\n").substr(0, 10),
            "r.toml:3: ");
  EXPECT_EQ(fault_of_layers("schema = 1\ntrain.epochs = 1\ngenerator.family = \"digits\"\n[[generator.layer]]\n" +
                            input + "name = \"d\"\nkind = \"dense\"\n"),
            "r.toml:4: [[generator.layer]] needs generator.family = \"layers\" (got \"digits\")");
}

const char* const kHead = R"(schema = 1
train.epochs = 1
latent.dim = 2
[[generator.layer]]
name = "z"
kind = "input"
role = "latent"
shape = [2]
)";

TEST(RecipeLayers, NameTheWordsOfPadding) {
  const std::string fault = fault_of_layers(std::string(kHead) + R"([[generator.layer]]
name = "square"
kind = "reshape"
shape = [2, 1, 1]
[[generator.layer]]
name = "conv"
kind = "conv"
out = 4
kernel = [3, 3]
padding = "reflect"
)");
  EXPECT_TRUE(fault.starts_with("r.toml:13: generator.layer \"conv\": ")) << fault;
  for (const char* word : {"\"same\"", "\"valid\"", "reflect"}) EXPECT_NE(fault.find(word), std::string::npos) << fault;
}

TEST(RecipeLayers, WantTheFunctionOfAnActivation) {
  EXPECT_EQ(
      fault_of_layers(std::string(kHead) + "[[generator.layer]]\nname = \"act\"\nkind = \"activation\"\n"),
      "r.toml:9: generator.layer \"act\": function is missing: relu, leaky_relu, tanh ... or linear, which changes "
      "nothing");
}

TEST(RecipeLayers, RefuseAGeneratorThatNothingBounds) {
  const auto fault_with = [](const std::string& ending) {
    const std::string text = std::string(kHead) +
                             "[[generator.layer]]\nname = \"dense\"\nkind = \"dense\"\nout = 16\n" + ending +
                             "[[generator.layer]]\nname = \"image\"\nkind = \"reshape\"\nshape = [1, 4, 4]\n";
    return fault_of([&] { parse_recipe(text, "r.toml", UselessKeys::refuse); });
  };
  const std::string activation = "[[generator.layer]]\nname = \"act\"\nkind = \"activation\"\nfunction = ";
  EXPECT_NE(fault_with("").find("generator.layer \"dense\" ends the network, and nothing bounds its values"),
            std::string::npos);
  EXPECT_EQ(fault_with(activation + "\"tanh\"\n"), "");
  EXPECT_EQ(fault_with(activation + "\"linear\"\n"), "") << "said, so meant";
}

}  // namespace
}  // namespace ganymede::run
