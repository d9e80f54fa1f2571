#include "engine/reference/interpreter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/enumerators.hpp"
#include "base/philox.hpp"

namespace ganymede::engine {
namespace {

using net::Activation;
using net::ActivationKind;
using net::Network;
using net::Padding;
using net::Role;

using Values = std::vector<double>;

Values random_values(std::size_t count, const std::string& stream, double scale = 1) {
  Values values(count);
  RandomSequence random(Random(1, stream), 0);
  for (double& v : values) v = scale * random.normal();
  return values;
}

net::Input image(std::int64_t c, std::int64_t h, std::int64_t w) {
  return {.role = Role::image, .shape = {c, h, w}};
}

// "x" -> one layer "y".
Network single(const net::Input& input, const net::Layer& layer) {
  return {.name = "n", .nodes = {{"x", {}, input}, {"y", {"x"}, layer}}, .outputs = {"y"}};
}

Variable<double>& variable(Interpreter<double>& interpreter, const std::string& name) {
  for (Variable<double>& v : interpreter.variables()) {
    if (v.name == name) return v;
  }
  throw std::out_of_range(name);
}

Values ramp(std::size_t count) {
  Values values(count);
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

// One layer's output with the weight 1, 2, 3 ... and no bias.
Values output_of(const net::Input& input, const net::Layer& layer, const Values& x) {
  Interpreter<double> interpreter(single(input, layer));
  for (Variable<double>& v : interpreter.variables()) {
    if (v.name == "y.weight") v.value = ramp(v.value.size());
  }
  const auto count = static_cast<std::int64_t>(x.size()) / element_count(input.shape);
  interpreter.forward({.count = count, .values = {{"x", x}}, .classes = {}});
  return interpreter.value("y");
}

// The gradients of sum(r * output), r random, against central differences, for every parameter and every input.
// The sum is of order 10, so that the difference carries a rounding error of about 1e-15 / h and a curvature error of
// h^2 times the third derivative.
void expect_gradients(const Network& network, std::int64_t count, const Mode<double>& mode = {.training = true},
                      double tolerance = 2e-8) {
  constexpr double h = 1e-5;
  Interpreter<double> interpreter(network);
  for (Variable<double>& v : interpreter.variables()) {
    v.value = random_values(v.value.size(), v.name);
    if (v.name.ends_with("running_var")) {
      for (double& x : v.value) x = 0.5 + x * x;
    }
  }
  NamedInputs<double> feed{.count = count, .values = {}, .classes = {}};
  for (const net::Node& node : network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input == nullptr) continue;
    if (input->role == Role::class_index) {
      for (std::int64_t n = 0; n < count; ++n) {
        feed.classes[node.name].push_back(static_cast<std::int32_t>((2 * n + 1) % input->classes));
      }
    } else {
      feed.values[node.name] = random_values(static_cast<std::size_t>(count * element_count(input->shape)), node.name);
    }
  }
  interpreter.forward(feed, mode);
  std::map<std::string, Values> r;
  for (const std::string& out : network.outputs) r[out] = random_values(interpreter.value(out).size(), "r." + out);
  interpreter.backward(r);

  const auto objective = [&] {
    interpreter.forward(feed, mode);
    double sum = 0;
    for (const auto& [out, weights] : r) {
      for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * interpreter.value(out)[i];
    }
    return sum;
  };
  const auto expect_slopes = [&](const std::string& name, Values& at, const Values& gradient) {
    ASSERT_EQ(at.size(), gradient.size()) << name;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double middle = at[i];
      at[i] = middle + h;
      const double above = objective();
      at[i] = middle - h;
      const double below = objective();
      at[i] = middle;
      EXPECT_NEAR(gradient[i], (above - below) / (2 * h), tolerance * (1 + std::fabs(gradient[i]))) << name << i;
    }
  };
  std::vector<Values> variable_gradients;
  for (const Variable<double>& v : interpreter.variables()) variable_gradients.push_back(v.gradient);
  for (auto& [name, values] : feed.values) expect_slopes(name, values, Values(interpreter.gradient(name)));
  for (std::size_t k = 0; k < variable_gradients.size(); ++k) {
    Variable<double>& v = interpreter.variables()[k];
    if (v.trainable) expect_slopes(v.name, v.value, variable_gradients[k]);
  }
}

TEST(InterpreterConv, PadsTheOddPixelAfter) {
  // 4 columns, kernel 1x3, stride 2: one pixel of padding, after.
  EXPECT_EQ(output_of(image(1, 1, 4), net::Conv{.out = 1, .kernel = {1, 3}, .stride = {1, 2}, .padding = {}},
                      {1, 10, 100, 1000}),
            (Values{1 + 2 * 10 + 3 * 100, 100 + 2 * 1000}));
}

TEST(InterpreterConv, IsACrossCorrelationOverAllChannels) {
  const Padding none{.same = false};
  // weight[0][0] = [1 2], weight[0][1] = [3 4]; weight[1] = [5 6], [7 8].
  EXPECT_EQ(output_of(image(2, 1, 2), net::Conv{.out = 2, .kernel = {1, 2}, .padding = none}, {1, 10, 100, 1000}),
            (Values{1 + 20 + 300 + 4000, 5 + 60 + 700 + 8000}));
}

TEST(InterpreterConv, ReadsExplicitPadding) {
  const Padding pad{.same = false, .top = 1, .bottom = 0, .left = 0, .right = 1};
  // 2x2 kernel [1 2; 3 4] on [1 10; 100 1000] with a row above and a column to the right.
  EXPECT_EQ(output_of(image(1, 2, 2), net::Conv{.out = 1, .kernel = {2, 2}, .padding = pad}, {1, 10, 100, 1000}),
            (Values{3 + 40, 30, 1 + 20 + 300 + 4000, 10 + 3000}));
}

TEST(InterpreterConvTranspose, SpreadsEachPixel) {
  // 2 columns, kernel 1x3, stride 2, same: 4 of the 5 columns [1 2 3+10 20 30], the last cut off.
  EXPECT_EQ(output_of(image(1, 1, 2), net::ConvTranspose{.out = 1, .kernel = {1, 3}, .stride = {1, 2}, .padding = {}},
                      {1, 10}),
            (Values{1, 2, 13, 20}));
}

TEST(InterpreterConv, AddsTheBiasToEveryPosition) {
  Interpreter<double> interpreter(single(image(1, 2, 1), net::Conv{.out = 2, .kernel = {1, 1}, .padding = {}}));
  variable(interpreter, "y.bias").value = {5, 7};
  interpreter.forward({.count = 1, .values = {{"x", {0, 0}}}, .classes = {}});
  EXPECT_EQ(interpreter.value("y"), (Values{5, 5, 7, 7}));
}

// <conv(x), y> = <x, convT(y)> for the same weight: the two tensors [small, large, kh, kw] are one.
TEST(InterpreterConvTranspose, IsTheAdjointOfConv) {
  int checked = 0;
  for (const int kernel : {1, 2, 3, 4, 5}) {
    for (const int stride : {1, 2, 3}) {
      for (const bool same : {true, false}) {
        const Padding padding = same ? Padding{} : Padding{.same = false, .top = 1, .bottom = 0, .left = 0, .right = 1};
        const net::Pair k{kernel, (kernel + 1) / 2 + 1}, s{stride, 3 - stride % 3};
        const net::Conv conv{.out = 3, .kernel = k, .stride = s, .padding = padding, .bias = false};
        const net::ConvTranspose up{.out = 2, .kernel = k, .stride = s, .padding = padding, .bias = false};
        // The large image must be one that the transposed convolution makes.
        const Shape small = {3, 3, 4};
        const Shape large = net::infer_shapes(single(image(3, 3, 4), up)).back();
        ASSERT_EQ(net::infer_shapes(single(image(2, large[1], large[2]), conv)).back(), small);
        Interpreter<double> down(single(image(2, large[1], large[2]), conv));
        Interpreter<double> back(single(image(3, 3, 4), up));
        const Values weight = random_values(down.variables()[0].value.size(), "weight");
        ASSERT_EQ(back.variables()[0].value.size(), weight.size());
        down.variables()[0].value = weight;
        back.variables()[0].value = weight;
        const Values x = random_values(static_cast<std::size_t>(element_count(large)), "x");
        const Values y = random_values(static_cast<std::size_t>(element_count(small)), "y");
        down.forward({.count = 1, .values = {{"x", x}}, .classes = {}});
        back.forward({.count = 1, .values = {{"x", y}}, .classes = {}});
        const Values& ax = down.value("y");
        const Values& ay = back.value("y");
        EXPECT_NEAR(std::inner_product(ax.begin(), ax.end(), y.begin(), 0.0),
                    std::inner_product(x.begin(), x.end(), ay.begin(), 0.0), 1e-12);
        ++checked;
      }
    }
  }
  EXPECT_EQ(checked, 30);
}

TEST(InterpreterConv, GradientsMatchFiniteDifferences) {
  for (const int kernel : {1, 2, 3, 4, 5}) {
    for (const int stride : {1, 2, 3}) {
      const net::Pair k{kernel, 6 - kernel}, s{stride, 1 + stride % 3};
      const Padding pad{.same = false, .top = 2, .bottom = 1, .left = 0, .right = 3};
      expect_gradients(single(image(2, 5, 3), net::Conv{.out = 3, .kernel = k, .stride = s, .padding = {}}), 2);
      expect_gradients(single(image(2, 5, 4), net::Conv{.out = 2, .kernel = k, .stride = s, .padding = pad}), 1);
    }
  }
}

TEST(InterpreterConvTranspose, GradientsMatchFiniteDifferences) {
  for (const int kernel : {1, 2, 3, 4, 5}) {
    for (const int stride : {1, 2, 3}) {
      const net::Pair k{kernel, 6 - kernel}, s{stride, 1 + stride % 3};
      const Padding pad{.same = false, .top = 1, .bottom = 0, .left = 0, .right = 1};
      expect_gradients(single(image(2, 3, 2), net::ConvTranspose{.out = 3, .kernel = k, .stride = s, .padding = {}}),
                       2);
      expect_gradients(single(image(2, 2, 4), net::ConvTranspose{.out = 1, .kernel = k, .stride = s, .padding = pad}),
                       1);
    }
  }
}

TEST(InterpreterConv, TreatsASequenceAsAnImageOfOneRow) {
  const Values x = random_values(2 * 3 * 7, "x");
  const net::Input sequence{.role = Role::vector, .shape = {3, 7}};
  const net::Conv conv{.out = 2, .kernel = {1, 4}, .stride = {1, 2}, .padding = {}};
  EXPECT_EQ(output_of(sequence, conv, x), output_of(image(3, 1, 7), conv, x));
  const net::ConvTranspose up{.out = 2, .kernel = {1, 4}, .stride = {1, 2}, .padding = {}};
  EXPECT_EQ(output_of(sequence, up, x), output_of(image(3, 1, 7), up, x));
  expect_gradients(single(sequence, conv), 2);
}

TEST(InterpreterDense, MultipliesTheFlattenedInput) {
  EXPECT_EQ(output_of(image(2, 1, 2), net::Dense{2}, {1, 10, 100, 1000}), (Values{4321, 8765}));
  expect_gradients(single(image(2, 3, 1), net::Dense{4}), 3);
}

TEST(InterpreterBatchNorm, NormalisesEachGroupByItself) {
  Interpreter<double> interpreter(single({.role = Role::latent, .shape = {1}}, net::BatchNorm{.epsilon = 1e-12}));
  variable(interpreter, "y.weight").value = {2};
  variable(interpreter, "y.bias").value = {1};
  interpreter.forward({.count = 4, .values = {{"x", {0, 2, 10, 30}}}, .classes = {}}, {.training = true, .groups = 2});
  const Values wanted = {-1, 3, -1, 3};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(interpreter.value("y")[i], wanted[i], 1e-11);
}

TEST(InterpreterBatchNorm, MovesItsStatisticsOnceAGroupWhenTold) {
  Interpreter<double> interpreter(single({.role = Role::latent, .shape = {1}}, net::BatchNorm{.momentum = 0.75}));
  variable(interpreter, "y.running_var").value = {1};
  interpreter.forward({.count = 4, .values = {{"x", {0, 2, 10, 30}}}, .classes = {}}, {.training = true, .groups = 2});
  EXPECT_EQ(variable(interpreter, "y.running_mean").value[0], 0);
  interpreter.update_running_statistics();
  EXPECT_DOUBLE_EQ(variable(interpreter, "y.running_mean").value[0], 0.75 * (0.25 * 1) + 0.25 * 20);
  // The population's variance: 1 and 100.
  EXPECT_DOUBLE_EQ(variable(interpreter, "y.running_var").value[0], 0.75 * (0.75 * 1 + 0.25 * 1) + 0.25 * 100);
}

TEST(InterpreterBatchNorm, UsesRunningStatisticsInInference) {
  Interpreter<double> interpreter(single({.role = Role::latent, .shape = {1}}, net::BatchNorm{.epsilon = 0.5}));
  variable(interpreter, "y.weight").value = {3};
  variable(interpreter, "y.running_mean").value = {4};
  variable(interpreter, "y.running_var").value = {3.5};
  interpreter.forward({.count = 1, .values = {{"x", {6}}}, .classes = {}});
  EXPECT_DOUBLE_EQ(interpreter.value("y")[0], 3 * 2 / 2.0);
  interpreter.update_running_statistics();  // no training, no change
  EXPECT_EQ(variable(interpreter, "y.running_mean").value[0], 4);
}

TEST(InterpreterBatchNorm, GradientsMatchFiniteDifferences) {
  expect_gradients(single(image(2, 3, 2), net::BatchNorm{}), 3);
  expect_gradients(single(image(3, 2, 1), net::BatchNorm{}), 4, {.training = true, .groups = 2});
  expect_gradients(single({.role = Role::latent, .shape = {5}}, net::BatchNorm{}), 4);
  expect_gradients(single(image(2, 3, 2), net::BatchNorm{}), 2, {.training = false});
}

TEST(InterpreterLayerNorm, NormalisesEachPositionOrSample) {
  const auto run = [](net::LayerNorm layer) {
    Interpreter<double> interpreter(single(image(2, 1, 2), layer));
    for (Variable<double>& v : interpreter.variables()) v.value.assign(v.value.size(), v.name == "y.weight" ? 1 : 0);
    interpreter.forward({.count = 1, .values = {{"x", {0, 2, 4, 10}}}, .classes = {}});
    return interpreter.value("y");
  };
  // Positions {0, 4} and {2, 10}: -1 and 1 each. The whole: mean 4, variance (16 + 4 + 0 + 36) / 4 = 14.
  const Values channel = run({.epsilon = 1e-12});
  const Values sample = run({.over = net::LayerNorm::Over::sample, .epsilon = 1e-12});
  const Values wanted = {-1, -1, 1, 1}, wanted_sample = {-4, -2, 0, 6};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(channel[i], wanted[i], 1e-11);
    EXPECT_NEAR(sample[i], wanted_sample[i] / std::sqrt(14), 1e-11);
  }
}

TEST(InterpreterLayerNorm, GradientsMatchFiniteDifferences) {
  expect_gradients(single(image(4, 3, 2), net::LayerNorm{}), 2);
  expect_gradients(single(image(2, 3, 2), net::LayerNorm{.over = net::LayerNorm::Over::sample}), 2);
  expect_gradients(single({.role = Role::latent, .shape = {5}}, net::LayerNorm{}), 3);
}

TEST(InterpreterActivation, FollowsTheFormulas) {
  const Values x = {-2, -0.5, 0, 0.5, 2, 7};
  const auto run = [&](const Activation& layer) {
    Interpreter<double> interpreter(single({.role = Role::latent, .shape = {1}}, layer));
    interpreter.forward({.count = 6, .values = {{"x", x}}, .classes = {}});
    return interpreter.value("y");
  };
  EXPECT_EQ(run({}), x);
  EXPECT_EQ(run({.kind = ActivationKind::relu}), (Values{0, 0, 0, 0.5, 2, 7}));
  EXPECT_EQ(run({.kind = ActivationKind::relu, .negative_slope = 0.5F, .max_value = 6, .threshold = 1}),
            (Values{-1.5, -0.75, -0.5, -0.25, 2, 6}));
  EXPECT_EQ(run({.kind = ActivationKind::leaky_relu, .negative_slope = 0.25F}), (Values{-0.5, -0.125, 0, 0.5, 2, 7}));
  EXPECT_EQ(run({.kind = ActivationKind::rrelu, .lower = 0.25F, .upper = 0.75F}), (Values{-1, -0.25, 0, 0.5, 2, 7}));
  EXPECT_NEAR(run({.kind = ActivationKind::elu, .alpha = 2})[0], 2 * (std::exp(-2) - 1), 1e-15);
  EXPECT_NEAR(run({.kind = ActivationKind::tanh})[4], 0.9640275800758169, 1e-15);
  EXPECT_NEAR(run({.kind = ActivationKind::sigmoid})[4], 0.8807970779778823, 1e-15);
}

TEST(InterpreterActivation, CountsAFlatAxisAsChannels) {
  const Activation prelu{.kind = ActivationKind::prelu, .channels = 2};
  EXPECT_EQ(output_of({.role = Role::latent, .shape = {4}}, prelu, {-1, -1, -1, 5}), (Values{-1, -1, -2, 5}));
  expect_gradients(single({.role = Role::latent, .shape = {6}}, prelu), 3);
}

TEST(InterpreterActivation, GradientsMatchFiniteDifferences) {
  for (const auto& [kind, name] : ganymede::testing::enumerators<ActivationKind>()) {
    const Activation layer{.kind = kind, .negative_slope = 0.3F, .alpha = 1.5F};
    expect_gradients(single(image(3, 3, 2), layer), 2);
  }
  expect_gradients(
      single(image(3, 3, 2),
             Activation{.kind = ActivationKind::relu, .negative_slope = 0.2F, .max_value = 1, .threshold = 0.4F}),
      2);
}

TEST(InterpreterActivation, TakesInjectedSlopes) {
  const Mode<double> mode{.training = true, .noise = {{"y", {0.25, 0.5, 0.125, 1}}}};
  Interpreter<double> interpreter(
      single({.role = Role::latent, .shape = {2}}, Activation{.kind = ActivationKind::rrelu}));
  interpreter.forward({.count = 2, .values = {{"x", {-1, -1, -1, 3}}}, .classes = {}}, mode);
  EXPECT_EQ(interpreter.value("y"), (Values{-0.25, -0.5, -0.125, 3}));
  expect_gradients(interpreter.network(), 2, mode);
}

TEST(InterpreterDropout, AppliesTheInjectedFactorsInTrainingAlone) {
  Interpreter<double> interpreter(single({.role = Role::latent, .shape = {2}}, net::Dropout{0.5F}));
  const NamedInputs<double> feed{.count = 2, .values = {{"x", {1, 2, 3, 4}}}, .classes = {}};
  const std::map<std::string, Values> factors = {{"y", {0, 2, 2, 0}}};
  interpreter.forward(feed, {.training = true, .noise = factors});
  EXPECT_EQ(interpreter.value("y"), (Values{0, 4, 6, 0}));
  interpreter.backward({{"y", {1, 1, 1, 1}}});
  EXPECT_EQ(interpreter.gradient("x"), (Values{0, 2, 2, 0}));
  interpreter.forward(feed, {.training = false, .noise = factors});
  EXPECT_EQ(interpreter.value("y"), (Values{1, 2, 3, 4}));
  interpreter.forward(feed, {.training = true});
  EXPECT_EQ(interpreter.value("y"), (Values{1, 2, 3, 4}));
  EXPECT_THROW(interpreter.forward(feed, {.training = true, .noise = {{"y", {1}}}}), ShapeError);
}

TEST(InterpreterPool, TakesLargestOrMean) {
  const Values x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(output_of(image(1, 3, 3), net::Pool{.kernel = {2, 2}, .stride = {1, 1}}, x), (Values{5, 6, 8, 9}));
  EXPECT_EQ(output_of(image(1, 3, 3), net::Pool{.kind = net::PoolKind::average}, x), (Values{3}));
  for (const net::PoolKind kind : {net::PoolKind::max, net::PoolKind::average}) {
    expect_gradients(single(image(2, 5, 4), net::Pool{.kind = kind, .kernel = {3, 2}, .stride = {2, 1}}), 2);
    expect_gradients(
        single({.role = Role::vector, .shape = {2, 7}}, net::Pool{.kind = kind, .kernel = {1, 3}, .stride = {1, 2}}),
        2);
  }
}

TEST(InterpreterConcat, MakesPlanesOfAVectorInTheOrderOfItsInputs) {
  Network network{.name = "n",
                  .nodes = {{"x", {}, image(1, 1, 2)},
                            {"class", {}, {net::Input{.role = Role::class_index, .shape = {}, .classes = 2}}},
                            {"one_hot", {"class"}, net::OneHot{}},
                            {"y", {"one_hot", "x"}, net::Concat{}}},
                  .outputs = {"y"}};
  Interpreter<double> interpreter(network);
  interpreter.forward({.count = 2, .values = {{"x", {7, 8, 9, 10}}}, .classes = {{"class", {1, 0}}}});
  EXPECT_EQ(interpreter.value("y"), (Values{0, 0, 1, 1, 7, 8, 1, 1, 0, 0, 9, 10}));
}

// A graph with every joint: both inputs of a product and a concatenation, a node used twice, two heads.
TEST(InterpreterGraph, GradientsMatchFiniteDifferences) {
  const Network network{.name = "n",
                        .nodes = {{"z", {}, {net::Input{.role = Role::latent, .shape = {6}}}},
                                  {"class", {}, {net::Input{.role = Role::class_index, .shape = {}, .classes = 3}}},
                                  {"embedding", {"class"}, net::Embedding{6}},
                                  {"one_hot", {"class"}, net::OneHot{}},
                                  {"times", {"z", "embedding"}, net::Multiply{}},
                                  {"square", {"times", "times"}, net::Multiply{}},
                                  {"join", {"square", "one_hot"}, net::Concat{}},
                                  {"dense", {"join"}, net::Dense{6}},
                                  {"reshape", {"dense"}, net::Reshape{{2, 3, 1}}},
                                  {"planes", {"reshape", "z"}, net::Concat{}},
                                  {"conv", {"planes"}, net::Conv{.out = 2, .kernel = {3, 3}, .padding = {}}},
                                  {"norm", {"conv"}, net::BatchNorm{}},
                                  {"act", {"norm"}, Activation{.kind = ActivationKind::tanh}},
                                  {"head", {"act"}, net::Dense{1}},
                                  {"class_head", {"act"}, net::Dense{3}}},
                        .outputs = {"head", "class_head"}};
  expect_gradients(network, 4, {.training = true, .groups = 2}, 1e-6);
}

TEST(Interpreter, AgreesWithItselfInFloat) {
  const Network network = single(image(3, 6, 5), net::Conv{.out = 4, .stride = {2, 2}, .padding = {}});
  const NamedTensors parameters = net::initialise(network, 3);
  Interpreter<double> wide(network);
  Interpreter<float> narrow(network);
  wide.set_parameters(parameters);
  narrow.set_parameters(parameters);
  const Values x = random_values(90, "x");
  wide.forward({.count = 1, .values = {{"x", x}}, .classes = {}});
  narrow.forward({.count = 1, .values = {{"x", {x.begin(), x.end()}}}, .classes = {}});
  for (std::size_t i = 0; i < wide.value("y").size(); ++i) {
    EXPECT_NEAR(wide.value("y")[i], narrow.value("y")[i], 2e-6);  // sums of 75 products of order 0.1
  }
  EXPECT_EQ(narrow.parameters(), parameters);
}

TEST(Interpreter, OverridesChannelsAndRows) {
  Interpreter<double> interpreter(single(image(2, 2, 2), Activation{}));
  const NamedInputs<double> feed{.count = 1, .values = {{"x", {1, 2, 3, 4, 5, 6, 7, 8}}}, .classes = {}};
  interpreter.forward(feed, {.overrides = {{.node = "y", .channel = 1, .row = -1, .value = 9}}});
  EXPECT_EQ(interpreter.value("y"), (Values{1, 2, 3, 4, 9, 9, 9, 9}));
  interpreter.forward(feed, {.overrides = {{.node = "x", .channel = -1, .row = 0, .value = 0}}});
  EXPECT_EQ(interpreter.value("y"), (Values{0, 0, 3, 4, 0, 0, 7, 8}));
  EXPECT_THROW(interpreter.forward(feed, {.overrides = {{.node = "y", .channel = 2}}}), ConfigError);
  EXPECT_THROW(interpreter.forward(feed, {.overrides = {{.node = "w"}}}), ConfigError);
}

TEST(Interpreter, NamesWhatDoesNotFit) {
  Interpreter<double> interpreter(single({.role = Role::latent, .shape = {2}}, net::Dense{1}));
  EXPECT_THROW(interpreter.forward({.count = 2, .values = {{"x", {1}}}, .classes = {}}), ShapeError);
  EXPECT_THROW(interpreter.forward({.count = 3, .values = {{"x", {1, 2, 3, 4, 5, 6}}}, .classes = {}}, {.groups = 2}),
               ShapeError);
  EXPECT_THROW(interpreter.set_parameters({{"n.y.weight", Tensor(DType::f32, {1, 2})}}), DataError);
  EXPECT_THROW(
      interpreter.set_parameters({{"n.y.weight", Tensor(DType::f32, {2, 1})}, {"n.y.bias", Tensor(DType::f32, {1})}}),
      DataError);
  Interpreter<double> classes(single({.role = Role::class_index, .shape = {}, .classes = 3}, net::OneHot{}));
  EXPECT_THROW(classes.forward({.count = 1, .values = {}, .classes = {{"x", {3}}}}), DataError);
}

TEST(InterpreterMinibatchStd, GradientsMatchFiniteDifferences) {
  const Network network = single(image(2, 3, 2), net::MinibatchStd{});
  expect_gradients(network, 6);
  expect_gradients(network, 6, {.training = true, .groups = 2});
  expect_gradients(network, 4, {.training = false});
}

TEST(InterpreterProjection, GradientsMatchFiniteDifferences) {
  const Network network{.name = "n",
                        .nodes = {{"x", {}, image(2, 3, 2)},
                                  {"class", {}, net::Input{.role = Role::class_index, .shape = {}, .classes = 3}},
                                  {"y", {"x", "class"}, net::Projection{}}},
                        .outputs = {"y"}};
  expect_gradients(network, 5);
}

}  // namespace
}  // namespace ganymede::engine
