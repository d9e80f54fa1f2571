#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/game/pull_back.hpp"
#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"
#include "play/check.hpp"

namespace ganymede::engine {
namespace {

Match ring(int unroll, OptimizerKind kind = OptimizerKind::adam) {
  const net::Activation tanh{.kind = net::ActivationKind::tanh};
  Match m{.generator = net::mlp_generator({.latent_dim = 4, .widths = {12}, .activation = tanh}),
          .discriminator = net::mlp_discriminator({.widths = {20}, .activation = tanh})};
  m.game.unroll = unroll;
  m.game.unroll_rate = 5e-3;
  // 1 - 63/64 has no rounding in f32, where 1 - 0.999 is off by 1.3e-5.
  m.game.discriminator = {.kind = kind, .learning_rate = 1e-2, .beta1 = 0.5, .beta2 = 63.0 / 64, .momentum = 0.4};
  return m;
}

/// K batches; the first has the others behind it.
struct Batches {
  Batches(const Match& m, std::int64_t count, int more) {
    for (int i = 0; i <= more; ++i) data.push_back(make_data(m, count, static_cast<std::uint32_t>(i)));
    first = data[0].batch(count, 0);
    for (int i = 1; i <= more; ++i) first.unrolled.push_back(data[static_cast<std::size_t>(i)].batch(count, 0));
  }
  std::vector<Data> data;
  Batch first;
};

// Two updates before, so that the moments are not 0.
NamedTensors begun(const Match& m) {
  auto executor = make_fast(m, 8, 1);
  for (std::uint32_t i = 0; i < 2; ++i) executor->step(make_data(m, 8, 7 + i).batch(8, i), Phase::discriminator);
  return executor->state();
}

// G's loss at the end of the unrolled updates, by no second derivative: what G's parameters change in it is the
// gradient.
TEST(Unroll, OfTheReferenceMatchesDifferencesOfTheLossThroughAllUpdates) {
  for (const auto& [kind, name] : play::table_of<OptimizerKind>()) {
    for (const auto& [loss, loss_name] : play::table_of<Loss>()) {
      for (const bool fresh : {false, true}) {
        SCOPED_TRACE(std::string(name) + " " + loss_name + (fresh ? " fresh" : " same"));
        Match m = ring(3, kind);
        m.game.loss = loss;
        m.game.label_smoothing = 0.1;
        const NamedTensors base = begun(m);
        const Batches batches(m, 6, fresh ? 2 : 0);
        ReferenceGame<double> game(m.generator, m.discriminator, {.game = m.game});
        const auto loss_at = [&](const std::string& key, double t) {
          NamedTensors state = base;
          if (!key.empty()) {
            std::vector<double> values(base.at(key).values<float>().begin(), base.at(key).values<float>().end());
            values[2] += t;
            state[key] = Tensor::of<double>(base.at(key).shape(), values);
          }
          game.set_state(state);
          return game.step(batches.first, Phase::both).generator_loss;
        };
        constexpr double kStep = 1e-5;
        for (const std::string key : {"generator.dense1.weight", "generator.dense1.bias", "generator.dense.weight"}) {
          const double difference = (loss_at(key, kStep) - loss_at(key, -kStep)) / (2 * kStep);
          loss_at("", 0);
          const double gradient = game.gradients().at(key).values<double>()[2];
          EXPECT_NEAR(gradient, difference, 1e-5 * std::fabs(difference) + 1e-9) << key;
        }
      }
    }
  }
}

void expect_unrolled_matches(const Match& m, std::int64_t count, bool fresh, double bound = 1e-5) {
  auto fast = make_fast(m, static_cast<int>(count), 2);
  ReferenceGame<double> slow(m.generator, m.discriminator, {.game = m.game});
  const NamedTensors state = begun(m);
  fast->set_state(state);
  slow.set_state(state);
  const Batches batches(m, count, fresh ? m.game.unroll - 1 : 0);
  const play::StepCheck check = play::check_step(*fast, slow, batches.first, Phase::both);
  for (const play::Deviation& d : check.losses) EXPECT_LE(d.difference, bound) << d.name;
  for (const play::Deviation& d : check.gradients) EXPECT_LE(d.difference, bound) << d.name;
}

TEST(Unroll, MatchesTheReferenceWithEveryLossAndOptimiser) {
  for (const auto& [kind, name] : play::table_of<OptimizerKind>()) {
    for (const auto& [loss, loss_name] : play::table_of<Loss>()) {
      SCOPED_TRACE(std::string(name) + " " + loss_name);
      Match m = ring(4, kind);
      m.game.loss = loss;
      m.game.weight_clip = loss == Loss::wasserstein ? 0.3 : 0;
      // Eighths: where the slopes of D cancel they do so exactly.
      expect_unrolled_matches(m, 8, false, 2e-5);
      expect_unrolled_matches(m, 8, true, 2e-5);
    }
  }
}

// Updates 3 to 6 of a rate that falls to a twentieth of it by the sixth.
TEST(Unroll, GoesOnAlongAScheduleOfTheRate) {
  for (const auto& [kind, name] : play::table_of<OptimizerKind>()) {
    for (const double rate : {0.0, 2e-2}) {
      SCOPED_TRACE(name);
      Match m = ring(4, kind);
      m.game.unroll_rate = rate;
      m.game.discriminator.schedule = Schedule::linear;
      m.game.discriminator.schedule_updates = 6;
      m.game.discriminator.schedule_end = 0.05;
      expect_unrolled_matches(m, 8, false, 2e-5);
    }
  }
}

// Of fakes and reals each one block and a half.
TEST(Unroll, MatchesTheReferenceInBlocks) {
  for (const bool fresh : {false, true}) {
    Match m = ring(3);
    expect_unrolled_matches(m, 96, fresh, 2e-5);
    m.discriminator = net::mlp_discriminator({.widths = {20, 12}, .norm = net::Norm::layer});
    expect_unrolled_matches(m, 96, fresh, 2e-5);
  }
}

TEST(Unroll, MatchesTheReferenceOnPicturesWithClassesNormsAndDropout) {
  auto d = small_discriminator();
  d.norm = net::Norm::layer;
  d.activation = {.kind = net::ActivationKind::elu};
  d.classes = 3;
  d.auxiliary = true;
  Match with_heads = family(small_generator(), d);
  Match noisy = noisy_match();
  for (Match* m : {&with_heads, &noisy}) {
    m->game.unroll = 2;
    m->game.discriminator.learning_rate = 1e-3;
    expect_unrolled_matches(*m, 6, false);
    expect_unrolled_matches(*m, 6, true);
  }
}

TEST(Unroll, LeavesTheOrdinaryUpdateOfDAsItIs) {
  const Match m = ring(5);
  Match plain = m;
  plain.game.unroll = 0;
  auto unrolled = make_fast(m, 8, 2), ordinary = make_fast(plain, 8, 2);
  const Data data = make_data(m, 8, 0);
  const StepResult a = unrolled->step(data.batch(8, 0), Phase::both);
  const StepResult b = ordinary->step(data.batch(8, 0), Phase::both);
  EXPECT_EQ(a.discriminator_loss, b.discriminator_loss);
  EXPECT_NE(a.generator_loss, b.generator_loss);
  const NamedTensors of_unrolled = unrolled->state();
  for (const auto& [name, tensor] : ordinary->state()) {
    if (name.find("discriminator") != std::string::npos) {
      EXPECT_EQ(of_unrolled.at(name), tensor) << name;
    }
  }
}

// Updates so small that D stays where it is: the plain game's gradient.
TEST(Unroll, BySmallUpdatesIsThePlainGame) {
  Match m = ring(3, OptimizerKind::sgd);
  m.game.unroll_rate = 1e-9;
  Match plain = m;
  plain.game.unroll = 0;
  auto unrolled = make_fast(m, 8, 2), ordinary = make_fast(plain, 8, 2);
  const Data data = make_data(m, 8, 0);
  unrolled->step(data.batch(8, 0), Phase::both);
  ordinary->step(data.batch(8, 0), Phase::both);
  expect_close(unrolled->gradients(), ordinary->gradients(), 1e-5, "gradient");
}

TEST(Unroll, WithoutARateOfItsOwnTakesThatOfTheDiscriminator) {
  Match own = ring(3), same = ring(3);
  own.game.unroll_rate = 0;
  same.game.unroll_rate = own.game.discriminator.learning_rate;
  const Data data = make_data(own, 8, 0);
  auto a = make_fast(own, 8, 1), b = make_fast(same, 8, 1);
  a->step(data.batch(8, 0), Phase::both);
  b->step(data.batch(8, 0), Phase::both);
  EXPECT_EQ(a->gradients(), b->gradients());
}

TEST(Unroll, GivesTheSameBitsForEveryNumberOfThreadsAndResumesBitForBit) {
  Match pictures = noisy_match(16);
  pictures.game.unroll = 2;
  for (const Match& m : {ring(4), pictures}) {
    const NamedTensors one = train_a_little(m, 1);
    for (const int threads : {2, 3}) EXPECT_EQ(train_a_little(m, threads), one) << threads;
    auto whole = make_fast(m, 16, 2), first = make_fast(m, 16, 2), second = make_fast(m, 16, 1);
    for (std::uint32_t i = 0; i < 4; ++i) whole->step(make_data(m, 16, i).batch(16, i), Phase::both);
    for (std::uint32_t i = 0; i < 2; ++i) first->step(make_data(m, 16, i).batch(16, i), Phase::both);
    second->set_state(first->state());
    for (std::uint32_t i = 2; i < 4; ++i) second->step(make_data(m, 16, i).batch(16, i), Phase::both);
    EXPECT_EQ(second->state(), whole->state());
  }
}

// Of each update parameters, moments and gradient: four numbers a parameter, and no activations.
TEST(Unroll, KeepsNoActivationsOfTheUpdates) {
  Match m{.generator = net::mlp_generator({.latent_dim = 4, .widths = {12}}),
          .discriminator = net::mlp_discriminator({.widths = {400, 400}})};
  const auto bytes = [&](int unroll) {
    m.game.unroll = unroll;
    auto executor = make_fast(m, 8, 1);
    executor->step(make_data(m, 8, 0).batch(8, 0), Phase::both);
    return executor->memory_bytes();
  };
  const std::int64_t parameters = net::count_parameters(m.discriminator).total;
  EXPECT_LT(bytes(21) - bytes(1), 20 * 4 * 4 * parameters * 5 / 4);  // rows are padded
}

TEST(Unroll, RefusesWhatItCannotGoThrough) {
  const auto refusal = [](auto change, Phase phase = Phase::both) {
    Match m = ring(2);
    change(m);
    try {
      make_fast(m, 8, 1)->step(make_data(m, 8, 0).batch(8, 0), phase);
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_TRUE(refusal([](Match& m) { m.game.discriminator.clip_norm = 1; }).starts_with("game.unroll = 2: "));
  EXPECT_TRUE(refusal([](Match& m) { m.game.penalty = Penalty::r1; }).starts_with("game.unroll = 2: "));
  EXPECT_TRUE(refusal([](Match&) {}, Phase::generator).starts_with("game.unroll = 2: "));
  EXPECT_TRUE(refusal([](Match& m) {
                m.discriminator = net::mlp_discriminator({.widths = {20}, .norm = net::Norm::batch});
              }).starts_with("game.unroll = 2: layer 'norm1' of the discriminator (batch_norm)"));
  EXPECT_TRUE(refusal([](Match& m) {
                m.discriminator = net::mlp_discriminator({.widths = {20}, .norm = net::Norm::spectral});
              }).starts_with("game.unroll = 2: layer 'dense"));
  EXPECT_TRUE(refusal([](Match& m) {
                m.game.augment = augmentations("brightness");
              }).starts_with("game.unroll: second derivatives do not go through game.augment"));
}

}  // namespace
}  // namespace ganymede::engine
