#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engine/reference/reference_game.hpp"
#include "engine/step_matches.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

// InfoGAN: codes at the end of z, and a head of D that tells them.

constexpr int kCoded = 8;  // numbers of z, of which 6 are codes

Match with_codes(Match m) {
  m.latent = kCoded;
  m.game.codes = {3, kUniformCode, 2};
  m.game.info_weight = 0.8;
  return m;
}

Match coded_points() {
  return with_codes({.generator = net::mlp_generator({.latent_dim = kCoded, .coordinates = 2, .widths = {16}}),
                     .discriminator = net::mlp_discriminator({.coordinates = 2, .widths = {16, 12}, .code_width = 6})});
}

Match coded_pictures(bool auxiliary) {
  auto g = small_generator();
  auto d = small_discriminator();
  g.latent_dim = kCoded;
  d.code_width = 6;
  if (auxiliary) {
    g.classes = d.classes = 3;
    g.condition = net::Condition::concat;
    d.auxiliary = true;
  }
  return with_codes(family(g, d));
}

// z whose end holds codes.
Data coded_data(const Match& m, std::int64_t count, std::uint32_t step) {
  Data data = make_data(m, count, step);
  for (std::int64_t i = 0; i < count; ++i) {
    float* const code = &data.z[static_cast<std::size_t>(i * kCoded + 2)];
    std::fill_n(code, 6, 0.0F);
    code[(i + step) % 3] = 1;
    code[3] = -1 + 0.3F * static_cast<float>(i);
    code[4 + i % 2] = 1;
  }
  return data;
}

TEST(InfoGan, StepsMatchTheReference) {
  for (Match m : {coded_points(), coded_pictures(false), coded_pictures(true)}) {
    for (const Penalty penalty : {Penalty::none, Penalty::r1}) {
      m.game.penalty = penalty;
      const std::vector<Phase> phases =
          penalty == Penalty::none ? std::vector{Phase::both, Phase::discriminator, Phase::generator, Phase::both}
                                   : std::vector{Phase::both, Phase::discriminator};
      for (const play::StepCheck& check : expect_steps_match(m, 6, phases, coded_data))
        EXPECT_TRUE(check.result.information);
    }
  }
}

// The reference's gradients are differences of the losses.
TEST(InfoGan, GradientsOfTheReferenceMatchDifferences) {
  Match m = coded_points();
  m.generator.nodes[2].layer = net::Activation{.kind = net::ActivationKind::tanh};
  for (net::Node& node : m.discriminator.nodes) {
    if (std::holds_alternative<net::Activation>(node.layer))
      node.layer = net::Activation{.kind = net::ActivationKind::tanh};
  }
  const Data data = coded_data(m, 4, 0);
  ReferenceGame<double> game(m.generator, m.discriminator, {.game = m.game, .batch = 4});
  const auto at = [&](const std::string& name, double t, Phase phase) {
    NamedTensors state;
    for (const auto& [key, tensor] : start(m)) {
      std::vector<double> values(tensor.values<float>().begin(), tensor.values<float>().end());
      if (key == name) values[1] += t;
      state[key] = Tensor::of<double>(tensor.shape(), values);
    }
    game.set_state(state);
    const StepResult result = game.step(data.batch(4, 0), phase);
    return phase == Phase::generator ? result.generator_loss : result.discriminator_loss;
  };
  constexpr double kStep = 1e-4;
  const auto expect_slope = [&](const std::string& name, Phase phase) {
    const double difference = (at(name, kStep, phase) - at(name, -kStep, phase)) / (2 * kStep);
    at(name, 0, phase);
    EXPECT_NEAR(game.gradients().at(name).values<double>()[1], difference, 2e-6 * (1 + std::fabs(difference))) << name;
  };
  for (const char* name : {"generator.dense1.weight", "generator.dense.bias"}) expect_slope(name, Phase::generator);
  for (const char* name : {"discriminator.dense1.weight", "discriminator.code_dense.weight",
                           "discriminator.code_dense.bias", "discriminator.dense.weight"})
    expect_slope(name, Phase::discriminator);
}

// Without weight the head learns nothing, and the players are those of the plain game.
TEST(InfoGan, OfNoWeightIsThePlainGame) {
  Match m = coded_points();
  m.game.info_weight = 0;
  Match plain = m;
  plain.discriminator = net::mlp_discriminator({.coordinates = 2, .widths = {16, 12}});
  plain.game.codes.clear();
  auto with = make_fast(m, 6, 2);
  auto without = make_fast(plain, 6, 2);
  NamedTensors state = start(m);
  with->set_state(state);
  state.erase("discriminator.code_dense.weight");
  state.erase("discriminator.code_dense.bias");
  without->set_state(state);
  const Data data = coded_data(m, 6, 0);
  const StepResult a = with->step(data.batch(6, 0), Phase::both), b = without->step(data.batch(6, 0), Phase::both);
  EXPECT_EQ(a.generator_loss, b.generator_loss);
  EXPECT_EQ(a.discriminator_loss, b.discriminator_loss);
  EXPECT_FALSE(b.information);
  expect_close(with->gradients(), without->gradients(), 1e-6, "plain");
  const NamedTensors gradients = with->gradients();
  for (const float v : gradients.at("discriminator.code_dense.weight").values<float>()) EXPECT_EQ(v, 0);
}

TEST(InfoGan, HasTheSameBitsForAnyNumberOfThreads) {
  const Match m = coded_pictures(true);
  auto one = make_fast(m, 6, 1), three = make_fast(m, 6, 3);
  for (std::uint32_t step = 0; step < 3; ++step) {
    const Data data = coded_data(m, 6, step);
    one->step(data.batch(6, step), Phase::both);
    three->step(data.batch(6, step), Phase::both);
  }
  EXPECT_EQ(one->state(), three->state());
}

TEST(InfoGan, RefusesWhatDoesNotFit) {
  const auto refused = [](const Match& m) {
    EXPECT_THROW(make_cpu_executor(m.generator, m.discriminator, {.game = m.game, .batch = 4}), Error);
  };
  Match m = coded_points();
  m.game.codes.clear();
  refused(m);
  m = coded_points();
  m.game.codes = {3};
  refused(m);
  m = coded_points();
  m.discriminator = net::mlp_discriminator({.coordinates = 2, .widths = {16}});
  refused(m);
  m = coded_points();
  m.game.unroll = 2;
  refused(m);
  m = coded_points();
  m.generator = net::mlp_generator({.latent_dim = 5, .coordinates = 2, .widths = {16}});
  refused(m);
}

}  // namespace
}  // namespace ganymede::engine
