#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "net/description.hpp"
#include "run/fault_of.hpp"
#include "run/networks.hpp"
#include "run/options.hpp"
#include "run/recipe_file.hpp"
#include "run/words.hpp"

// Keys that a family or a game cannot use (Option::use).
namespace ganymede::run {
namespace {

constexpr const char* kFamilies[] = {"digits", "photo", "ink", "mlp", "conv", "lstm"};

std::string useless_key_fault(const std::string& text) {
  return fault_of([&] { parse_recipe("schema = 1\ntrain.epochs = 1\n" + text, "r.toml", UselessKeys::refuse); });
}

Recipe of_family(const std::string& family) {
  Recipe recipe;
  recipe.train.epochs = 1;
  recipe.latent.dim = 4;
  recipe.generator.family = family;
  recipe.discriminator.family = family == "lstm" ? "conv" : family;  // of generators alone
  recipe.generator.widths = recipe.discriminator.widths = {2, 3};
  recipe.generator.width = recipe.discriminator.width = 2;
  return recipe;
}

ImageFacts facts_of(const std::string& family) {
  if (family == "ink") return {.channels = 1, .height = 10, .width = 3, .classes = 5};
  if (family == "mlp") return {.channels = 2, .height = 1, .width = 1, .conditions = 2};
  return {.channels = 1, .height = 32, .width = 32, .classes = 5};
}

/// Everything that a family makes of a player's keys; empty where the recipe is refused.
std::string made_of(const Recipe& recipe, const std::string& player) {
  const ImageFacts facts = facts_of(recipe.generator.family);
  const net::Network network =
      player == "generator" ? build_generator(recipe, facts) : build_discriminator(recipe, facts);
  const Recipe::Player& keys = player == "generator" ? recipe.generator : recipe.discriminator;
  std::string text = net::to_json(network);
  for (const auto& [name, tensor] : net::initialise(
           network, 1, value_in(kInitializerWords, "initializer", keys.initializer), keys.initializer_scale)) {
    const auto bytes = tensor.bytes();
    text += name + std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return text;
}

/// Gives the option another legal value.
void change(const Option& option, Recipe& recipe) {
  std::visit(
      [&](auto* field) {
        using T = std::decay_t<decltype(*field)>;
        if constexpr (std::is_same_v<T, bool>) {
          *field = !*field;
        } else if constexpr (std::is_same_v<T, std::string>) {
          const auto other = std::ranges::find_if(option.legal.choices, [&](const auto& c) { return c != *field; });
          *field = other == option.legal.choices.end() ? "other" : *other;
        } else if constexpr (std::is_enum_v<T>) {
          const auto table = play::table_of<T>();
          *field = table[0].value == *field ? table[1].value : table[0].value;
        } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
          field->push_back(3);
        } else if constexpr (std::is_same_v<T, double>) {
          *field = *field == 0.125 ? 0.0625 : 0.125;
        } else {
          *field += 1;
        }
      },
      option.field(recipe));
}

TEST(UselessKeys, AreThoseThatChangeNothingInANetworkOfEveryFamily) {
  int seen = 0;
  for (const char* family : kFamilies) {
    for (const char* activation : {"leaky_relu", "relu", "elu", "rrelu", "prelu", "tanh"}) {
      for (const Option& option : options()) {
        const std::string player = option.key.substr(0, option.key.find('.'));
        const std::string name = option.key.substr(option.key.find('.') + 1);
        if ((player != "generator" && player != "discriminator") || name == "family" || name == "activation" ||
            name.starts_with("optimizer.")) {
          continue;
        }
        Recipe recipe = of_family(family);
        (player == "generator" ? recipe.generator : recipe.discriminator).activation = activation;
        (player == "generator" ? recipe.generator : recipe.discriminator).relu_threshold = 0.01;
        const std::string before = made_of(recipe, player);
        change(option, recipe);
        if (name == "condition" && std::string(family) == "mlp")  // which knows no class
          (player == "generator" ? recipe.generator : recipe.discriminator).condition = "vector";
        const bool used = made_of(recipe, player) != before;
        EXPECT_EQ(used, unfulfilled(option, recipe) == nullptr) << option.key << " of " << family << ", " << activation;
        ++seen;
      }
    }
  }
  EXPECT_GT(seen, 300);
}

TEST(UselessKeys, AreRefusedInAFileAndInSetForEveryKeyAndEveryChoice) {
  int refused = 0;
  for (const Option& selector : options()) {
    if (unfulfilled(selector, Recipe{}) != nullptr) continue;
    for (const std::string& choice : selector.legal.choices) {
      Recipe chosen;
      ASSERT_NO_THROW(apply_set(chosen, selector.key + "=" + choice));
      for (const Option& option : options()) {
        if (unfulfilled(option, chosen) == nullptr || option.key == selector.key) continue;
        Recipe changed = chosen;
        change(option, changed);
        const std::string value = value_text(option, changed);
        Recipe recipe;
        const std::string fault = fault_of([&] {
          apply_sets(recipe, {selector.key + "=" + choice, option.key + "=" + value});
        });
        EXPECT_TRUE(fault.starts_with("--set: " + option.key + " = " + value + " needs ")) << fault;
        EXPECT_EQ(recipe, Recipe{}) << "a refused value must change nothing";
        const std::string line = fmt::format("{} = \"{}\"\n{} = {}\n", selector.key, choice, option.key, value);
        EXPECT_NE(useless_key_fault(line).find(option.key + " = " + value + " needs "), std::string::npos) << line;
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(UselessKeys, AreNamedWithFileLineAndWhatTheyNeed) {
  EXPECT_EQ(useless_key_fault("generator.family = \"ink\"\ngenerator.norm = \"batch\"\n"),
            "r.toml:4: generator.norm = \"batch\" needs generator.family = \"digits\", \"photo\", \"mlp\" or \"conv\" "
            "(got \"ink\")");
  EXPECT_EQ(useless_key_fault("generator.cells = 4\n"),
            "r.toml:3: generator.cells = 4 needs generator.family = \"ink\" (got \"digits\")");
  EXPECT_EQ(useless_key_fault("game.loss = \"hinge\"\ngame.label_smoothing = 0.1\n"),
            "r.toml:4: game.label_smoothing = 0.1 needs game.loss other than \"hinge\" or \"wasserstein\" (got "
            "\"hinge\")");
}

TEST(UselessKeys, GoBackToTheirDefaultsWithTheChoiceTheyBelongedTo) {
  Recipe recipe;
  recipe.generator.negative_slope = 0.2;
  apply_sets(recipe, {"generator.activation=relu"});
  EXPECT_EQ(recipe.generator.negative_slope, Recipe{}.generator.negative_slope);
}

TEST(UselessKeys, MayStandInResolvedAndStoredRecipes) {
  for (const ShippedRecipe& shipped : shipped_recipes()) {
    const Recipe recipe = find_recipe(shipped.name);
    EXPECT_EQ(parse_recipe(to_toml(recipe), "recipe.toml", UselessKeys::refuse), recipe) << "printed by --dry-run";
  }
  Recipe old = find_recipe("ink-quick");
  old.generator.norm = "none";  // what version 0.1.0 wrote into its runs
  EXPECT_EQ(parse_recipe(to_toml(old), "recipe.toml"), old);
  EXPECT_NE(fault_of([&] { parse_recipe(to_toml(old), "recipe.toml", UselessKeys::refuse); }), "");
  EXPECT_TRUE(difference(old, find_recipe("ink-quick")).empty()) << "neither can use it: the same run";
}

TEST(UselessKeys, SetListsEveryFault) {
  Recipe recipe;
  const std::string fault = fault_of([&] { apply_sets(recipe, {"train.batch=0", "train.bach=3", "game.loss=hinge"}); });
  EXPECT_NE(fault.find("train.batch must be"), std::string::npos);
  EXPECT_NE(fault.find("unknown key \"train.bach\""), std::string::npos);
  EXPECT_EQ(std::ranges::count(fault, '\n'), 1);
  EXPECT_EQ(recipe, Recipe{});
}

}  // namespace
}  // namespace ganymede::run
