#include <gtest/gtest.h>

#include "base/enumerators.hpp"
#include "base/error.hpp"
#include "engine/tangent_trial.hpp"
#include "kernels/level.hpp"
#include "net/description.hpp"
#include "net/families.hpp"

namespace ganymede::engine {
namespace {

net::DiscriminatorConfig small() {
  return {.width = 8, .image_size = 12, .dropout = 0};
}

TEST(Dual, CarriesTheDerivativesOfItsOperations) {
  constexpr double kX = 0.7, kStep = 1e-6;
  const auto f = [](auto x) {
    using std::exp, std::expm1, std::sqrt, std::tanh;
    auto y = x * x - 3 * x + 1 / (x + 2);
    y += tanh(x) * exp(-x);
    y /= sqrt(x) + 1;
    y -= expm1(x) * 0.5;
    y *= x;
    return y;
  };
  EXPECT_NEAR(f(Dual(kX, 1)).tangent, (f(kX + kStep) - f(kX - kStep)) / (2 * kStep), 1e-8);
  EXPECT_DOUBLE_EQ(f(Dual(kX, 1)).value, f(kX));
  EXPECT_EQ(sqrt(Dual(0, 1)).tangent, 0);
}

// In double the interpreter's own tangent is what differences of its gradients come to.
TEST(Interpreter, OnDualNumbersGivesDifferencesOfItsGradients) {
  auto config = small();
  config.activation = {.kind = net::ActivationKind::tanh};
  config.norm = net::Norm::layer;
  const net::Network network = net::digits_discriminator(config);
  const NamedTensors weights = net::initialise(network, 3);
  std::vector<float> drawn(2 * 144), along(2 * 144);
  Random(4, "x").normal(0, drawn);
  Random(4, "x").normal(1, along);
  const auto gradients = [&](double t) {
    Interpreter<double> d(network);
    d.set_parameters(weights);
    std::vector<double> x(drawn.begin(), drawn.end());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += t * along[i];
    d.forward(named_inputs<double>(network, 2, x, {}), {.training = true});
    d.backward({{"dense", {1, 1}}});
    return std::vector<double>(d.variables()[0].gradient);
  };
  Interpreter<Dual> d(network);
  d.set_parameters(weights);
  std::vector<Dual> x(drawn.begin(), drawn.end());
  for (std::size_t i = 0; i < x.size(); ++i) x[i].tangent = along[i];
  d.forward(named_inputs<Dual>(network, 2, std::span<const Dual>(x), {}), {.training = true});
  d.backward({{"dense", {1, 1}}});
  constexpr double kStep = 1e-5;
  const auto up = gradients(kStep), down = gradients(-kStep);
  for (std::size_t i = 0; i < up.size(); ++i)
    EXPECT_NEAR(d.variables()[0].gradient[i].tangent, (up[i] - down[i]) / (2 * kStep), 1e-7 * (1 + std::fabs(up[i])));
}

TEST(Tangents, OfThePerceptronMatchDualNumbers) {
  for (const std::vector<int>& widths : {std::vector<int>{128}, {20, 36}}) {
    expect_right_tangents(net::mlp_discriminator({.coordinates = 2, .widths = widths, .norm = net::Norm::none}), 70);
  }
  expect_right_tangents(net::mlp_discriminator({.coordinates = 3, .widths = {24}, .norm = net::Norm::layer}), 9);
}

TEST(Tangents, MatchDualNumbersWithEveryActivation) {
  using Kind = net::ActivationKind;
  std::vector<net::Activation> activations{
      {.kind = Kind::relu, .negative_slope = 0.1F, .max_value = 0.5F, .threshold = 0.05F}};
  for (const auto& [kind, name] : ganymede::testing::enumerators<Kind>())
    activations.push_back({.kind = kind, .negative_slope = 0.2F});
  for (const net::Activation& activation : activations) {
    SCOPED_TRACE(net::name_of(activation.kind));
    for (const float dropout : {0.0F, 0.3F}) {
      auto config = small();
      config.activation = activation;
      config.dropout = dropout;
      expect_right_tangents(net::digits_discriminator(config), 5);
    }
  }
}

// Plans for 32 samples and more convolve by transform.
TEST(Tangents, MatchDualNumbersWithTransformConvolutionsAndColour) {
  auto config = small();
  config.width = 16;
  config.channels = 3;
  config.dropout = 0.3F;
  expect_right_tangents(net::digits_discriminator(config), 33);
}

TEST(Tangents, MatchDualNumbersWithClassesAndNorms) {
  for (const net::Norm norm : {net::Norm::none, net::Norm::layer}) {
    for (const net::Condition condition : {net::Condition::embedding, net::Condition::concat}) {
      auto config = small();
      config.classes = 3;
      config.condition = condition;
      config.auxiliary = true;
      config.norm = norm;
      expect_right_tangents(net::digits_discriminator(config), 6);
    }
  }
}

TEST(Tangents, MatchDualNumbersOnTheInkAndPhotoFamilies) {
  expect_right_tangents(net::ink_discriminator({.classes = 3, .condition = net::Condition::concat, .width = 24}), 7);
  expect_right_tangents(net::photo_discriminator({.width = 6, .image_size = 16, .channels = 3}), 4);
}

TEST(Tangents, HaveTheSameBitsAtEveryVectorLevel) {
  auto config = small();
  config.width = 16;
  config.activation = {.kind = net::ActivationKind::elu};
  TangentTrial trial(net::digits_discriminator(config), 33, {true, true});
  const std::string before = kernels::level();  // NOLINT(performance-unnecessary-copy-initialization): it changes
  const auto best = trial.by_engine(2);
  for (const std::string& level : kernels::available_levels()) {
    kernels::set_level(level);
    EXPECT_EQ(trial.by_engine(2), best) << level;
  }
  kernels::set_level(before);
}

TEST(Tangents, AreRefusedNamingTheLayerAndTheKeyThatAskedForThem) {
  auto config = small();
  config.norm = net::Norm::batch;
  TangentTrial trial(net::digits_discriminator(config), 4, {true, true});
  try {
    trial.by_engine(1);
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with("test: layer 'norm1' of the discriminator (batch_norm)")) << text;
  }
}

}  // namespace
}  // namespace ganymede::engine
