#include "explore/directions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::explore {
namespace {

double product(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

net::Network network(bool joined) {
  net::Network n{.name = "generator", .nodes = {}, .outputs = {"image"}};
  n.nodes.push_back({"z", {}, net::Input{.role = net::Role::latent, .shape = {3}}});
  if (joined) {
    n.nodes.push_back({"class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = 2}});
    n.nodes.push_back({"one_hot", {"class"}, net::OneHot{}});
    n.nodes.push_back({"joined", {"one_hot", "z"}, net::Concat{}});
  }
  n.nodes.push_back({"dense", {joined ? "joined" : "z"}, net::Dense{.out = 4}});
  n.nodes.push_back({"image", {"dense"}, net::Reshape{.shape = {1, 2, 2}}});
  return n;
}

TEST(Directions, AxesAreUnitVectors) {
  const auto axes = axis_directions(3, 8);
  ASSERT_EQ(axes.size(), 3U);
  EXPECT_EQ(axes[1].name, "z2");
  EXPECT_EQ(axes[1].vector, (std::vector<float>{0, 1, 0}));
}

TEST(Directions, RandomOnesHaveLengthOneAndFollowTheirSeed) {
  const auto a = random_directions(50, 20, 1), b = random_directions(50, 20, 1), c = random_directions(50, 20, 2);
  EXPECT_EQ(a[7].vector, b[7].vector);
  EXPECT_NE(a[7].vector, c[7].vector);
  for (const Direction& one : a) EXPECT_NEAR(product(one.vector, one.vector), 1, 1e-6);
}

TEST(Directions, PrincipalOnesAreTheSingularVectorsOfTheFirstLayer) {
  NamedTensors weights;
  // W = diag(1, 3, 2) over a row of zeros: its right singular vectors are the axes, its singular values 3, 2, 1.
  weights["generator.dense.weight"] = Tensor::of<float>({4, 3}, std::vector<float>{1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0});
  const auto found = principal_directions(network(false), weights, 8);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].name, "principal 1");
  EXPECT_NEAR(found[0].strength, 3, 1e-9);
  EXPECT_NEAR(found[1].strength, 2, 1e-9);
  EXPECT_NEAR(found[0].vector[1], 1, 1e-6);
  EXPECT_NEAR(found[1].vector[2], 1, 1e-6);
  EXPECT_NEAR(found[2].vector[0], 1, 1e-6);
}

TEST(Directions, ATextNamesOne) {
  NamedTensors weights;
  weights["generator.dense.weight"] = Tensor::of<float>({4, 3}, std::vector<float>{1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0});
  const auto named = [&](const std::string& text) { return direction_named(text, network(false), weights); };
  EXPECT_EQ(named("z3").vector, (std::vector<float>{0, 0, 1}));
  EXPECT_EQ(named("z3").name, "z3");
  EXPECT_NEAR(named("principal2").vector[2], 1, 1e-6);
  EXPECT_EQ(named("2,0,-0.5").vector, (std::vector<float>{2, 0, -0.5}));
  EXPECT_EQ(named("2,0,-0.5").name, "");
  for (const std::string wrong :
       {"", "z", "z0", "z4", "z3x", "principal", "principal4", "1,2", "1,2,3,4", "1,2,inf", "17"})
    EXPECT_THROW(named(wrong), ConfigError) << wrong;
}

TEST(Directions, PrincipalOnesPassOverTheClassBesideZ) {
  NamedTensors weights;
  weights["generator.dense.weight"] =
      Tensor::of<float>({4, 5}, std::vector<float>{9, 9, 1, 0, 0, 9, 9, 0, 3, 0, 9, 9, 0, 0, 2, 9, 9, 0, 0, 0});
  const auto found = principal_directions(network(true), weights, 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].strength, 3, 1e-9);
  EXPECT_NEAR(found[0].vector[1], 1, 1e-6);
}

TEST(Directions, WantADenseLayerBehindZ) {
  net::Network n = network(false);
  n.nodes[1] = {"dense", {"z"}, net::LayerNorm{}};
  n.nodes[2].layer = net::Reshape{.shape = {1, 1, 3}};
  EXPECT_THROW(principal_directions(n, {}, 1), ConfigError);
}

}  // namespace
}  // namespace ganymede::explore
