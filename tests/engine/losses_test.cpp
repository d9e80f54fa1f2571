#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"

namespace ganymede::engine {
namespace {

/// Games with what a training pass draws, moves and joins.
std::vector<Match> games() {
  std::vector<Match> all;
  auto g = small_generator();
  auto d = small_discriminator();
  d.dropout = 0.3F;
  all.push_back(family(g, d));
  all.push_back(family(g, d));
  all.back().game = {.loss = Loss::hinge, .augment = {Augmentation::translation, Augmentation::brightness}};
  g.classes = d.classes = 3;
  g.condition = net::Condition::concat;
  d.auxiliary = true;
  all.push_back(family(g, d));
  g.classes = d.classes = 0;
  g.condition = net::Condition::none;
  d = small_discriminator();
  d.norm = net::Norm::spectral;
  all.push_back(family(g, d));
  return all;
}

TEST(ExecutorLosses, AreThoseOfTheStepOnThatBatchAndMoveNothing) {
  for (const Match& m : games()) {
    const auto executor = make_fast(m, 8, 2), other = make_fast(m, 8, 1);
    const Data data = make_data(m, 6, 3);
    const NamedTensors before = executor->state();
    const StepResult told = executor->losses(data.batch(6, 3));
    EXPECT_EQ(executor->state(), before);
    EXPECT_TRUE(told.gradient_norms.empty());
    const StepResult again = other->losses(data.batch(6, 3));
    const StepResult step = executor->step(data.batch(6, 3), Phase::both);
    for (const StepResult& one : {again, step}) {
      EXPECT_EQ(told.generator_loss, one.generator_loss);
      EXPECT_EQ(told.discriminator_loss, one.discriminator_loss);
      EXPECT_EQ(told.discriminator_real_loss, one.discriminator_real_loss);
      EXPECT_EQ(told.discriminator_fake_loss, one.discriminator_fake_loss);
      EXPECT_EQ(told.real_accuracy, one.real_accuracy);
      EXPECT_EQ(told.fake_accuracy, one.fake_accuracy);
    }
    // The step was not changed by it either.
    const auto fresh = make_fast(m, 8, 1);
    fresh->step(data.batch(6, 3), Phase::both);
    EXPECT_EQ(fresh->state(), executor->state());
  }
}

TEST(ExecutorLosses, OfPenaltiesAndUnrolledGamesAreThoseOfTheDOfNow) {
  auto d = small_discriminator();
  d.norm = net::Norm::none;
  Match plain = family(small_generator(), d), unrolled = plain, penalised = plain;
  unrolled.game.unroll = 2;
  penalised.game.penalty = Penalty::r1;
  const Data data = make_data(plain, 6, 1);
  const StepResult wanted = make_fast(plain, 8, 1)->losses(data.batch(6, 1));
  for (const Match& m : {unrolled, penalised}) {
    const StepResult found = make_fast(m, 8, 1)->losses(data.batch(6, 1));
    EXPECT_EQ(found.generator_loss, wanted.generator_loss);
    EXPECT_EQ(found.discriminator_loss, wanted.discriminator_loss);
    EXPECT_FALSE(found.penalty.has_value());
  }
}

TEST(ExecutorLosses, AreNoNumbersWhereWeightsAreNone) {
  const Match m = family(small_generator(), small_discriminator());
  const auto executor = make_fast(m, 8, 1);
  NamedTensors state = executor->state();
  for (float& v : state.at("discriminator.conv1.weight").values<float>()) v = NAN;
  executor->set_state(state);
  const Data data = make_data(m, 6, 1);
  EXPECT_FALSE(std::isfinite(executor->losses(data.batch(6, 1)).discriminator_loss));
  EXPECT_THROW(executor->step(data.batch(6, 1), Phase::both), NonFiniteError);
}

TEST(ExecutorLosses, AreRefusedByAnExecutorThatTakesStepsAlone) {
  const Match m = family(small_generator(), small_discriminator());
  ReferenceGame<double> reference(m.generator, m.discriminator, {.game = m.game});
  const Data data = make_data(m, 4, 1);
  Executor& executor = reference;
  EXPECT_THROW(executor.losses(data.batch(4, 1)), ConfigError);
}

}  // namespace
}  // namespace ganymede::engine
