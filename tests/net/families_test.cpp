#include "net/families.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "net/description.hpp"
#include "net/traits.hpp"

namespace ganymede::net {
namespace {

// The counts of S-LATENT L2, to the unit.
TEST(DigitsGenerator, HasTheStudysParameters) {
  const auto count = [](int latent_dim, Condition condition = Condition::none) {
    return count_parameters(digits_generator({.latent_dim = latent_dim, .classes = 10, .condition = condition}));
  };
  EXPECT_EQ(count(2).total, 1'101'632);
  EXPECT_EQ(count(2).trainable, 1'076'160);
  EXPECT_EQ(count(3).total, 1'114'176);
  EXPECT_EQ(count(3).trainable, 1'088'704);
  EXPECT_EQ(count(4).total, 1'126'720);
  EXPECT_EQ(count(4).trainable, 1'101'248);
  EXPECT_EQ(count(3, Condition::embedding).total, 1'114'206);
  EXPECT_EQ(count(3, Condition::embedding).trainable, 1'088'734);
}

TEST(DigitsDiscriminator, HasTheStudysParameters) {
  EXPECT_EQ(count_parameters(digits_discriminator({})).total, 212'865);
  EXPECT_EQ(count_parameters(digits_discriminator({.classes = 10, .condition = Condition::embedding})).total, 220'705);
}

TEST(PhotoGenerator, HasTheScaleOfTheStudysLandscapeModel) {
  // By hand: dense 4 x 8192, its norm 4 x 8192; 25 x (512 x 512 + 512 x 256 + 256 x 128 + 128 x 3); norms 4 x 896.
  const Network g = photo_generator({.latent_dim = 4, .width = 128, .image_size = 64, .channels = 3});
  EXPECT_EQ(count_parameters(g).total, 10'728'320);
  EXPECT_NEAR(static_cast<double>(count_parameters(g).total), 10'729'344, 0.001 * 10'729'344);
  EXPECT_EQ(infer_shapes(g).back(), (Shape{3, 64, 64}));
  const Network d = photo_discriminator({.image_size = 64, .channels = 3});
  EXPECT_EQ(count_parameters(d).total, 2'672'001);
  EXPECT_NEAR(static_cast<double>(count_parameters(d).total), 2'563'713, 0.05 * 2'563'713);
  EXPECT_EQ(infer_shapes(d).back(), Shape{1});
}

TEST(PhotoFamily, HalvesFourTimes) {
  EXPECT_EQ(infer_shapes(photo_generator({.width = 8, .image_size = 48, .channels = 3})).back(), (Shape{3, 48, 48}));
  EXPECT_THROW(photo_generator({.image_size = 40}), ConfigError);
  EXPECT_THROW(photo_discriminator({.image_size = 8}), ConfigError);
}

TEST(PhotoFamily, TakesClassesAndActivationsAsDigitsDo) {
  const Network g = photo_generator({.latent_dim = 7,
                                     .classes = 5,
                                     .condition = Condition::concat,
                                     .width = 4,
                                     .image_size = 32,
                                     .activation = {.kind = ActivationKind::prelu}});
  EXPECT_EQ(infer_shapes(g)[static_cast<std::size_t>(g.index_of("condition"))], Shape{12});
  std::vector<std::int64_t> slopes;
  for (const Parameter& p : parameters(g)) {
    if (p.name.starts_with("act")) slopes.push_back(element_count(p.shape));
  }
  EXPECT_EQ(slopes, (std::vector<std::int64_t>{16, 16, 8, 4}));
  const Network d = photo_discriminator(
      {.classes = 5, .condition = Condition::embedding, .auxiliary = true, .width = 4, .image_size = 32});
  EXPECT_EQ(d.outputs, (std::vector<std::string>{"dense", "class_dense"}));
}

TEST(DigitsGenerator, EndsInAnImageOfTheWantedSize) {
  for (const int size : {8, 28, 64}) {
    const Network network = digits_generator({.image_size = size, .channels = 3});
    EXPECT_EQ(infer_shapes(network).back(), (Shape{3, size, size}));
    EXPECT_EQ(network.outputs, std::vector<std::string>{"image"});
  }
}

TEST(DigitsGenerator, GivesPreluOneSlopeAChannel) {
  const Network network = digits_generator({.activation = {.kind = ActivationKind::prelu}});
  std::vector<std::int64_t> slopes;
  for (const Parameter& p : parameters(network)) {
    if (p.name.starts_with("act")) slopes.push_back(element_count(p.shape));
  }
  EXPECT_EQ(slopes, (std::vector<std::int64_t>{256, 128, 64}));
}

TEST(DigitsGenerator, JoinsTheOneHotClassToZ) {
  const Network network = digits_generator({.latent_dim = 7, .classes = 10, .condition = Condition::concat});
  EXPECT_EQ(infer_shapes(network)[static_cast<std::size_t>(network.index_of("condition"))], Shape{17});
}

TEST(DigitsGenerator, WithoutNormHasBiases) {
  const Network network = digits_generator({.norm = Norm::none});
  EXPECT_TRUE(std::get<Dense>(network.node("dense").layer).bias);
  EXPECT_TRUE(std::get<ConvTranspose>(network.node("conv2").layer).bias);
  EXPECT_EQ(network.index_of("norm1"), -1);
}

TEST(DigitsDiscriminator, HasAClassHeadBesideTheLogit) {
  const Network network = digits_discriminator({.classes = 10, .auxiliary = true});
  EXPECT_EQ(network.outputs, (std::vector<std::string>{"dense", "class_dense"}));
  EXPECT_EQ(infer_shapes(network).back(), Shape{10});
  EXPECT_EQ(count_parameters(network).total, 212'865 + 6272 * 10 + 10);
}

TEST(DigitsDiscriminator, TakesTheClassAsPlanes) {
  const Network network = digits_discriminator({.classes = 10, .condition = Condition::concat});
  EXPECT_EQ(infer_shapes(network)[static_cast<std::size_t>(network.index_of("condition"))], (Shape{11, 28, 28}));
}

TEST(DigitsDiscriminator, WithoutDropoutHasNoDropoutNodes) {
  const Network network = digits_discriminator({.dropout = 0});
  EXPECT_EQ(network.index_of("drop1"), -1);
  EXPECT_EQ(count_parameters(network).total, 212'865);
}

TEST(DigitsFamilies, RejectSizesThatDoNotDivide) {
  EXPECT_THROW(digits_generator({.image_size = 30}), ConfigError);
  EXPECT_THROW(digits_generator({.image_size = 4}), ConfigError);
  EXPECT_THROW(digits_discriminator({.image_size = 30}), ConfigError);
  EXPECT_THROW(digits_generator({.condition = Condition::embedding}), ConfigError);
  EXPECT_THROW(digits_discriminator({.auxiliary = true}), ConfigError);
}

TEST(MlpFamily, HasTheRingsNetworks) {
  const Network g = mlp_generator({.latent_dim = 256, .coordinates = 2, .widths = {128, 128}});
  const Network d = mlp_discriminator({.coordinates = 2, .widths = {128}});
  EXPECT_EQ(count_parameters(g).total, 256 * 128 + 128 + 128 * 128 + 128 + 128 * 2 + 2);
  EXPECT_EQ(count_parameters(d).total, 2 * 128 + 128 + 128 + 1);
  EXPECT_EQ(infer_shapes(g).back(), (Shape{2, 1, 1}));
  EXPECT_EQ(infer_shapes(d).back(), (Shape{1}));
  EXPECT_TRUE(std::holds_alternative<Reshape>(g.nodes.back().layer)) << "coordinates have no limits: no tanh";
  EXPECT_TRUE(std::holds_alternative<Dense>(g.nodes[g.nodes.size() - 2].layer));
}

TEST(MlpFamily, TakesNormsAndAnyWidths) {
  const Network g = mlp_generator({.latent_dim = 3, .coordinates = 1, .widths = {5, 7}, .norm = Norm::batch});
  EXPECT_NE(g.index_of("norm2"), -1);
  EXPECT_FALSE(std::get<Dense>(g.node("dense1").layer).bias) << "a norm brings its own shift";
  EXPECT_TRUE(std::get<Dense>(g.node("dense").layer).bias);
  EXPECT_EQ(count_parameters(mlp_generator({.latent_dim = 3, .coordinates = 1, .widths = {}})).total, 4) << "linear";
  EXPECT_THROW(mlp_generator({.widths = {0}}), ConfigError);
}

// Metz et al. 2017 on stacked MNIST, as in Lin et al. 2018: sides 4, 7, 14, 28; D has X * 8, X * 16, X * 32 channels.
TEST(ConvFamily, HasTheNetworksOfStackedDigits) {
  const Network g = conv_generator({.latent_dim = 256, .image_size = 28, .channels = 3}, {64, 32, 16, 8});
  const auto shape = [](const Network& n, const char* node) {
    return infer_shapes(n).at(static_cast<std::size_t>(n.index_of(node)));
  };
  EXPECT_EQ(shape(g, "reshape"), (Shape{64, 4, 4}));
  EXPECT_EQ(shape(g, "conv1"), (Shape{32, 7, 7}));
  EXPECT_EQ(shape(g, "conv2"), (Shape{16, 14, 14}));
  EXPECT_EQ(shape(g, "conv3"), (Shape{8, 28, 28}));
  EXPECT_EQ(shape(g, "image"), (Shape{3, 28, 28}));
  const Network d = conv_discriminator({.image_size = 28, .channels = 3, .norm = Norm::none, .dropout = 0}, {2, 4, 8});
  EXPECT_EQ(shape(d, "conv3"), (Shape{8, 4, 4}));
  EXPECT_EQ(count_parameters(d).total, (3 * 2 * 9 + 2) + (2 * 4 * 9 + 4) + (4 * 8 * 9 + 8) + (128 + 1));
}

TEST(ConvFamily, TakesAnySideAndRefusesNoWidths) {
  for (const int side : {2, 5, 12, 27, 32}) {
    const Network g = conv_generator({.latent_dim = 4, .image_size = side}, {8, 6, 5});
    EXPECT_EQ(infer_shapes(g).back(), (Shape{1, side, side})) << side;
  }
  EXPECT_THROW(conv_generator({}, {}), ConfigError);
  EXPECT_THROW(conv_discriminator({}, std::vector<int>(9, 4)), ConfigError);
}

// Metz et al. 2017: 256 units, a column of 28 pixels a step.
TEST(LstmGenerator, DrawsAColumnAStep) {
  const Network g = lstm_generator({});
  EXPECT_EQ(infer_shapes(g).back(), (Shape{1, 28, 28}));
  EXPECT_EQ(std::get<Lstm>(g.node("lstm").layer), (Lstm{.out = 256, .steps = 28, .forget_bias = 1}));
  EXPECT_EQ(count_parameters(g).total, (256 * 256 + 256) + (4 * 256 * 256 + 4 * 256) + (28 * 256 + 28));
  EXPECT_EQ(infer_shapes(lstm_generator({.channels = 3, .rows = 5, .columns = 7})).back(), (Shape{3, 5, 7}));
}

TEST(Families, OfDiscriminatorsPutEveryWeightUnderASpectralNorm) {
  for (const Network& network :
       {digits_discriminator({.norm = Norm::spectral}), photo_discriminator({.image_size = 32, .norm = Norm::spectral}),
        mlp_discriminator({.norm = Norm::spectral}),
        digits_discriminator(
            {.classes = 3, .condition = Condition::projection, .auxiliary = true, .norm = Norm::spectral})}) {
    std::size_t kernels = 0, vectors = 0;
    for (const Parameter& p : parameters(network)) {
      kernels += p.trainable && p.shape.size() > 1 ? 1 : 0;
      if (p.name.ends_with("weight_u")) {
        ++vectors;
        EXPECT_FALSE(p.trainable);
      }
    }
    EXPECT_GT(kernels, 1U);
    EXPECT_EQ(kernels, vectors) << describe(network);
    EXPECT_EQ(network.node(network.outputs[0]).layer.index(),
              Layer(class_count(network) > 0 ? Layer(Projection{}) : Layer(Dense{})).index());
  }
}

TEST(Families, OfDiscriminatorsSeeTheBatchsDeviationLast) {
  const Network digits = digits_discriminator({.minibatch_std = true});
  EXPECT_EQ(infer_shapes(digits)[static_cast<std::size_t>(digits.index_of("flatten"))], (Shape{129 * 7 * 7}));
  const Network points = mlp_discriminator({.widths = {20}, .minibatch_std = true});
  EXPECT_EQ(infer_shapes(points)[static_cast<std::size_t>(points.index_of("minibatch_std"))], (Shape{21}));
  EXPECT_TRUE(couples_samples(digits));
}

TEST(Families, JoinAConditionThatIsAVectorAsTheyJoinAOneHotClass) {
  const Network g = digits_generator({.latent_dim = 5, .condition_length = 3, .condition = Condition::vector});
  EXPECT_EQ(g.node("condition").inputs, (std::vector<std::string>{"z", "vector"}));
  EXPECT_EQ(condition_length(g), 3);
  EXPECT_EQ(class_count(g), 0);
  EXPECT_EQ(value_input(g).name, "z");
  const auto concat = digits_generator({.latent_dim = 5, .classes = 3, .condition = Condition::concat});
  EXPECT_EQ(count_parameters(g).total, count_parameters(concat).total);
  const Network d = digits_discriminator({.condition_length = 3, .condition = Condition::vector});
  EXPECT_EQ(d.node("condition").inputs, (std::vector<std::string>{"image", "vector"}));
  EXPECT_EQ(value_input(d).name, "image");
  EXPECT_EQ(count_parameters(d).total,
            count_parameters(digits_discriminator({.classes = 3, .condition = Condition::concat})).total);
  const Network points = mlp_discriminator({.condition_length = 3, .coordinates = 2, .widths = {7}});
  EXPECT_EQ(points.node("condition").inputs, (std::vector<std::string>{"flatten", "vector"}));
  EXPECT_EQ(count_parameters(points).total, (5 * 7 + 7) + (7 + 1));
  EXPECT_THROW(digits_generator({.condition = Condition::vector}), ConfigError);
  EXPECT_THROW(ink_generator({.classes = 3, .condition = Condition::vector}), ConfigError);
}

TEST(Families, OfDiscriminatorsJudgeHowWellFeaturesFitTheClass) {
  const Network network = digits_discriminator({.classes = 10, .condition = Condition::projection});
  EXPECT_EQ(network.node("dense").inputs, (std::vector<std::string>{"flatten", "class"}));
  EXPECT_EQ(network.node("conv1").inputs, (std::vector<std::string>{"image"}));
  EXPECT_EQ(count_parameters(network).total, count_parameters(digits_discriminator({})).total + 10 * 128 * 7 * 7);
  EXPECT_THROW(digits_generator({.classes = 10, .condition = Condition::projection}), ConfigError);
}

}  // namespace
}  // namespace ganymede::net
