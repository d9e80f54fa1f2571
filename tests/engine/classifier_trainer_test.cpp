#include "engine/classifier_trainer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/loss.hpp"
#include "engine/matches.hpp"
#include "engine/reference/reference_optimizer.hpp"

namespace ganymede::engine {
namespace {

// Strided and plain convolutions, BatchNorm, pooling, dense layers with a penultimate one.
net::Network small_classifier(int outputs, float dropout = 0, int width = 8) {
  net::Network n{
      .name = "discriminator",  // expect_close takes its scale from the names of the game's networks
      .nodes = {{"image", {}, net::Input{.role = net::Role::image, .shape = {1, 12, 12}}},
                {"conv1", {"image"}, net::Conv{.out = width, .stride = {2, 2}, .bias = false}},
                {"norm1", {"conv1"}, net::BatchNorm{}},
                {"act1", {"norm1"}, net::Activation{.kind = net::ActivationKind::leaky_relu, .negative_slope = 0.1F}},
                {"conv2", {"act1"}, net::Conv{.out = 2 * width, .kernel = {3, 3}}},
                {"act2", {"conv2"}, net::Activation{.kind = net::ActivationKind::relu}},
                {"pool", {"act2"}, net::Pool{}},
                {"flatten", {"pool"}, net::Reshape{{-1}}},
                {"dense", {"flatten"}, net::Dense{.out = 20}},
                {"features", {"dense"}, net::Activation{.kind = net::ActivationKind::relu}}},
      .outputs = {"logits"}};
  if (dropout > 0) n.nodes.push_back({"drop", {"features"}, net::Dropout{dropout}});
  n.nodes.push_back({"logits", {n.nodes.back().name}, net::Dense{.out = outputs}});
  return n;
}

NamedTensors start(const net::Network& network) {
  NamedTensors state = net::initialise(network, 7);
  std::uint32_t index = 0;
  for (auto& [name, tensor] : state) {
    std::vector<float> noise(static_cast<std::size_t>(tensor.count()));
    Random(3, "start").uniform(index++, noise);
    for (std::size_t i = 0; i < noise.size(); ++i) tensor.values<float>()[i] += 0.2F * (noise[i] - 0.3F);
  }
  return state;
}

struct Labelled {
  Labelled(std::int64_t count, int classes, std::uint32_t step) : values(static_cast<std::size_t>(count * 144)) {
    Random(4, "image").normal(step, values);
    for (std::int64_t i = 0; i < count; ++i) labels.push_back(static_cast<std::int32_t>((3 * i + step) % classes));
  }
  LabelledBatch batch(std::uint32_t step) const {
    return {.count = static_cast<std::int64_t>(labels.size()), .values = values, .labels = labels, .step = step};
  }
  std::vector<float> values;
  std::vector<std::int32_t> labels;
};

void expect_matches_interpreter(int outputs, int batch, std::int64_t count, int width) {
  const net::Network network = small_classifier(outputs, 0, width);
  const Optimizer rule{.learning_rate = 1e-3, .clip_norm = 0.5};
  ClassifierTrainer fast(network, {.optimizer = rule, .batch = batch, .threads = 2});
  fast.set_state(start(network));
  Interpreter<double> slow(network);
  slow.set_parameters(start(network));
  ReferenceOptimizer<double> optimizer(rule, slow.variables());
  const int classes = std::max(outputs, 2);
  for (std::uint32_t i = 0; i < 2; ++i) {
    const Labelled data(count, classes, i);
    const ClassifierStep step = fast.step(data.batch(i));
    const std::vector<double> values(data.values.begin(), data.values.end());
    slow.forward(named_inputs<double>(network, count, values, {}), {.training = true});
    const auto head = classifier_head<double>(slow.value("logits"), data.labels);
    EXPECT_NEAR(step.loss, head.loss, 5e-6 * (1 + head.loss));
    EXPECT_EQ(step.accuracy, head.accuracy);
    slow.backward({{"logits", head.gradient}});
    expect_close(fast.gradients(), slow.gradients(), 2e-5, "gradient");
    slow.update_running_statistics();
    optimizer.update(slow.variables());
  }
  NamedTensors wanted = slow.parameters();
  optimizer.save(network.name, slow.variables(), wanted);
  expect_close(fast.state(), wanted, 5e-5, "state");

  const Labelled data(count, classes, 9);
  const std::vector<double> values(data.values.begin(), data.values.end());
  slow.forward(named_inputs<double>(network, count, values, {}));
  const Inference inference = fast.infer({.count = count, .values = data.values}, {"features"});
  expect_close({{"logits", inference.output}}, {{"logits", slow.tensor("logits")}}, 2e-5, "inference");
  expect_close(inference.taps, {{"features", slow.tensor("features")}}, 2e-5, "tap");
}

TEST(ClassifierTrainer, MatchesTheInterpreterWithManyClasses) {
  expect_matches_interpreter(5, 8, 7, 8);
  expect_matches_interpreter(39, 8, 8, 8);
}

TEST(ClassifierTrainer, MatchesTheInterpreterWithOneLogit) {
  expect_matches_interpreter(1, 8, 6, 8);
}

TEST(ClassifierTrainer, MatchesTheInterpreterWithTransformConvolutions) {
  expect_matches_interpreter(10, 32, 9, 16);
}

// The whole chain once more without its own backward pass: the engine's gradient of a convolution's bias against
// differences of the loss in double.
TEST(ClassifierTrainer, GradientsMatchFiniteDifferences) {
  const net::Network network = small_classifier(4);
  ClassifierTrainer fast(network, {.batch = 8, .threads = 1});
  fast.set_state(start(network));
  const Labelled data(6, 4, 1);
  fast.step(data.batch(0));
  const NamedTensors gradients = fast.gradients();
  const auto gradient = gradients.at("discriminator.conv2.bias").values<float>();
  Interpreter<double> slow(network);
  slow.set_parameters(start(network));
  const std::vector<double> values(data.values.begin(), data.values.end());
  const auto loss = [&] {
    slow.forward(named_inputs<double>(network, 6, values, {}), {.training = true});
    return classifier_head<double>(slow.value("logits"), data.labels).loss;
  };
  for (Variable<double>& v : slow.variables()) {
    if (v.name != "conv2.bias") continue;
    for (std::size_t i = 0; i < v.value.size(); ++i) {
      constexpr double h = 1e-6;
      const double middle = v.value[i];
      v.value[i] = middle + h;
      const double above = loss();
      v.value[i] = middle - h;
      const double below = loss();
      v.value[i] = middle;
      EXPECT_NEAR(gradient[i], (above - below) / (2 * h), 2e-6) << i;
    }
  }
}

NamedTensors trained(int threads, Precision precision) {
  const net::Network network = small_classifier(10, 0.3F, 16);
  ClassifierTrainer trainer(network, {.batch = 40, .threads = threads, .precision = precision, .seed = 5});
  trainer.set_state(start(network));
  for (std::uint32_t i = 0; i < 3; ++i) trainer.step(Labelled(i == 2 ? 33 : 40, 10, i).batch(i));
  NamedTensors result = trainer.state();
  result["logits"] = trainer.infer({.count = 40, .values = Labelled(40, 10, 8).values}).output;
  return result;
}

TEST(ClassifierTrainer, GivesTheSameBitsForAnyNumberOfThreads) {
  for (const Precision precision : {Precision::f32, Precision::automatic}) {
    const NamedTensors one = trained(1, precision);
    EXPECT_EQ(one, trained(2, precision)) << name_of(precision);
    EXPECT_EQ(one, trained(3, precision)) << name_of(precision);
  }
}

TEST(ClassifierTrainer, GoesOnFromASavedState) {
  const net::Network network = small_classifier(3, 0.3F);
  ClassifierTrainer whole(network, {.batch = 16, .threads = 1}), first(network, {.batch = 16, .threads = 1}),
      second(network, {.batch = 16, .threads = 1});
  whole.set_state(start(network));
  first.set_state(start(network));
  for (std::uint32_t i = 0; i < 4; ++i) whole.step(Labelled(16, 3, i).batch(i));
  for (std::uint32_t i = 0; i < 2; ++i) first.step(Labelled(16, 3, i).batch(i));
  second.set_state(first.state());
  for (std::uint32_t i = 2; i < 4; ++i) second.step(Labelled(16, 3, i).batch(i));
  EXPECT_EQ(whole.state(), second.state());
}

TEST(ClassifierTrainer, GivesParametersThatAModelLoads) {
  const net::Network network = small_classifier(3);
  ClassifierTrainer trainer(network, {.batch = 16, .threads = 1});
  trainer.set_state(start(network));
  const Labelled data(16, 3, 0);
  trainer.step(data.batch(0));
  Model model(network, 128, 1);
  model.load(trainer.parameters());
  const Inputs inputs{.count = 16, .values = data.values};
  EXPECT_EQ(model.infer(inputs).output, trainer.infer(inputs).output);
}

// The plan with taps is kept between calls: it must notice new weights and other taps.
TEST(ClassifierTrainer, TapsFollowTheWeightsAndTheWish) {
  const net::Network network = small_classifier(3);
  ClassifierTrainer trainer(network, {.batch = 16, .threads = 1});
  trainer.set_state(start(network));
  const Labelled data(16, 3, 0);
  const Inputs inputs{.count = 16, .values = data.values};
  const Tensor before = trainer.infer(inputs, {"features"}).taps.at("features");
  trainer.step(data.batch(0));
  const Tensor after = trainer.infer(inputs, {"features"}).taps.at("features");
  EXPECT_NE(before, after);
  const NamedTensors other = trainer.infer(inputs, {"norm1", "pool"}).taps;
  Model fresh(network, 128, 1);
  fresh.load(trainer.parameters());
  EXPECT_EQ(after, fresh.infer(inputs, {"features"}).taps.at("features"));
  EXPECT_EQ(other, fresh.infer(inputs, {"norm1", "pool"}).taps);
}

TEST(ClassifierTrainer, LearnsWhatItIsShown) {
  const net::Network network = small_classifier(3);
  ClassifierTrainer trainer(network, {.batch = 16, .threads = 1});
  trainer.set_state(net::initialise(network, 1));
  const Labelled data(16, 3, 0);
  const double first = trainer.step(data.batch(0)).loss;
  ClassifierStep last;
  for (std::uint32_t i = 1; i < 60; ++i) last = trainer.step(data.batch(i));
  EXPECT_LT(last.loss, 0.2 * first);
  EXPECT_EQ(last.accuracy, 1);
}

TEST(ClassifierTrainer, LeavesEverythingAloneWhenTheLossIsNotFinite) {
  const net::Network network = small_classifier(3);
  ClassifierTrainer trainer(network, {.batch = 8, .threads = 1});
  trainer.set_state(start(network));
  const NamedTensors before = trainer.state();
  Labelled data(8, 3, 0);
  data.values[5] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(trainer.step(data.batch(0)), NonFiniteError);
  EXPECT_EQ(trainer.state(), before);
}

TEST(ClassifierTrainer, ALearningRateOfZeroMovesNoWeight) {
  const net::Network network = small_classifier(3);
  ClassifierTrainer trainer(network, {.batch = 8, .threads = 1});
  trainer.set_state(start(network));
  const NamedTensors before = trainer.parameters();
  trainer.set_learning_rate(0);
  trainer.step(Labelled(8, 3, 0).batch(0));
  EXPECT_EQ(trainer.parameters().at("discriminator.conv2.weight"), before.at("discriminator.conv2.weight"));
  trainer.set_learning_rate(0.01);
  trainer.step(Labelled(8, 3, 1).batch(1));
  EXPECT_NE(trainer.parameters().at("discriminator.conv2.weight"), before.at("discriminator.conv2.weight"));
}

TEST(ClassifierTrainer, RefusesWhatDoesNotFit) {
  const net::Network network = small_classifier(3);
  ClassifierTrainer trainer(network, {.batch = 8, .threads = 1});
  trainer.set_state(start(network));
  Labelled data(8, 3, 0);
  data.labels[2] = 3;
  EXPECT_THROW(trainer.step(data.batch(0)), DataError);
  data.labels.pop_back();
  EXPECT_THROW(trainer.step({.count = 8, .values = data.values, .labels = data.labels}), ShapeError);
  EXPECT_THROW(trainer.step(Labelled(9, 3, 0).batch(0)), ShapeError);
  net::Network two = network;
  two.outputs.push_back("features");
  EXPECT_THROW(ClassifierTrainer(two, {}), ConfigError);
  net::Network picture = network;
  picture.nodes.resize(3);
  picture.outputs = {"norm1"};
  EXPECT_THROW(ClassifierTrainer(picture, {}), ShapeError);
}

}  // namespace
}  // namespace ganymede::engine
