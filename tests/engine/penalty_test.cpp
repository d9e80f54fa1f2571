#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/reference/reference_game.hpp"
#include "engine/step_matches.hpp"

namespace ganymede::engine {
namespace {

constexpr Penalty kKinds[] = {Penalty::r1, Penalty::r2, Penalty::wgan_gp, Penalty::dragan};

net::DiscriminatorConfig bent_discriminator() {
  auto d = small_discriminator();
  d.activation = {.kind = net::ActivationKind::tanh};
  return d;
}

net::Network linear(int features) {
  return {.name = "discriminator",
          .nodes = {{"image", {}, net::Input{.role = net::Role::vector, .shape = {features}}},
                    {"logit", {"image"}, net::Dense{1}}},
          .outputs = {"logit"}};
}

Match points(net::Network discriminator) {
  return {.generator = {.name = "generator",
                        .nodes = {{"z", {}, net::Input{.role = net::Role::latent, .shape = {4}}},
                                  {"dense", {"z"}, net::Dense{6}},
                                  {"act", {"dense"}, net::Activation{.kind = net::ActivationKind::tanh}},
                                  {"image", {"act"}, net::Dense{3}}},
                        .outputs = {"image"}},
          .discriminator = std::move(discriminator)};
}

// Its slope is its weight w, anywhere.
TEST(GradientPenalty, OfALinearDiscriminatorFollowsFromItsWeight) {
  for (const Penalty kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    Match m = points(linear(3));
    m.game.penalty = kind;
    m.game.penalty_weight = 3;
    auto with = make_fast(m, 8, 2);
    m.game.penalty = Penalty::none;
    auto without = make_fast(m, 8, 2);
    const Data data = make_data(m, 8, 0);
    const Tensor weight = with->state().at("discriminator.logit.weight");
    const double norm = norm_of(weight);
    const StepResult result = with->step(data.batch(8, 0), Phase::both);
    EXPECT_FALSE(without->step(data.batch(8, 0), Phase::both).penalty);
    const bool of_squares = kind == Penalty::r1 || kind == Penalty::r2;
    ASSERT_TRUE(result.penalty);
    EXPECT_NEAR(*result.penalty, of_squares ? 1.5 * norm * norm : 3 * (norm - 1) * (norm - 1), 1e-5);
    // w w' / |w| for the derivative of |w| along each weight.
    const double slope = of_squares ? 3 : 6 * (norm - 1) / norm;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto gradient = [&](const Executor& e) {
        return double{e.gradients().at("discriminator.logit.weight").values<float>()[i]};
      };
      EXPECT_NEAR(gradient(*with) - gradient(*without), slope * weight.values<float>()[i], 2e-6);
    }
    EXPECT_EQ(with->gradients().at("discriminator.logit.bias"), without->gradients().at("discriminator.logit.bias"));
  }
}

// The reference's gradient is what differences of loss and penalty come to; the penalty itself needs first derivatives
// alone.
TEST(GradientPenalty, OfTheReferenceMatchesDifferences) {
  for (const Penalty kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    auto d = bent_discriminator();
    d.norm = net::Norm::layer;
    Match m = family(small_generator(), d);
    m.game.penalty = kind;
    m.game.penalty_weight = 5;
    const Data data = make_data(m, 3, 0);
    const Noise noise{{"penalty", {{"shares", Tensor::of<float>({3}, std::vector<float>{0.2F, 0.9F, 0.5F})}}}};
    Noise drawn = noise;
    if (kind == Penalty::dragan)
      drawn["penalty"]["offsets"] = Tensor::of<float>({3, 144}, std::vector<float>(3 * 144, 0.3F));
    if (kind == Penalty::r1 || kind == Penalty::r2) drawn.clear();
    ReferenceGame<double> game(m.generator, m.discriminator, {.game = m.game, .batch = 3});
    const auto loss_at = [&](const std::string& name, double t) {
      NamedTensors state;
      for (const auto& [key, tensor] : start(m)) {
        std::vector<double> values(tensor.values<float>().begin(), tensor.values<float>().end());
        if (key == name) values[1] += t;
        state[key] = Tensor::of<double>(tensor.shape(), values);
      }
      game.set_state(state);
      game.set_noise(drawn);
      const StepResult result = game.step(data.batch(3, 0), Phase::discriminator);
      return result.discriminator_loss + result.penalty.value();
    };
    constexpr double kStep = 1e-4;
    for (const std::string name : {"discriminator.conv1.weight", "discriminator.norm2.bias",
                                   "discriminator.norm1.weight", "discriminator.dense.weight"}) {
      const double difference = (loss_at(name, kStep) - loss_at(name, -kStep)) / (2 * kStep);
      loss_at(name, 0);
      EXPECT_NEAR(game.gradients().at(name).values<double>()[1], difference, 2e-6 * (1 + std::fabs(difference)))
          << name;
    }
  }
}

TEST(GradientPenalty, MatchesTheReferenceWithEveryKindOfNetwork) {
  for (const Penalty kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    std::vector<Match> matches{family(small_generator(), small_discriminator()), noisy_match(),
                               points(net::mlp_discriminator({.coordinates = 3, .widths = {32}}))};
    matches.back().discriminator.nodes[0].layer = net::Input{.role = net::Role::vector, .shape = {3}};
    auto d = bent_discriminator();
    d.norm = net::Norm::layer;
    d.classes = 3;
    d.auxiliary = true;
    matches.push_back(family(small_generator(), d));
    for (Match& m : matches) {
      m.game.penalty = kind;
      m.game.penalty_interval = 2;
      expect_steps_match(m, 6, {Phase::both, Phase::both, Phase::discriminator, Phase::generator});
    }
  }
}

TEST(GradientPenalty, MatchesTheReferenceWithTransformConvolutions) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.width = d.width = 16;
  Match m = family(g, d);
  m.game.penalty = Penalty::wgan_gp;
  expect_steps_match(m, 32, {Phase::both});
}

TEST(GradientPenalty, ComesInEverySoManiethUpdateOfDWithSoManyTimesTheWeight) {
  Match m = family(small_generator(), small_discriminator());
  m.game.penalty = Penalty::r1;
  m.game.penalty_interval = 3;
  auto executor = make_fast(m, 4, 1);
  std::vector<bool> penalised;
  for (std::uint32_t i = 0; i < 8; ++i) {  // the updates of G between do not count
    const Phase phase = i % 2 == 0 ? Phase::discriminator : Phase::generator;
    const auto result = executor->step(make_data(m, 4, i).batch(4, i), phase);
    if (phase == Phase::discriminator) {
      penalised.push_back(result.penalty.has_value());
    } else {
      EXPECT_FALSE(result.penalty);
    }
  }
  EXPECT_EQ(penalised, std::vector<bool>({true, false, false, true}));

  Match heavy = m;
  heavy.game.penalty_interval = 1;
  heavy.game.penalty_weight *= 3;
  auto lazy = make_fast(m, 4, 1), often = make_fast(heavy, 4, 1);
  const Data data = make_data(m, 4, 0);
  const auto of_lazy = lazy->step(data.batch(4, 0), Phase::both), of_often = often->step(data.batch(4, 0), Phase::both);
  EXPECT_NEAR(3 * *of_lazy.penalty, *of_often.penalty, 1e-6 * *of_often.penalty);
  expect_close(lazy->gradients(), often->gradients(), 1e-6, "gradient");
}

TEST(GradientPenalty, GivesTheSameBitsForEveryNumberOfThreadsAndResumesBitForBit) {
  for (const Penalty kind : kKinds) {
    Match m = noisy_match(16);
    m.game.penalty = kind;
    m.game.penalty_interval = 2;
    const NamedTensors one = train_a_little(m, 1);
    for (const int threads : {2, 3}) EXPECT_EQ(train_a_little(m, threads), one) << threads;

    auto whole = make_fast(m, 16, 2), first = make_fast(m, 16, 2), second = make_fast(m, 16, 1);
    for (std::uint32_t i = 0; i < 4; ++i) whole->step(make_data(m, 16, i).batch(16, i), Phase::both);
    first->step(make_data(m, 16, 0).batch(16, 0), Phase::both);
    second->set_state(first->state());
    for (std::uint32_t i = 1; i < 4; ++i) second->step(make_data(m, 16, i).batch(16, i), Phase::both);
    EXPECT_EQ(second->state(), whole->state());
  }
}

TEST(GradientPenalty, IsRefusedForADiscriminatorWithBatchNormNamingLayerAndKey) {
  auto d = small_discriminator();
  d.norm = net::Norm::batch;
  Match m = family(small_generator(), d);
  m.game.penalty = Penalty::r1;
  try {
    make_fast(m, 4, 1);
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_EQ(std::string(error.what()),
              "game.penalty = \"r1\": layer 'norm1' of the discriminator (batch_norm) has no second derivative in this "
              "engine; discriminator.norm = \"layer\" or \"none\" has");
  }
}

}  // namespace
}  // namespace ganymede::engine
