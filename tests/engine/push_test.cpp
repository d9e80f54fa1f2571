#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "engine/executor.hpp"
#include "net/network.hpp"
#include "play/game.hpp"

namespace ganymede::engine {
namespace {

/// A discriminator of points [2, 1, 1] with the layers in between.
net::Network judge(const std::vector<net::Layer>& hidden) {
  net::Network network{.name = "discriminator", .nodes = {}, .outputs = {"logit"}};
  network.nodes.push_back({"x", {}, net::Input{.role = net::Role::image, .shape = {2, 1, 1}}});
  network.nodes.push_back({"flat", {"x"}, net::Reshape{{-1}}});
  std::string last = "flat";
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const std::string name = "h" + std::to_string(i);
    network.nodes.push_back({name, {last}, hidden[i]});
    last = name;
  }
  network.nodes.push_back({"logit", {last}, net::Dense{1}});
  return network;
}

NamedTensors weights_of(const net::Network& network) {
  NamedTensors all;
  RandomSequence random(Random(3, "push"), 0);
  for (const net::Parameter& p : net::parameters(network)) {
    Tensor tensor(DType::f32, p.shape);
    for (float& v : tensor.values<float>()) v = static_cast<float>(random.uniform(-1, 1));
    all[network.name + "." + p.name] = std::move(tensor);
  }
  return all;
}

std::vector<float> some_points(std::int64_t count) {
  std::vector<float> points;
  RandomSequence random(Random(4, "push"), 0);
  for (std::int64_t i = 0; i < 2 * count; ++i) points.push_back(static_cast<float>(random.uniform(-1, 1)));
  return points;
}

/// G's loss of one logit, by its formula in play::Loss.
double generator_loss(Loss loss, double s) {
  switch (loss) {
    case Loss::non_saturating:
      return std::log1p(std::exp(-s));
    case Loss::saturating:
      return -std::log1p(std::exp(s));
    case Loss::least_squares:
      return (s - 1) * (s - 1);
    case Loss::absolute:
      return 1 - 1 / (1 + std::exp(-s));
    case Loss::hinge:
    case Loss::wasserstein:
      return -s;
  }
  return NAN;
}

TEST(Push, OfALinearDiscriminatorIsItsWeightTimesTheSlopeOfTheLoss) {
  const net::Network network = judge({});
  NamedTensors weights;
  weights["discriminator.logit.weight"] = Tensor::of<float>({1, 2}, std::vector<float>{2, -1});
  weights["discriminator.logit.bias"] = Tensor::of<float>({1}, std::vector<float>{0.5});
  Model model(network, 4, 1);
  model.load(weights);
  const std::vector<float> points{0, 0, 1, 1, -1, 2};  // logits 0.5, 1.5, -3.5
  const Inputs inputs{.count = 3, .values = points};
  const Tensor straight = model.push(inputs, Loss::wasserstein);
  EXPECT_EQ(straight.shape(), (Shape{3, 2, 1, 1}));
  const Tensor usual = model.push(inputs, Loss::non_saturating);
  const double logits[] = {0.5, 1.5, -3.5};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(straight.values<float>()[2 * i], 2);
    EXPECT_EQ(straight.values<float>()[2 * i + 1], -1);
    const double slope = 1 / (1 + std::exp(logits[i]));
    EXPECT_NEAR(usual.values<float>()[2 * i], 2 * slope, 1e-6);
    EXPECT_NEAR(usual.values<float>()[2 * i + 1], -slope, 1e-6);
  }
}

// Through every curve that has a slope, with a dropout and a rrelu that draw nothing, in pieces of the batch.
TEST(Push, IsMinusTheFiniteDifferenceOfTheLossThatInferenceHas) {
  const net::Network network =
      judge({net::Dense{16}, net::Activation{.kind = net::ActivationKind::tanh}, net::Dropout{0.5F}, net::Dense{12},
             net::Activation{.kind = net::ActivationKind::elu}, net::Dense{8},
             net::Activation{.kind = net::ActivationKind::rrelu}});
  Model model(network, 8, 2);
  model.load(weights_of(network));
  const std::int64_t count = 21;
  const std::vector<float> points = some_points(count);
  for (const auto& [loss, name] : table_of<Loss>()) {
    const Tensor pushed = model.push({.count = count, .values = points}, loss);
    int held = 0;
    for (std::size_t at = 0; at < points.size(); ++at) {
      const auto loss_with = [&](float change) {
        std::vector<float> moved = points;
        moved[at] += change;
        const Tensor logits = model.infer({.count = count, .values = moved}).output;
        return generator_loss(loss, logits.values<float>()[at / 2]);
      };
      constexpr float kStep = 1.0F / 256;
      const double difference = (loss_with(kStep) - loss_with(-kStep)) / (2.0 * kStep);
      held += std::abs(pushed.values<float>()[at] + difference) < 2e-3 * (1 + std::abs(difference));
    }
    EXPECT_GE(held, 2 * count - 2) << name << ": but for a kink of the rrelu";
  }
}

TEST(Push, FollowsTheWeightsAndDependsOnNoNeighbour) {
  const net::Network network = judge({net::Dense{16}, net::Activation{.kind = net::ActivationKind::tanh}});
  Model model(network, 8, 1);
  NamedTensors weights = weights_of(network);
  model.load(weights);
  const std::vector<float> points = some_points(11);
  const Tensor all = model.push({.count = 11, .values = points}, Loss::non_saturating);
  const Tensor last = model.push({.count = 1, .values = std::span(points).last(2)}, Loss::non_saturating);
  EXPECT_NEAR(last.values<float>()[0], all.values<float>()[20], 1e-6);
  for (float& v : weights.at("discriminator.h0.weight").values<float>()) v = -v;
  model.load(weights);
  EXPECT_NE(model.push({.count = 11, .values = points}, Loss::non_saturating), all);
  EXPECT_THROW(model.push({.count = 2, .values = std::span(points).last(2)}, Loss::hinge), ShapeError);
}

TEST(Push, IsRefusedWhereSamplesAreCoupled) {
  Model model(judge({net::Dense{4}, net::BatchNorm{}}), 8, 1);
  const std::vector<float> points = some_points(1);
  EXPECT_THROW(model.push({.count = 1, .values = points}, Loss::hinge), ConfigError);
}

}  // namespace
}  // namespace ganymede::engine
