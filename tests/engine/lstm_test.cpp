#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/matches.hpp"
#include "engine/reference/interpreter.hpp"
#include "engine/reference/reference_game.hpp"
#include "kernels/level.hpp"

namespace ganymede::engine {
namespace {

net::Network of_lstm(const Shape& in, const net::Lstm& layer) {
  return {.name = "n",
          .nodes = {{"x", {}, net::Input{.role = net::Role::vector, .shape = in}}, {"y", {"x"}, layer}},
          .outputs = {"y"}};
}

Variable<double>& lstm_variable(Interpreter<double>& interpreter, const std::string& name) {
  for (Variable<double>& v : interpreter.variables()) {
    if (v.name == name) return v;
  }
  throw std::out_of_range(name);
}

double logistic_of(double x) {
  return 1 / (1 + std::exp(-x));
}

// One unit, two steps, by hand; gates in the order i, f, g, o.
TEST(Lstm, FollowsItsEquationsOverASequence) {
  Interpreter<double> lstm(of_lstm({1, 2}, {.out = 1, .forget_bias = 1}));
  lstm_variable(lstm, "y.weight_ih").value = {0.5, -0.7, 0.9, 0.2};
  lstm_variable(lstm, "y.weight_hh").value = {0.3, 0.4, -0.6, 0.8};
  lstm_variable(lstm, "y.bias").value = {0.1, 0.2, -0.3, 0.05};
  lstm.forward({.count = 1, .values = {{"x", {0.8, -1.5}}}, .classes = {}});
  const double c1 = logistic_of(0.5 * 0.8 + 0.1) * std::tanh(0.9 * 0.8 - 0.3);
  const double h1 = logistic_of(0.2 * 0.8 + 0.05) * std::tanh(c1);
  const double i2 = logistic_of(0.5 * -1.5 + 0.3 * h1 + 0.1);
  const double f2 = logistic_of(-0.7 * -1.5 + 0.4 * h1 + 0.2 + 1);
  const double g2 = std::tanh(0.9 * -1.5 - 0.6 * h1 - 0.3);
  const double o2 = logistic_of(0.2 * -1.5 + 0.8 * h1 + 0.05);
  EXPECT_NEAR(lstm.value("y")[0], h1, 1e-15);
  EXPECT_NEAR(lstm.value("y")[1], o2 * std::tanh(f2 * c1 + i2 * g2), 1e-15);
}

TEST(Lstm, BeginsWithAVectorAndIsFedNothingLater) {
  Interpreter<double> lstm(of_lstm({1}, {.out = 1, .steps = 2, .bias = false, .forget_bias = 0.5}));
  lstm_variable(lstm, "y.weight_hh").value = {0.3, 0.4, -0.6, 0.8};
  lstm.forward({.count = 1, .values = {{"x", {0.7}}}, .classes = {}});
  double h = 0.7, c = 0.7;
  for (const std::size_t t : {0, 1}) {
    c = logistic_of(0.4 * h + 0.5) * c + logistic_of(0.3 * h) * std::tanh(-0.6 * h);
    h = logistic_of(0.8 * h) * std::tanh(c);
    EXPECT_NEAR(lstm.value("y")[t], h, 1e-15) << t;
  }
}

// Every gradient of sum(r y) against central differences, parameters and input.
TEST(Lstm, GradientsMatchFiniteDifferences) {
  for (const int steps : {0, 4}) {
    for (const bool bias : {true, false}) {
      const Shape in = steps > 0 ? Shape{3} : Shape{2, 4};
      Interpreter<double> lstm(of_lstm(in, {.out = 3, .steps = steps, .bias = bias}));
      std::uint32_t stream = 0;
      const auto fill = [&](std::vector<double>& values) {
        RandomSequence random(Random(7, "lstm"), stream++);
        for (double& v : values) v = 0.7 * random.normal();
      };
      for (Variable<double>& v : lstm.variables()) fill(v.value);
      EXPECT_EQ(lstm.variables().size(), (steps > 0 ? 1U : 2U) + (bias ? 1U : 0U));
      NamedInputs<double> feed{.count = 2, .values = {{"x", {}}}, .classes = {}};
      feed.values["x"].resize(static_cast<std::size_t>(2 * element_count(in)));
      std::vector<double> r(2 * 3 * 4);
      fill(feed.values["x"]);
      fill(r);
      const auto loss = [&] {
        lstm.forward(feed, {.training = true});
        double sum = 0;
        for (std::size_t i = 0; i < r.size(); ++i) sum += r[i] * lstm.value("y")[i];
        return sum;
      };
      loss();
      lstm.backward({{"y", r}});
      const std::vector<double> input_gradient = lstm.gradient("x");
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
          ASSERT_NEAR(gradient[i], (above - below) / (2 * h), 1e-8) << name << " " << i << " steps " << steps;
        }
      };
      for (Variable<double>& v : lstm.variables()) {
        const std::vector<double> gradient = v.gradient;
        check(v.value, gradient, v.name);
      }
      check(feed.values["x"], input_gradient, "x");
    }
  }
}

TEST(Lstm, RefusesWhatIsNoSequenceAndAnotherState) {
  const auto fault = [](const Shape& in, const net::Lstm& layer) {
    try {
      net::infer_shapes(of_lstm(in, layer));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(fault({5}, {.out = 5}).find("sequence [C, T]"), std::string::npos);
  EXPECT_NE(fault({4}, {.out = 5, .steps = 3}).find("begin with a state [5]"), std::string::npos);
  EXPECT_NE(fault({5, 3}, {.out = 5, .steps = 3}).find("begin with a state [5]"), std::string::npos);
  EXPECT_EQ(fault({5}, {.out = 5, .steps = 3}), "");
}

// A recurrent generator against a small convolutional D; `fed`: the LSTM reads a sequence rather than beginning with a
// state.
Match column_match(int width, bool fed, net::Condition condition = net::Condition::none) {
  const int classes = condition == net::Condition::none ? 0 : 3;
  Match m{net::lstm_generator(
              {.latent_dim = 4, .classes = classes, .condition = condition, .width = width, .rows = 6, .columns = 6}),
          net::conv_discriminator({.classes = classes,
                                   .condition = condition,
                                   .image_size = 6,
                                   .activation = {.kind = net::ActivationKind::leaky_relu, .negative_slope = 0.3F},
                                   .dropout = 0},
                                  {5, 8}),
          4, classes};
  if (!fed) return m;
  net::Network& g = m.generator;
  const auto at = g.nodes.begin() + g.index_of("lstm");
  at->layer = net::Lstm{.out = width, .bias = false};
  at->inputs = {"sequence"};
  std::get<net::Dense>(g.nodes[static_cast<std::size_t>(g.index_of("dense"))].layer).out = 7 * 6;
  g.nodes.insert(at, {"sequence", {"act0"}, net::Reshape{{7, 6}}});
  return m;
}

TEST(CpuExecutor, MatchesTheReferenceOnLstmNetworks) {
  for (const auto& [width, fed] : {std::pair{16, false}, {20, true}, {5, false}, {33, true}}) {
    const Match m = column_match(width, fed, width == 20 ? net::Condition::concat : net::Condition::none);
    SCOPED_TRACE(testing::Message() << width << (fed ? " fed" : ""));
    const auto fast = make_fast(m, 40, 2);
    ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = 40});
    fast->set_state(start(m));
    slow.set_state(start(m));
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

TEST(CpuExecutor, UnrollsAGameWithAnLstmGenerator) {
  Match m = column_match(16, false);
  m.game.unroll = 3;
  const auto fast = make_fast(m, 16, 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = 16});
  fast->set_state(start(m));
  slow.set_state(start(m));
  const Data data = make_data(m, 16, 0);
  fast->step(data.batch(16, 0), Phase::both);
  slow.step(data.batch(16, 0), Phase::both);
  expect_close(fast->gradients(), slow.gradients(), 1e-4, "gradient");
}

TEST(CpuExecutor, LstmNetworksGiveTheSameBitsForAnyThreadsAndLevel) {
  for (const bool fed : {false, true}) {
    const Match m = column_match(20, fed);
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
}

}  // namespace
}  // namespace ganymede::engine
