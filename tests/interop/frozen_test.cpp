#include "interop/frozen.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "interop/tiny_networks.hpp"

namespace ganymede::interop {
namespace {

std::string fault_of(const net::Network& network, const NamedTensors& weights) {
  try {
    freeze(network, weights);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

TEST(Frozen, HoldsTheWeightsWithoutTheNetworksName) {
  const net::Network network = tiny_generator();
  NamedTensors weights = some_weights(network);
  weights["discriminator.dense.weight"] = Tensor(DType::f32, {1, 2});
  const FrozenNetwork f = freeze(network, weights);
  EXPECT_EQ(f.tensors.size(), net::parameters(network).size());
  EXPECT_EQ(f.tensors.at("conv2.weight"), weights.at("generator.conv2.weight"));
}

TEST(Frozen, NamesWhatIsMissingAndWhatHasAnotherShape) {
  const net::Network network = tiny_generator();
  NamedTensors weights = some_weights(network);
  weights["generator.norm1.bias"] = Tensor(DType::f32, {3});
  EXPECT_EQ(fault_of(network, weights), "generator.norm1.bias: wanted [4], found [3]");
  weights.erase("generator.norm1.bias");
  EXPECT_EQ(fault_of(network, weights), "generator.norm1.bias is missing among the weights");
}

TEST(Frozen, NamesInputsByRoleAndHeadsByWhatTheyTell) {
  using Map = std::map<std::string, std::string>;
  const FrozenNetwork d = frozen(net::digits_discriminator({.classes = 3,
                                                            .condition = net::Condition::concat,
                                                            .auxiliary = true,
                                                            .width = 2,
                                                            .image_size = 8,
                                                            .code_width = 2}));
  EXPECT_EQ(d.names, (Map{{"image", "image"},
                          {"class", "class"},
                          {"dense", "logit"},
                          {"class_dense", "class_logits"},
                          {"code_dense", "codes"}}));
  EXPECT_EQ(frozen(tiny_generator()).names, (Map{{"z", "z"}, {"image", "image"}}));
}

// W = [[3, 1], [0, 2]], u = (2, 0): W' u = (6, 2), sigma = sqrt(40) / 2 = sqrt(10).
TEST(Frozen, DividesBySpectralNorms) {
  const net::Network network =
      chain_of({.role = net::Role::latent, .shape = {2}}, {{"dense", net::Dense{.out = 2, .spectral = true}}});
  const float w[] = {3, 1, 0, 2}, u[] = {2, 0};
  NamedTensors weights = some_weights(network);
  weights["generator.dense.weight"] = Tensor::of<float>({2, 2}, std::span<const float>(w));
  weights["generator.dense.weight_u"] = Tensor::of<float>({2}, std::span<const float>(u));
  const FrozenNetwork f = freeze(network, weights);
  const auto found = f.tensors.at("dense.weight").values<float>();
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found[i], w[i] / std::sqrt(10.0), 1e-7);
  EXPECT_EQ(f.tensors.at("dense.bias"), weights.at("generator.dense.bias"));
  EXPECT_FALSE(f.tensors.contains("dense.weight_u"));
  EXPECT_FALSE(std::get<net::Dense>(f.network.node("dense").layer).spectral);
}

TEST(Sides, OfKernelsAreKerasSame) {
  const net::Conv conv{.kernel = {5, 4}, .stride = {2, 1}};
  EXPECT_EQ(sides_of(conv, {1, 28, 28}), (Sides{.top = 1, .bottom = 2, .left = 1, .right = 2}));
  EXPECT_EQ(sides_of(conv, {1, 27, 28}), (Sides{.top = 2, .bottom = 2, .left = 1, .right = 2}));
  const net::ConvTranspose transposed{.kernel = {5, 3}, .stride = {2, 4}};
  EXPECT_EQ(sides_of(transposed, {1, 14, 7}, {1, 28, 28}), (Sides{.top = 1, .bottom = 2, .left = 0, .right = -1}));
}

TEST(Sides, OfKernelsAreThoseThatAreGiven) {
  const net::Padding padding{.same = false, .top = 1, .bottom = 0, .left = 3, .right = 2};
  const Sides wanted{.top = 1, .bottom = 0, .left = 3, .right = 2};
  EXPECT_EQ(sides_of(net::Conv{.padding = padding}, {1, 9, 9}), wanted);
  EXPECT_EQ(sides_of(net::ConvTranspose{.kernel = {4, 4}, .stride = {2, 2}, .padding = padding}, {1, 5, 5}, {1, 11, 7}),
            wanted);
}

}  // namespace
}  // namespace ganymede::interop
