#include <gtest/gtest.h>

#include <cmath>

#include "engine/matches.hpp"
#include "engine/reference/interpreter.hpp"
#include "engine/reference/reference_game.hpp"
#include "kernels/level.hpp"

namespace ganymede::engine {
namespace {

net::Network single(std::int64_t channels, std::int64_t steps, std::int64_t cells, const net::Layer& layer) {
  return {.name = "n",
          .nodes = {{"x", {}, net::Input{.role = net::Role::image, .shape = {channels, steps, cells}}},
                    {"y", {"x"}, layer}},
          .outputs = {"y"}};
}

Variable<double>& variable(Interpreter<double>& interpreter, const std::string& name) {
  for (Variable<double>& v : interpreter.variables()) {
    if (v.name == name) return v;
  }
  throw std::out_of_range(name);
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// Ballas et al. 2016, eqs. 3-6, by hand for one unit, one cell and two steps.
TEST(ConvGru, FollowsTheEquationsOfThePaper) {
  Interpreter<double> gru(single(1, 2, 1, net::ConvGru{.out = 1, .kernel = 1}));
  variable(gru, "y.weight_ih").value = {0.5, -0.7, 0.9};
  variable(gru, "y.weight_hh").value = {0.3, 0.4, -0.6};
  variable(gru, "y.bias").value = {0.1, 0.2, -0.3};
  gru.forward({.count = 1, .values = {{"x", {0.8, -1.5}}}, .classes = {}});
  const double u1 = sigmoid(-0.7 * 0.8 + 0.2);
  const double h1 = u1 * std::tanh(0.9 * 0.8 - 0.3);
  const double r2 = sigmoid(0.5 * -1.5 + 0.3 * h1 + 0.1);
  const double u2 = sigmoid(-0.7 * -1.5 + 0.4 * h1 + 0.2);
  const double h2 = (1 - u2) * h1 + u2 * std::tanh(0.9 * -1.5 - 0.6 * (r2 * h1) - 0.3);
  EXPECT_NEAR(gru.value("y")[0], h1, 1e-15);
  EXPECT_NEAR(gru.value("y")[1], h2, 1e-15);
}

TEST(ConvGru, LooksAtNeighbouringCellsOnly) {
  Interpreter<double> gru(single(1, 1, 4, net::ConvGru{.out = 1, .kernel = 3}));
  for (Variable<double>& v : gru.variables()) v.value.assign(v.value.size(), 0.5);
  gru.forward({.count = 1, .values = {{"x", {0, 0, 0, 1}}}, .classes = {}});
  const auto& h = gru.value("y");
  EXPECT_EQ(h[0], h[1]);
  EXPECT_NE(h[1], h[2]);
  EXPECT_EQ(h[2], h[3]);
}

// Every gradient of sum(r y) against central differences, parameters and input.
TEST(ConvGru, GradientsMatchFiniteDifferences) {
  for (const int kernel : {1, 2, 3}) {
    for (const bool bias : {true, false}) {
      Interpreter<double> gru(single(2, 4, 3, net::ConvGru{.out = 3, .kernel = kernel, .bias = bias}));
      std::uint32_t stream = 0;
      const auto fill = [&](std::vector<double>& values) {
        RandomSequence random(Random(7, "gru"), stream++);
        for (double& v : values) v = 0.7 * random.normal();
      };
      for (Variable<double>& v : gru.variables()) fill(v.value);
      NamedInputs<double> feed{.count = 2, .values = {{"x", std::vector<double>(48)}}, .classes = {}};
      std::vector<double> r(72);
      fill(feed.values["x"]);
      fill(r);
      const auto loss = [&] {
        gru.forward(feed, {.training = true});
        double sum = 0;
        for (std::size_t i = 0; i < r.size(); ++i) sum += r[i] * gru.value("y")[i];
        return sum;
      };
      loss();
      gru.backward({{"y", r}});
      const std::vector<double> input_gradient = gru.gradient("x");
      const auto check = [&](std::vector<double>& values, const std::vector<double>& gradient,
                             const std::string& name) {
        constexpr double h = 1e-5;
        for (std::size_t i = 0; i < values.size(); ++i) {
          const double kept = values[i];
          values[i] = kept + h;
          const double above = loss();
          values[i] = kept - h;
          const double below = loss();
          values[i] = kept;
          ASSERT_NEAR(gradient[i], (above - below) / (2 * h), 1e-8) << name << " " << i << " kernel " << kernel;
        }
      };
      for (Variable<double>& v : gru.variables()) {
        const std::vector<double> gradient = v.gradient;
        check(v.value, gradient, v.name);
      }
      check(feed.values["x"], input_gradient, "x");
    }
  }
}

TEST(Permute, MovesAxes) {
  Interpreter<double> permute(single(3, 2, 1, net::Permute{{2, 1, 0}}));
  permute.forward({.count = 1, .values = {{"x", {1, 2, 3, 4, 5, 6}}}, .classes = {}});
  EXPECT_EQ(permute.value("y"), (std::vector<double>{1, 3, 5, 2, 4, 6}));
  permute.backward({{"y", {10, 20, 30, 40, 50, 60}}});
  EXPECT_EQ(permute.gradient("x"), (std::vector<double>{10, 40, 20, 50, 30, 60}));
}

Match ink_match(int width, int cells, int kernel, net::Condition condition, float dropout = 0) {
  return {net::ink_generator({.latent_dim = 4,
                              .classes = 3,
                              .condition = condition,
                              .width = width,
                              .cells = cells,
                              .kernel = kernel,
                              .layers = 2,
                              .moves = 5}),
          net::ink_discriminator({.classes = 3, .condition = condition, .width = 24, .moves = 5, .dropout = dropout}),
          4, 3};
}

// Where tanh saturates, its slope 1 - y^2 has few digits in f32.
NamedTensors gentle_start(const Match& m) {
  NamedTensors state = start(m);
  for (float& w : state["generator.conv.weight"].values<float>()) w *= 0.2F;
  return state;
}

TEST(CpuExecutor, MatchesReferenceOnInkNetworks) {
  struct Case {
    int width, cells, kernel;
    net::Condition condition;
  };
  for (const Case& c : {Case{16, 1, 1, net::Condition::concat}, Case{20, 3, 3, net::Condition::embedding},
                        Case{40, 4, 2, net::Condition::concat}}) {
    Match m = ink_match(c.width, c.cells, c.kernel, c.condition);
    for (const double clip : {0.0, 0.05}) {
      m.game.generator.clip_norm = m.game.discriminator.clip_norm = clip;
      auto fast = make_fast(m, 40, 2);
      ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = 40});
      fast->set_state(gentle_start(m));
      slow.set_state(gentle_start(m));
      std::uint32_t number = 0;
      for (const Phase phase : {Phase::both, Phase::discriminator, Phase::generator}) {
        const Data data = make_data(m, 37, number);
        const StepResult a = fast->step(data.batch(37, number), phase);
        const StepResult b = slow.step(data.batch(37, number), phase);
        EXPECT_NEAR(a.generator_loss, b.generator_loss, 1e-5);
        EXPECT_NEAR(a.discriminator_loss, b.discriminator_loss, 1e-5);
        expect_close(fast->gradients(), slow.gradients(), 2e-5, "gradient");
        ++number;
      }
      const Data data = make_data(m, 37, 9);
      const Inputs inputs{.count = 37, .values = data.z, .classes = data.classes};
      expect_close({{"generator", fast->infer("generator", inputs).output}},
                   {{"generator", slow.infer("generator", inputs, false, {}, {}).output}}, 1e-5, "inference");
    }
  }
}

TEST(CpuExecutor, InkNetworksGiveTheSameBitsForAnyThreadsAndLevel) {
  const Match m = ink_match(20, 3, 3, net::Condition::concat, 0.3F);
  const NamedTensors wanted = train_a_little(m, 1);
  EXPECT_EQ(train_a_little(m, 2), wanted);
  EXPECT_EQ(train_a_little(m, 3), wanted);
  const std::string before = kernels::level();  // NOLINT(performance-unnecessary-copy-initialization): it changes
  for (const std::string& level : kernels::available_levels()) {
    kernels::set_level(level);
    EXPECT_EQ(train_a_little(m, 2), wanted) << level;
  }
  kernels::set_level(before);
}

}  // namespace
}  // namespace ganymede::engine
