#include "run/networks.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "net/families.hpp"
#include "run/fault_of.hpp"
#include "run/options.hpp"
#include "run/recipe_check.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

constexpr ImageFacts kMnist{.classes = 10};
constexpr ImageFacts kPhoto{.channels = 3, .height = 16, .width = 16, .classes = 5, .conditions = 3};  // of all images

std::string fault_of_networks(const Recipe& recipe, const ImageFacts& facts) {
  return fault_of([&] { build_networks(recipe, facts); });
}

std::int64_t total(const net::Network& network) {
  return net::count_parameters(network).total;
}

// S-LATENT L2.
TEST(Networks, OfTheShippedRecipesHaveTheStudysParameters) {
  const auto of = [](const char* name) { return build_networks(find_recipe(name), kMnist); };
  EXPECT_EQ(total(of("digits-2d").generator), 1'101'632);
  EXPECT_EQ(total(of("digits-3d").generator), 1'114'176);
  EXPECT_EQ(total(of("digits-4d").generator), 1'126'720);
  EXPECT_EQ(total(of("digits-cgan-3d").generator), 1'114'206);
  EXPECT_EQ(total(of("digits-2d").discriminator), 212'865);
  EXPECT_EQ(total(of("digits-cgan-3d").discriminator), 220'705);
  EXPECT_EQ(total(of("dcgan").discriminator), 212'865);
  EXPECT_FALSE(takes_class(of("dcgan").generator)) << "labels in the data alone make no condition";
  EXPECT_TRUE(takes_class(of("digits-cgan-3d").generator));
  EXPECT_TRUE(takes_class(of("digits-cgan-3d").discriminator));
}

TEST(Networks, TakeTheActivationsParameters) {
  Recipe recipe;
  const auto activation = [&] { return std::get<net::Activation>(build_generator(recipe, kMnist).node("act1").layer); };
  EXPECT_EQ(activation().kind, net::ActivationKind::leaky_relu);
  EXPECT_EQ(activation().negative_slope, 0.3F);
  recipe.generator.activation = "relu";
  EXPECT_EQ(activation().negative_slope, 0) << "relu is plain unless told otherwise";
  EXPECT_EQ(activation().max_value, std::numeric_limits<float>::infinity());
  recipe.generator.relu_ceiling = 6;
  recipe.generator.relu_threshold = 0.5;
  EXPECT_EQ(activation().max_value, 6);
  EXPECT_EQ(activation().threshold, 0.5F);
  recipe.generator.activation = "rrelu";
  EXPECT_EQ(activation().lower, 1.0F / 8);
  EXPECT_EQ(activation().upper, 1.0F / 3);
  recipe.generator.activation = "elu";
  recipe.generator.elu_alpha = 2;
  EXPECT_EQ(activation().alpha, 2);
}

TEST(Networks, PredictTheClassWithAnAuxiliaryHead) {
  Recipe recipe;
  recipe.generator.condition = "concat";
  recipe.discriminator.auxiliary = true;
  const Networks networks = build_networks(recipe, kMnist);
  EXPECT_TRUE(predicts_class(networks.discriminator));
  EXPECT_FALSE(takes_class(networks.discriminator));
}

TEST(Networks, RefuseToPredictTheClassOfImagesWithoutOne) {
  Recipe recipe;
  recipe.discriminator.auxiliary = true;
  EXPECT_EQ(fault_of_networks(recipe, kMnist),
            "the discriminator predicts the class (discriminator.auxiliary), but the generator takes none: its images "
            "have no class that could be predicted. Set generator.condition, or discriminator.auxiliary = false");
}

TEST(Networks, RefuseAConditionWithoutLabels) {
  EXPECT_EQ(fault_of_networks(find_recipe("digits-cgan-3d"), {}),
            "generator.condition: the recipe's generator uses the class, but the data have no labels: choose labelled "
            "data or set "
            "generator.condition = \"none\"");
  Recipe recipe;
  recipe.discriminator.auxiliary = true;
  EXPECT_EQ(fault_of_networks(recipe, {}),
            "discriminator.auxiliary: the recipe's discriminator uses the class, but the data have no labels: choose "
            "labelled data or set "
            "discriminator.condition = \"none\" and discriminator.auxiliary = false");
}

TEST(Networks, RefuseImagesThatTheFamilyCannotMake) {
  EXPECT_EQ(
      fault_of_networks({}, {.height = 30, .width = 30}),
      "generator.family: family \"digits\" wants square images whose side is a multiple of 4 (the data's are 30 x 30): "
      "describe the networks node by node in [[generator.layer]]");
  EXPECT_NE(fault_of_networks({}, {.height = 32, .width = 28}), "");
  EXPECT_EQ(fault_of_networks({}, {.channels = 3, .height = 32, .width = 32}), "");
}

TEST(Networks, NodeByNodeMustFitTheData) {
  Recipe recipe;
  recipe.latent.dim = 2;
  recipe.generator.family = "layers";
  recipe.generator.layers = net::digits_generator({.latent_dim = 2});
  EXPECT_EQ(fault_of_networks(recipe, kMnist), "");
  EXPECT_EQ(fault_of_networks(recipe, {.channels = 3}),
            "generator.layer \"image\": puts out [1, 28, 28], wanted [3, 28, 28] (the data's images)");
  recipe.latent.dim = 3;
  EXPECT_EQ(fault_of_networks(recipe, kMnist), "generator.layer \"z\": the input of role latent must be [3] (got [2])");
  recipe.latent.dim = 2;
  recipe.generator.layers = net::digits_generator({.latent_dim = 2, .classes = 7, .condition = net::Condition::concat});
  EXPECT_EQ(fault_of_networks(recipe, kMnist), "generator.layer \"class\": this input has 7 classes, the data 10");
  recipe.generator.layers = net::digits_discriminator({});
  EXPECT_NE(fault_of_networks(recipe, kMnist).find("\"image\": no one feeds this input"), std::string::npos);
}

TEST(Networks, AgreeOnWhoSeesTheClass) {
  Recipe recipe;
  recipe.discriminator.condition = "concat";
  EXPECT_NE(fault_of_networks(recipe, kMnist).find("the generator does not"), std::string::npos);
  recipe.discriminator.condition = "none";
  recipe.generator.condition = "concat";
  EXPECT_NE(fault_of_networks(recipe, kMnist).find("neither takes nor predicts"), std::string::npos);
}

constexpr ImageFacts kMarked{.channels = 2, .height = 1, .width = 1, .conditions = 4};  // points

TEST(Networks, JoinTheDatasConditionsToZAndToWhatDSees) {
  const auto shape = [](const net::Network& n, const char* node) {
    return net::infer_shapes(n).at(static_cast<std::size_t>(n.index_of(node)));
  };
  for (const std::string family : {"digits", "photo", "conv", "lstm", "mlp"}) {
    Recipe recipe;
    recipe.latent.dim = 6;
    recipe.generator.family = family;
    recipe.discriminator.family = family == "lstm" ? "conv" : family;
    recipe.generator.condition = recipe.discriminator.condition = "vector";
    const ImageFacts facts = family == "mlp" ? kMarked : kPhoto;
    const Networks n = build_networks(recipe, facts);
    EXPECT_TRUE(takes_condition(n.generator) && takes_condition(n.discriminator)) << family;
    EXPECT_FALSE(takes_class(n.generator)) << "labels are left alone";
    EXPECT_EQ(shape(n.generator, "condition"), (Shape{6 + facts.conditions}));
    EXPECT_EQ(shape(n.discriminator, "condition"), family == "mlp" ? (Shape{6}) : (Shape{6, 16, 16}));
  }
}

TEST(Networks, AskForConditionsWhereTheRecipeDoes) {
  Recipe recipe;
  recipe.generator.condition = recipe.discriminator.condition = "vector";
  EXPECT_NE(fault_of_networks(recipe, kMnist).find("generator.condition: the data have no conditions"),
            std::string::npos);
  recipe.generator.family = recipe.discriminator.family = "layers";
  recipe.generator.layers = net::digits_generator({.condition_length = 2, .condition = net::Condition::vector});
  recipe.discriminator.layers = net::digits_discriminator({});
  ImageFacts facts = kMnist;
  facts.conditions = 3;
  EXPECT_EQ(fault_of_networks(recipe, facts),
            "generator.layer \"vector\": this input takes [2], the data's conditions are [3]");
  facts.conditions = 2;
  EXPECT_NE(fault_of_networks(recipe, facts).find("the discriminator does not"), std::string::npos);
  recipe.discriminator.layers = net::digits_discriminator({.condition_length = 2, .condition = net::Condition::vector});
  EXPECT_EQ(fault_of_networks(recipe, facts), "");
  recipe.generator.layers->nodes.push_back(
      {"class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = 10}});
  EXPECT_NE(fault_of_networks(recipe, facts).find("the class or a condition, not both"), std::string::npos);
}

TEST(RecipeCheck, SaysWhatAConditionThatIsAVectorCannotBe) {
  const auto faults = [](const std::vector<std::string>& sets) {
    return fault_of([&] {
      Recipe recipe;
      recipe.train.epochs = 1;
      apply_sets(recipe, sets);
      check(recipe);
    });
  };
  const std::string vector = "generator.condition=vector", of_d = "discriminator.condition=";
  EXPECT_EQ(faults({vector, of_d + "vector"}), "");
  const auto refused = [&](const std::vector<std::string>& sets, const std::string& why) {
    const std::string fault = faults(sets);
    EXPECT_NE(fault.find(why), std::string::npos) << fault;
  };
  refused({vector, of_d + "concat"}, "wanted \"vector\" of both or of neither");
  refused({vector, of_d + "projection"}, "wanted \"vector\" of both or of neither");
  refused({vector}, "needs a discriminator that sees the class");
  refused({vector, of_d + "vector", "discriminator.auxiliary=true"},
          "discriminator.auxiliary = true predicts the class");
  refused({vector, of_d + "vector", "latent.sampler=partition"}, "draws z by its class");
  refused({vector, of_d + "vector", "game.pack=2", "data.last_batch=drop"}, "no condition");
  refused({"generator.family=ink", "discriminator.family=ink", vector, of_d + "vector"}, "ink has classes");
  refused({"generator.family=mlp", "discriminator.family=mlp", "generator.condition=concat", of_d + "concat"},
          "which points have not");
}

TEST(InitialParameters, FollowSeedAndInitialiser) {
  Recipe recipe;
  recipe.generator.width = recipe.discriminator.width = 1;
  const Networks networks = build_networks(recipe, kMnist);
  const NamedTensors first = initial_parameters(networks, recipe);
  EXPECT_EQ(first, initial_parameters(networks, recipe));
  EXPECT_TRUE(first.contains("generator.conv1.weight"));
  EXPECT_TRUE(first.contains("discriminator.dense.bias"));
  Recipe other = recipe;
  other.train.seed = 2;
  EXPECT_NE(initial_parameters(networks, other).at("generator.conv1.weight"), first.at("generator.conv1.weight"));
  other = recipe;
  other.generator.initializer = "normal";
  other.generator.initializer_scale = 0.02;
  const NamedTensors normal = initial_parameters(networks, other);
  EXPECT_NE(normal.at("generator.conv1.weight"), first.at("generator.conv1.weight"));
  EXPECT_EQ(normal.at("discriminator.conv1.weight"), first.at("discriminator.conv1.weight"));
}

/// Sets that give the keys which the option's conditions name a value with which it has a meaning.
std::vector<std::string> with_a_meaning(const Option& option) {
  std::vector<std::string> sets;
  for (const Condition& condition : option.use.conditions()) {
    if (!condition.other) sets.push_back(condition.key + "=" + condition.values[0]);
  }
  return sets;
}

// What a list of the table offers and nobody understands fails here, not at a user's.
TEST(Networks, UnderstandEveryChoiceThatTheOptionsOffer) {
  const auto facts_of = [](const Recipe::Player& player) {
    if (player.family == "mlp") return kMarked;
    return player.family == "ink" ? ImageFacts{.channels = 1, .height = 10, .width = 3, .classes = 5} : kPhoto;
  };
  int built = 0;
  for (const Option& option : options()) {
    for (const std::string& choice : option.legal.choices) {
      std::vector<std::string> sets = with_a_meaning(option);
      sets.push_back(option.key + "=" + choice);
      const std::string fault = fault_of([&] {
        Recipe recipe;
        apply_sets(recipe, sets);
        const Networks networks{.generator = build_generator(recipe, facts_of(recipe.generator)),
                                .discriminator = build_discriminator(recipe, facts_of(recipe.discriminator))};
        initial_parameters(networks, recipe);
        ++built;
      });
      EXPECT_TRUE(fault.empty() || fault.find(" needs ") != std::string::npos) << sets.back() << ": " << fault;
    }
  }
  EXPECT_GT(built, 40);
}

TEST(Networks, OfPointsTakePointsAlone) {
  Recipe recipe;
  EXPECT_EQ(fault_of_networks(recipe, {.channels = 2, .height = 1, .width = 1}),
            "generator.family: family \"digits\" is of pictures, the data are points: set generator.family = \"mlp\"");
  recipe.generator.family = recipe.discriminator.family = "mlp";
  EXPECT_EQ(fault_of_networks(recipe, {.channels = 2, .height = 1, .width = 1}), "");
  EXPECT_EQ(fault_of_networks(recipe, kMnist),
            "generator.family: family \"mlp\" wants points: choose a set of points in data.source, such as \"ring\" "
            "(the data's samples are 1 x 28 x 28)");
}

TEST(Networks, OfPointsTakeTheirWidthsFromTheRecipe) {
  Recipe recipe;
  apply_sets(recipe, {"generator.family=mlp", "generator.widths=[3, 4]", "generator.activation=tanh"});
  const net::Network g = build_generator(recipe, {.channels = 1, .height = 1, .width = 1});
  EXPECT_EQ(std::get<net::Dense>(g.node("dense2").layer).out, 4);
  EXPECT_EQ(std::get<net::Activation>(g.node("act1").layer).kind, net::ActivationKind::tanh);
  EXPECT_NE(fault_of([&] { apply_sets(recipe, {"generator.width=3"}); }).find("generator.width = 3 needs"),
            std::string::npos);
  recipe.generator.widths.assign(17, 3);
  EXPECT_NE(fault_of([&] { check(recipe, "r"); }).find("at most 16 hidden layers (got 17)"), std::string::npos);
}

TEST(Networks, OfAPackingDiscriminatorSeePicturesJoined) {
  Recipe recipe;
  recipe.game.pack = 3;
  const Networks networks = build_networks(recipe, kPhoto);
  const auto shape = [](const net::Network& n, const char* node) {
    return net::infer_shapes(n).at(static_cast<std::size_t>(n.index_of(node)));
  };
  EXPECT_EQ(shape(networks.discriminator, "image"), (Shape{9, 16, 16}));
  EXPECT_EQ(shape(networks.generator, "image"), (Shape{3, 16, 16}));
  Recipe points;
  points.generator.family = points.discriminator.family = "mlp";
  points.game.pack = 2;
  EXPECT_EQ(shape(build_networks(points, {.channels = 2, .height = 1, .width = 1}).discriminator, "image"),
            (Shape{4, 1, 1}));
}

TEST(Networks, GeneratorsTakeNoLayersOfDiscriminators) {
  Recipe recipe;
  recipe.generator.family = "layers";
  net::Network network = net::digits_generator({});
  for (const net::Layer& layer : std::vector<net::Layer>{net::Dense{.out = 12544, .bias = false, .spectral = true}}) {
    network.nodes[1].layer = layer;
    recipe.generator.layers = network;
    const std::string fault = fault_of_networks(recipe, kMnist);
    EXPECT_NE(fault.find("spectral"), std::string::npos) << fault;
    EXPECT_NE(fault.find("discriminators"), std::string::npos) << fault;
  }
}

TEST(Networks, AugmentPicturesOfEightPixelsAndMore) {
  Recipe recipe;
  recipe.game.augment = "cutout";
  recipe.generator.family = recipe.discriminator.family = "mlp";
  const std::string fault = fault_of_networks(recipe, {.channels = 2, .height = 1, .width = 1});
  EXPECT_NE(fault.find("game.augment"), std::string::npos) << fault;
}

TEST(Networks, SaturateColourAlone) {
  Recipe recipe;
  recipe.game.augment = "color";
  const std::string fault = fault_of_networks(recipe, kMnist);
  EXPECT_NE(fault.find("saturation is of pictures in colour"), std::string::npos) << fault;
  EXPECT_NO_THROW(build_networks(recipe, {.channels = 3, .height = 28, .width = 28}));
  recipe.game.augment = "brightness,contrast";
  EXPECT_NO_THROW(build_networks(recipe, kMnist));
}

TEST(RecipeCheck, SaysWhatAPackNeeds) {
  Recipe recipe;
  recipe.train.epochs = 1;
  recipe.game.pack = 3;
  recipe.generator.condition = recipe.discriminator.condition = "concat";
  const std::string faults = fault_of([&] { check(recipe); });
  for (const char* part : {"divide train.batch", "data.last_batch", "condition"})
    EXPECT_NE(faults.find(part), std::string::npos) << faults;
  recipe.train.batch = 30;
  recipe.data.last_batch = "drop";
  recipe.generator.condition = recipe.discriminator.condition = "none";
  EXPECT_NO_THROW(check(recipe));
}

TEST(RecipeCheck, KnowsTheWordsOfAnAugmentation) {
  Recipe recipe;
  recipe.train.epochs = 1;
  recipe.game.augment = "translation,cutuot";
  const std::string fault = fault_of([&] { check(recipe); });
  EXPECT_NE(fault.find("cutout"), std::string::npos) << fault;
  recipe.game.augment = "translation,cutout";
  EXPECT_NO_THROW(check(recipe));
}

}  // namespace
}  // namespace ganymede::run
