#include "engine/reference/reference_game.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "engine/keras_reference.hpp"

namespace ganymede::engine {
namespace {

// In double nothing but the rounding of the files to float32 is left: 3e-8 of a tensor, at most 6e-8 of a short one.
constexpr double kRounding = 1e-7;
// In the files of the studies' models Keras' own bias correction is off by 6e-6 of an update
// (expect_agrees_with_keras).
constexpr double kBiasCorrection = 1e-6;

void expect_all_agree(const std::vector<std::filesystem::path>& files, double bound) {
  for (const auto& file : files) {
    const KerasReference reference(file);
    ReferenceGame<double> game(reference.generator(), reference.discriminator(), reference.config());
    expect_agrees_with_keras(reference, game, bound);
  }
}

TEST(ReferenceGameKeras, AgreesWithTinyNetworks) {
  ASSERT_GE(tiny_keras_files().size(), 6U);
  expect_all_agree(tiny_keras_files(), kRounding);
}

TEST(ReferenceGameKeras, AgreesWithTheStudysModels) {
  if (large_keras_files().empty()) GTEST_SKIP() << "no reference files: name their folder by GANYMEDE_KERAS_REFERENCE";
  expect_all_agree(large_keras_files(), kBiasCorrection);
}

// Images and logits of step 1 in training mode, which an Executor does not show.
TEST(ReferenceGameKeras, AgreesInTheFirstStepsActivations) {
  for (const auto& file : tiny_keras_files()) {
    const KerasReference reference(file);
    SCOPED_TRACE(reference.model());
    ReferenceGame<double> game(reference.generator(), reference.discriminator(), reference.config());
    game.set_state(reference.section("initial"));
    game.step(reference.batch_of(0), reference.phases()[0]);
    expect_same_images(game.generator().tensor(reference.generator().outputs[0]), reference.samples("step1.fake"),
                       kRounding, "fake images");
    const std::vector<double>& logits = game.discriminator().value(reference.discriminator().outputs[0]);
    const Tensor real = reference.samples("step1.logit_real"), fake = reference.samples("step1.logit_fake");
    const Tensor halves = Tensor::of<double>({2, reference.batch()}, logits);
    for (std::int64_t i = 0; i < reference.batch(); ++i) {
      EXPECT_NEAR(element(halves, i), element(real, i), kRounding * std::fabs(element(real, i)));
      EXPECT_NEAR(element(halves, reference.batch() + i), element(fake, i), kRounding * std::fabs(element(fake, i)));
    }
  }
}

// Perceptrons with BatchNorm and Dropout on both sides, large enough to play with.
net::Network generator() {
  return {.name = "generator",
          .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {2}}},
                    {"dense", {"z"}, net::Dense{6}},
                    {"norm", {"dense"}, net::BatchNorm{}},
                    {"act", {"norm"}, net::Activation{.kind = net::ActivationKind::rrelu}},
                    {"image", {"act"}, net::Dense{3}}},
          .outputs = {"image"}};
}

net::Network discriminator() {
  return {.name = "discriminator",
          .nodes = {{"image", {}, net::Input{.role = net::Role::vector, .shape = {3}}},
                    {"dense", {"image"}, net::Dense{5}},
                    {"act", {"dense"}, net::Activation{.kind = net::ActivationKind::tanh}},
                    {"drop", {"act"}, net::Dropout{0.5F}},
                    {"logit", {"drop"}, net::Dense{1}}},
          .outputs = {"logit"}};
}

NamedTensors initial() {
  NamedTensors state = net::initialise(generator(), 1);
  state.merge(net::initialise(discriminator(), 2));
  return state;
}

const std::vector<float> kReal = {0.5F, -1, 0.25F, 1, 0, -0.5F, 2, 0.5F, 1, -1, -1, 0.75F};
const std::vector<float> kZ = {0.1F, -0.7F, 1.2F, 0.4F, -1.5F, 0.3F, 0.9F, 0.2F};
const Batch kBatch{.count = 4, .real = kReal, .z = kZ, .real_classes = {}, .fake_classes = {}, .step = 0};

ReferenceGame<double> make_game(const Game& game) {
  ReferenceGame<double> g(generator(), discriminator(), {.game = game});
  g.set_state(initial());
  return g;
}

double value(const NamedTensors& tensors, const std::string& name, std::size_t i = 0) {
  return tensors.at(name).values<double>()[i];
}

TEST(ReferenceGame, UpdatesThePlayersOfThePhase) {
  for (const Phase phase : {Phase::both, Phase::discriminator, Phase::generator}) {
    auto game = make_game({});
    const NamedTensors before = game.state();
    const StepResult result = game.step(kBatch, phase);
    const NamedTensors after = game.state();
    const bool g_moves = phase != Phase::discriminator, d_moves = phase != Phase::generator;
    EXPECT_EQ(before.at("generator.dense.weight") != after.at("generator.dense.weight"), g_moves);
    EXPECT_EQ(before.at("discriminator.dense.weight") != after.at("discriminator.dense.weight"), d_moves);
    EXPECT_EQ(game.gradients().contains("generator.dense.weight"), g_moves);
    EXPECT_EQ(game.gradients().contains("discriminator.dense.weight"), d_moves);
    EXPECT_EQ(result.gradient_norms.size(), (g_moves ? 6U : 0U) + (d_moves ? 4U : 0U));
    EXPECT_GT(result.generator_loss, 0);
    EXPECT_EQ(result.discriminator_loss > 0, d_moves);
    EXPECT_NE(before.at("generator.norm.running_mean"), after.at("generator.norm.running_mean"));
  }
}

TEST(ReferenceGame, EachPlayersLossFallsAlongItsGradient) {
  const auto plain = [](double g_rate, double d_rate) {
    Game game;
    game.generator = {.kind = OptimizerKind::sgd, .learning_rate = g_rate};
    game.discriminator = {.kind = OptimizerKind::sgd, .learning_rate = d_rate};
    return game;
  };
  auto g_moves = make_game(plain(0.01, 0)), d_moves = make_game(plain(0, 0.01));
  const double g_before = g_moves.step(kBatch, Phase::both).generator_loss;
  EXPECT_LT(g_moves.step(kBatch, Phase::both).generator_loss, g_before);
  const double d_before = d_moves.step(kBatch, Phase::both).discriminator_loss;
  EXPECT_LT(d_moves.step(kBatch, Phase::both).discriminator_loss, d_before);
}

TEST(ReferenceGame, FirstUpdatesHaveTheirClosedForms) {
  const auto first_change = [](const Optimizer& rule, double& gradient) {
    Game game;
    game.discriminator = rule;
    auto g = make_game(game);
    const double before = value(g.state(), "discriminator.logit.weight", 2);
    g.step(kBatch, Phase::discriminator);
    gradient = value(g.gradients(), "discriminator.logit.weight", 2);
    return value(g.state(), "discriminator.logit.weight", 2) - before;
  };
  double g = 0;
  // Adam: m = 0.1 g, v = 0.001 g^2, and the correction cancels both factors but that of epsilon.
  const double adam = first_change({.kind = OptimizerKind::adam, .learning_rate = 0.01, .epsilon = 1e-12}, g);
  EXPECT_NEAR(adam, g > 0 ? -0.01 : 0.01, 1e-9);
  // RMSprop: v = 0.1 g^2.
  const double rms = first_change({.kind = OptimizerKind::rmsprop, .learning_rate = 0.01, .epsilon = 1e-20}, g);
  EXPECT_NEAR(rms, (g > 0 ? -0.01 : 0.01) / std::sqrt(0.1), 1e-9);
  const double sgd = first_change({.kind = OptimizerKind::sgd, .learning_rate = 0.01, .momentum = 0.9}, g);
  EXPECT_NEAR(sgd, -0.01 * g, 1e-15);
}

TEST(ReferenceGame, ClipsTheJointNormOfANetwork) {
  Game game;
  game.discriminator = {.kind = OptimizerKind::sgd, .learning_rate = 1, .clip_norm = 1e-3};
  auto clipped = make_game(game);
  const NamedTensors before = clipped.state();
  const StepResult result = clipped.step(kBatch, Phase::discriminator);
  const NamedTensors after = clipped.state();
  double moved = 0, norm = 0;
  for (const auto& [name, tensor] : clipped.gradients()) {
    moved += std::pow(l2_distance(before.at(name), after.at(name)), 2);
  }
  for (const GradientNorm& g : result.gradient_norms) norm += g.norm * g.norm;
  EXPECT_NEAR(std::sqrt(moved), 1e-3, 1e-12);
  EXPECT_GT(std::sqrt(norm), 1e-3);  // reported as it was
}

TEST(ReferenceGame, ClampsTheCriticsWeights) {
  Game game;
  game.loss = Loss::wasserstein;
  game.weight_clip = 0.05;
  auto critic = make_game(game);
  critic.step(kBatch, Phase::both);
  double largest_d = 0, largest_g = 0;
  for (const auto& [name, tensor] : critic.state()) {
    double& largest = name.starts_with("discriminator.") ? largest_d : largest_g;
    if (name.starts_with("optimizer.")) continue;
    for (const double v : tensor.values<double>()) largest = std::max(largest, std::fabs(v));
  }
  EXPECT_DOUBLE_EQ(largest_d, 0.05);
  EXPECT_GT(largest_g, 0.05);
}

TEST(ReferenceGame, AveragesTheGeneratorAndCopiesItsStatistics) {
  Game game;
  game.ema_decay = 0.75;
  auto g = make_game(game);
  const double before = value(g.state(), "generator.dense.weight");
  g.step(kBatch, Phase::generator);
  const NamedTensors after = g.state();
  EXPECT_NEAR(value(after, "ema.generator.dense.weight"), 0.75 * before + 0.25 * value(after, "generator.dense.weight"),
              1e-15);
  EXPECT_EQ(after.at("ema.generator.norm.running_mean"), after.at("generator.norm.running_mean"));
  const Inputs z{4, kZ, {}};
  EXPECT_NE(g.infer("generator", z, true, {}, {}).output, g.infer("generator", z, false, {}, {}).output);
}

TEST(ReferenceGame, AppliesInjectedNoise) {
  auto plain = make_game({}), noisy = make_game({});
  noisy.set_noise("discriminator", {{"drop", std::vector<double>(2 * 4 * 5, 0)}});
  plain.step(kBatch, Phase::both);
  // Everything dropped: the logit is its bias, ln 2 twice.
  EXPECT_NEAR(noisy.step(kBatch, Phase::both).discriminator_loss, 2 * std::log(2), 1e-12);
  EXPECT_NE(plain.state(), noisy.state());
}

TEST(ReferenceGame, ContinuesFromItsState) {
  for (const auto& [kind, name] : play::table_of<OptimizerKind>()) {
    SCOPED_TRACE(name);
    Game game;
    game.ema_decay = 0.9;
    game.generator = {.kind = kind, .momentum = 0.5};
    game.discriminator = game.generator;
    auto straight = make_game(game), first = make_game(game), second = make_game(game);
    for (int i = 0; i < 4; ++i) straight.step(kBatch, Phase::both);
    for (int i = 0; i < 2; ++i) first.step(kBatch, Phase::both);
    second.set_state(first.state());
    for (int i = 0; i < 2; ++i) second.step(kBatch, Phase::both);
    EXPECT_EQ(straight.state(), second.state());
  }
}

TEST(ReferenceGame, NamesWhatItsStateLacksOrDoesNotKnow) {
  auto game = make_game({});
  NamedTensors state = initial();
  state.erase("discriminator.logit.bias");
  EXPECT_THROW(game.set_state(state), DataError);
  state = initial();
  state.emplace("discriminator.logit.slope", Tensor(DType::f32, {1}));
  EXPECT_THROW(game.set_state(state), DataError);
}

TEST(ReferenceGame, ChangesNothingWhereALossIsNotFinite) {
  auto game = make_game({});
  const NamedTensors before = game.state();
  std::vector<float> real = kReal;
  real[3] = std::numeric_limits<float>::quiet_NaN();
  Batch batch = kBatch;
  batch.real = real;
  EXPECT_THROW(game.step(batch, Phase::both), NonFiniteError);
  EXPECT_EQ(game.state(), before);
}

TEST(ReferenceGame, RejectsNetworksThatDoNotFit) {
  net::Network other = discriminator();
  other.nodes[0].layer = net::Input{.role = net::Role::vector, .shape = {4}};
  EXPECT_THROW(ReferenceGame<double>(generator(), other, {}), ConfigError);
}

}  // namespace
}  // namespace ganymede::engine
