#include <gtest/gtest.h>

#include <cmath>

#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"
#include "kernels/level.hpp"
#include "net/description.hpp"

namespace ganymede::engine {
namespace {

net::Network small_network(int out, bool spectral) {
  return {.name = "discriminator",
          .nodes = {{"x", {}, net::Input{.role = net::Role::image, .shape = {2, 6, 6}}},
                    {"y",
                     {"x"},
                     net::Conv{.out = out, .kernel = {3, 3}, .stride = {2, 2}, .bias = false, .spectral = spectral}}},
          .outputs = {"y"}};
}

std::vector<double> values(std::size_t count, const char* stream) {
  std::vector<double> out(count);
  RandomSequence random(Random(2, stream), 0);
  for (double& v : out) v = random.normal();
  return out;
}

// An interpreter whose power iteration has come to its end.
Interpreter<double> settled(const net::Network& network, const std::vector<double>& x) {
  Interpreter<double> interpreter(network);
  interpreter.set_parameters(net::initialise(network, 3));
  for (int i = 0; i < 400; ++i) {
    interpreter.forward(named_inputs<double>(network, 2, x, {}), {.training = true});
    interpreter.update_running_statistics();
  }
  return interpreter;
}

// Rows 3 v and 2 w of two directions at right angles: the singular values are 3 and 2.
TEST(SpectralNorm, DividesByTheLargestSingularValue) {
  const auto layer = [](bool spectral) {
    return net::Network{.name = "discriminator",
                        .nodes = {{"x", {}, net::Input{.role = net::Role::image, .shape = {4, 1, 1}}},
                                  {"y", {"x"}, net::Dense{.out = 2, .bias = false, .spectral = spectral}}},
                        .outputs = {"y"}};
  };
  const double s = std::sqrt(0.5);
  const std::vector<float> weight{static_cast<float>(3 * s), static_cast<float>(3 * s),  0, 0,
                                  static_cast<float>(2 * s), static_cast<float>(-2 * s), 0, 0};
  const NamedTensors weights{{"discriminator.y.weight", Tensor::of<float>({2, 4}, weight)},
                             {"discriminator.y.weight_u", Tensor::of<float>({2}, std::vector<float>{1, 1})}};
  Interpreter<double> interpreter(layer(true));
  interpreter.set_parameters(weights);
  const std::vector<double> x{1, 2, 3, 4};
  for (int i = 0; i < 60; ++i) {
    interpreter.forward(named_inputs<double>(interpreter.network(), 1, x, {}), {.training = true});
    interpreter.update_running_statistics();
  }
  EXPECT_NEAR(interpreter.value("y")[0], 3 * s, 1e-6);
  EXPECT_NEAR(interpreter.value("y")[1], -2 * s / 3, 1e-6);
  interpreter.forward(named_inputs<double>(interpreter.network(), 1, x, {}));
  EXPECT_NEAR(interpreter.value("y")[0], 3 * s, 1e-6);
}

// Where the power iteration has settled, sigma does not move with its vectors: there the gradient that takes them as
// constants is the whole one.
TEST(SpectralNorm, GradientsMatchFiniteDifferences) {
  const net::Network network = small_network(4, true);
  const std::vector<double> x = values(2 * 72, "x");
  Interpreter<double> interpreter = settled(network, x);
  const std::vector<double> r = values(interpreter.value("y").size(), "r");
  const auto objective = [&] {
    for (int i = 0; i < 200; ++i) {
      interpreter.forward(named_inputs<double>(network, 2, x, {}), {.training = true});
      interpreter.update_running_statistics();
    }
    double sum = 0;
    for (std::size_t i = 0; i < r.size(); ++i) sum += r[i] * interpreter.value("y")[i];
    return sum;
  };
  objective();
  interpreter.backward({{"y", r}});
  const Tensor gradient = interpreter.gradients().at("discriminator.y.weight");
  Variable<double>& weight = interpreter.variables().front();
  ASSERT_EQ(weight.name, "y.weight");
  constexpr double h = 1e-5;
  for (std::size_t i = 0; i < weight.value.size(); i += 7) {
    const double middle = weight.value[i];
    weight.value[i] = middle + h;
    const double above = objective();
    weight.value[i] = middle - h;
    const double below = objective();
    weight.value[i] = middle;
    EXPECT_NEAR(gradient.values<double>()[i], (above - below) / (2 * h), 1e-6) << i;
  }
}

Match spectral_match(net::Condition condition = net::Condition::none, int width = 8) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.width = d.width = width;
  d.norm = net::Norm::spectral;
  if (condition != net::Condition::none) {
    g.classes = d.classes = 3;
    g.condition = net::Condition::concat;
    d.condition = condition;
  }
  return family(g, d);
}

void expect_like_reference(const Match& m, const std::vector<Phase>& phases, int batch = 8) {
  auto fast = make_fast(m, batch, 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game, .batch = batch});
  slow.set_state(start(m));
  std::uint32_t number = 0;
  for (const Phase phase : phases) {
    const Data data = make_data(m, 5, number);
    const StepResult a = fast->step(data.batch(5, number), phase);
    const StepResult b = slow.step(data.batch(5, number), phase);
    EXPECT_NEAR(a.generator_loss, b.generator_loss, 5e-6 * (1 + std::fabs(b.generator_loss)));
    expect_close(fast->gradients(), slow.gradients(), 2e-5, "gradient");
    ++number;
  }
  expect_close(fast->state(), slow.state(), 5e-5, "state");
  const Data data = make_data(m, 5, 77);
  const Inputs inputs{.count = 5, .values = data.real, .classes = data.classes};
  expect_close({{"discriminator", fast->infer("discriminator", inputs).output}},
               {{"discriminator", slow.infer("discriminator", inputs, false, {}, {}).output}}, 1e-5, "inference");
}

TEST(SpectralNorm, MatchesTheReferenceInEveryPhase) {
  expect_like_reference(spectral_match(), {Phase::both, Phase::both, Phase::both});
  expect_like_reference(spectral_match(), {Phase::discriminator, Phase::generator, Phase::discriminator});
  expect_like_reference(spectral_match(net::Condition::none, 16), {Phase::both, Phase::both}, 32);  // by transforms
  expect_like_reference(spectral_match(net::Condition::embedding), {Phase::both, Phase::both});
}

TEST(SpectralNorm, MatchesTheReferenceWithAProjection) {
  expect_like_reference(spectral_match(net::Condition::projection), {Phase::both, Phase::generator, Phase::both});
}

TEST(SpectralNorm, GivesTheSameBitsForEveryNumberOfThreadsAndFromItsState) {
  const Match m = spectral_match();
  EXPECT_EQ(train_a_little(m, 3), train_a_little(m, 1));
  auto whole = make_fast(m, 8, 2), first = make_fast(m, 8, 1), second = make_fast(m, 8, 2);
  for (std::uint32_t i = 0; i < 4; ++i) whole->step(make_data(m, 8, i).batch(8, i), Phase::both);
  for (std::uint32_t i = 0; i < 2; ++i) first->step(make_data(m, 8, i).batch(8, i), Phase::both);
  const Data data = make_data(m, 4, 9);
  first->infer("discriminator", {.count = 4, .values = data.real});  // moves nothing
  second->set_state(first->state());
  EXPECT_TRUE(first->state().contains("discriminator.conv1.weight_u"));
  for (std::uint32_t i = 2; i < 4; ++i) second->step(make_data(m, 8, i).batch(8, i), Phase::both);
  EXPECT_EQ(second->state(), whole->state());
}

TEST(SpectralNorm, StandsInDescriptionsWhereItIsAlone) {
  const Match plain = family(small_generator(), small_discriminator());
  EXPECT_EQ(net::to_json(plain.discriminator).find("spectral"), std::string::npos);
  const net::Network spectral = spectral_match(net::Condition::projection).discriminator;
  EXPECT_EQ(net::from_json(net::to_json(spectral)), spectral);
  EXPECT_NE(net::describe(spectral).find("spectral norm"), std::string::npos);
}

TEST(Projection, MatchesTheReference) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.classes = d.classes = 3;
  g.condition = net::Condition::embedding;
  d.condition = net::Condition::projection;
  for (const int width : {8, 20}) {
    d.width = width;
    expect_like_reference(family(g, d), {Phase::both, Phase::discriminator, Phase::generator});
  }
  d.auxiliary = d.minibatch_std = true;
  expect_like_reference(family(g, d), {Phase::both, Phase::generator});
}

// logit(x, c) - logit(x, k) = (v_c - v_k) . x: what the class adds is linear in the features.
TEST(Projection, AddsTheInnerProductOfTheFeaturesWithTheClassesRow) {
  const net::Network network{
      .name = "discriminator",
      .nodes = {{"x", {}, net::Input{.role = net::Role::image, .shape = {2, 1, 1}}},
                {"class", {}, net::Input{.role = net::Role::class_index, .shape = {}, .classes = 2}},
                {"y", {"x", "class"}, net::Projection{}}},
      .outputs = {"y"}};
  const NamedTensors weights{
      {"discriminator.y.weight", Tensor::of<float>({1, 2}, std::vector<float>{1, 2})},
      {"discriminator.y.bias", Tensor::of<float>({1}, std::vector<float>{0.5F})},
      {"discriminator.y.class_weight", Tensor::of<float>({2, 2}, std::vector<float>{10, 20, 100, 200})}};
  Model model(network, 4, 1);
  model.load(weights);
  const std::vector<float> x{1, 3, 1, 3, 1, 3};
  const std::vector<std::int32_t> classes{0, 1, 0}, toward{0, 0, 1};
  const std::vector<float> shares{0, 0, 0.25F};
  const Tensor y =
      model.infer({.count = 3, .values = x, .classes = classes, .toward = toward, .shares = shares}).output;
  EXPECT_FLOAT_EQ(y.values<float>()[0], 0.5F + 7 + 70);
  EXPECT_FLOAT_EQ(y.values<float>()[1], 0.5F + 7 + 700);
  EXPECT_FLOAT_EQ(y.values<float>()[2], 0.5F + 7 + 0.75F * 70 + 0.25F * 700);
}

TEST(MinibatchStd, MatchesTheReference) {
  for (const net::Norm norm : {net::Norm::none, net::Norm::batch, net::Norm::spectral}) {
    auto d = small_discriminator();
    d.minibatch_std = true;
    d.norm = norm;
    expect_like_reference(family(small_generator(), d), {Phase::both, Phase::both});
    expect_like_reference(family(small_generator(), d), {Phase::discriminator, Phase::generator});
  }
}

TEST(MinibatchStd, GivesTheSameBitsForEveryNumberOfThreads) {
  auto d = small_discriminator();
  d.minibatch_std = true;
  const Match m = family(small_generator(), d);
  EXPECT_EQ(train_a_little(m, 3), train_a_little(m, 1));
}

// Two samples that differ by 2 in one of three features: deviations 1, 0, 0 (and the root of epsilon for each).
TEST(MinibatchStd, IsTheMeanOfTheFeaturesDeviations) {
  const net::Network network{.name = "n",
                             .nodes = {{"x", {}, net::Input{.role = net::Role::vector, .shape = {3}}},
                                       {"y", {"x"}, net::MinibatchStd{.epsilon = 1e-12}}},
                             .outputs = {"y"}};
  Interpreter<double> interpreter(network);
  interpreter.forward(named_inputs<double>(network, 2, std::vector<double>{1, 5, 7, 3, 5, 7}, {}), {.training = true});
  EXPECT_EQ(interpreter.value("y").size(), 8U);
  EXPECT_NEAR(interpreter.value("y")[3], 1.0 / 3, 1e-5);
  EXPECT_EQ(interpreter.value("y")[7], interpreter.value("y")[3]);
  interpreter.update_running_statistics();
  EXPECT_NEAR(interpreter.variables().front().value[0], 0.01 / 3, 1e-7);
  interpreter.forward(named_inputs<double>(network, 1, std::vector<double>{1, 5, 7}, {}), {.training = false});
  EXPECT_NEAR(interpreter.value("y")[3], 0.01 / 3, 1e-7);
}

TEST(TodaysDiscriminators, GiveTheSameBitsAtEveryVectorLevel) {
  Match m = spectral_match(net::Condition::projection, 16);
  auto d = small_discriminator();
  d.width = 16;
  d.classes = 3;
  d.condition = net::Condition::projection;
  d.norm = net::Norm::spectral;
  d.minibatch_std = true;
  m.discriminator = net::digits_discriminator(d);
  m.game.augment = {play::Augmentation::cutout, play::Augmentation::brightness};
  const std::string before = kernels::level();  // NOLINT(performance-unnecessary-copy-initialization): it changes
  const NamedTensors best = train_a_little(m, 2);
  for (const std::string& level : kernels::available_levels()) {
    kernels::set_level(level);
    EXPECT_EQ(train_a_little(m, 2), best) << level;
  }
  kernels::set_level(before);
}

}  // namespace
}  // namespace ganymede::engine
