#include "net/keras_import.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.hpp"
#include "net/families.hpp"

namespace ganymede::net {
namespace {

// 0, 1, 2 ... so that a value is its place in Keras' tensor.
Tensor ramp(const Shape& shape) {
  Tensor tensor(DType::f64, shape);
  std::iota(tensor.values<double>().begin(), tensor.values<double>().end(), 0.0);
  return tensor;
}

// Keras' place of our element.
double at(const Tensor& tensor, const Shape& index) {
  std::int64_t flat = 0;
  for (std::size_t i = 0; i < index.size(); ++i) flat = flat * tensor.shape()[i] + index[i];
  return tensor.values<double>()[static_cast<std::size_t>(flat)];
}

// 2 latent, Dense to [8, 2, 2] (w = 2), convolutions 4, 2, 3 channels of images 8x8.
const Network kGenerator = digits_generator(
    {.latent_dim = 2, .classes = 3, .condition = Condition::embedding, .width = 2, .image_size = 8, .channels = 3});
const Network kDiscriminator =
    digits_discriminator({.classes = 3, .condition = Condition::embedding, .width = 2, .image_size = 8, .channels = 3});

TEST(FromKeras, TransposesConvolutions) {
  const Tensor weight = from_keras(kDiscriminator, {{"conv1.kernel", ramp({5, 5, 3, 2})}}).at("conv1.weight");
  EXPECT_EQ(weight.shape(), (Shape{2, 3, 5, 5}));
  EXPECT_EQ(at(weight, {1, 2, 3, 4}), ((3 * 5 + 4) * 3 + 2) * 2 + 1);
}

TEST(FromKeras, TransposesTransposedConvolutions) {
  const Tensor weight = from_keras(kGenerator, {{"conv1.kernel", ramp({5, 5, 4, 8})}}).at("conv1.weight");
  EXPECT_EQ(weight.shape(), (Shape{8, 4, 5, 5}));
  EXPECT_EQ(at(weight, {7, 2, 3, 4}), ((3 * 5 + 4) * 4 + 2) * 8 + 7);
}

TEST(FromKeras, PermutesTheAxisBeforeAReshape) {
  const NamedTensors ours =
      from_keras(kGenerator, {{"dense.kernel", ramp({2, 32})}, {"norm0.moving_variance", ramp({32})}});
  // Feature (c, h, w) of 8 x 2 x 2 stands at (h * 2 + w) * 8 + c in Keras.
  const std::int64_t c = 5, h = 1, w = 0;
  const double place = (h * 2 + w) * 8 + c;
  EXPECT_EQ(at(ours.at("dense.weight"), {(c * 2 + h) * 2 + w, 1}), 1 * 32 + place);
  EXPECT_EQ(at(ours.at("norm0.running_var"), {(c * 2 + h) * 2 + w}), place);
}

TEST(FromKeras, PermutesTheAxisAfterAFlatten) {
  const Tensor weight = from_keras(kDiscriminator, {{"dense.kernel", ramp({16, 1})}}).at("dense.weight");
  EXPECT_EQ(weight.shape(), (Shape{1, 16}));
  EXPECT_EQ(at(weight, {0, (3 * 2 + 1) * 2 + 0}), (1 * 2 + 0) * 4 + 3);
}

TEST(FromKeras, PermutesEmbeddingsThatBecomeImages) {
  const Tensor plane = from_keras(kDiscriminator, {{"embedding.embeddings", ramp({3, 192})}}).at("embedding.weight");
  EXPECT_EQ(at(plane, {2, (1 * 8 + 6) * 8 + 7}), 2 * 192 + (6 * 8 + 7) * 3 + 1);
  EXPECT_EQ(from_keras(kGenerator, {{"embedding.weight", ramp({3, 2})}}).at("embedding.weight"), ramp({3, 2}));
}

TEST(FromKeras, JoinsOrdersAtAConcat) {
  const Network network{.name = "n",
                        .nodes = {{"x", {}, Input{.role = Role::vector, .shape = {3}}},
                                  {"image", {}, Input{.role = Role::image, .shape = {2, 2, 1}}},
                                  {"flat", {"image"}, Reshape{{-1}}},
                                  {"both", {"x", "flat"}, Concat{}},
                                  {"dense", {"both"}, Dense{1}}},
                        .outputs = {"dense"}};
  const Tensor weight = from_keras(network, {{"dense.kernel", ramp({7, 1})}}).at("dense.weight");
  const auto values = weight.values<double>();
  EXPECT_EQ(std::vector<double>(values.begin(), values.end()), (std::vector<double>{0, 1, 2, 3, 5, 4, 6}));
}

TEST(FromKeras, SqueezesPreluSlopes) {
  const Network network =
      digits_generator({.width = 2, .image_size = 8, .activation = {.kind = ActivationKind::prelu}});
  EXPECT_EQ(from_keras(network, {{"act0.alpha", ramp({1, 1, 8})}}).at("act0.weight"), ramp({8}));
}

TEST(FromKeras, KeepsTheElementType) {
  const Tensor f32(DType::f32, {1});
  EXPECT_EQ(from_keras(kDiscriminator, {{"dense.bias", f32}}).at("dense.bias").dtype(), DType::f32);
}

TEST(FromKeras, NamesWhatFitsNothing) {
  const auto message = [](const std::string& name, const Shape& shape) -> std::string {
    try {
      from_keras(kGenerator, {{name, ramp(shape)}});
    } catch (const DataError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message("conv9.kernel", {1}), "generator.conv9.kernel fits no parameter of the network");
  EXPECT_EQ(message("conv1.bias", {4}), "generator.conv1.bias fits no parameter of the network");
  EXPECT_EQ(message("conv1.weight", {5, 5, 4, 8}), "generator.conv1.weight fits no parameter of the network");
  EXPECT_EQ(message("conv1", {1}), "generator.conv1 fits no parameter of the network");
  EXPECT_EQ(message("dense.kernel", {2, 31}), "generator.dense.kernel: wanted the elements of [32, 2], found [2, 31]");
}

}  // namespace
}  // namespace ganymede::net
