#include "train/update_schedule.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ganymede::train {
namespace {

using play::Phase;
using play::UpdateOrder;

run::Recipe::Game game(UpdateOrder order) {
  run::Recipe::Game game;
  game.update = order;
  return game;
}

play::StepResult d_loss(double loss) {
  play::StepResult result;
  result.discriminator_loss = loss;
  return result;
}

/// The phases of `calls` updates with the same D loss, as letters: B both, D, G.
std::string phases(UpdateSchedule schedule, int calls) {
  std::string letters;
  for (int i = 0; i < calls; ++i) {
    const Phase phase = schedule.next();
    letters += phase == Phase::both ? 'B' : phase == Phase::discriminator ? 'D' : 'G';
    EXPECT_EQ(schedule.record(d_loss(1)), phase != Phase::discriminator);
  }
  return letters;
}

TEST(UpdateSchedule, SimultaneousUpdatesBothEachTime) {
  EXPECT_EQ(phases(UpdateSchedule(game(UpdateOrder::simultaneous)), 4), "BBBB");
}

TEST(UpdateSchedule, AlternatingMakesKUpdatesOfDForOneOfG) {
  auto alternating = game(UpdateOrder::alternating);
  EXPECT_EQ(phases(UpdateSchedule(alternating), 6), "DGDGDG");
  alternating.d_steps = 3;
  EXPECT_EQ(phases(UpdateSchedule(alternating), 9), "DDDGDDDGD");
}

TEST(UpdateSchedule, ConvergeStopsAfterTwoWindowsOfEqualLoss) {
  EXPECT_EQ(phases(UpdateSchedule(game(UpdateOrder::converge)), 22), "DDDDDDDDDDDDDDDDDDDDGD");  // 20 of D
}

TEST(UpdateSchedule, ConvergeGoesOnWhileTheLossFallsByMoreThanTheTolerance) {
  auto converge = game(UpdateOrder::converge);
  converge.converge_tolerance = 0.1;
  UpdateSchedule schedule(converge);
  const double losses[] = {1.0, 0.8, 0.71, 0.65};  // falls by 20 %, 11.25 %, 8.45 %: the fourth window is the last
  int updates = 0;
  while (schedule.next() == Phase::discriminator) schedule.record(d_loss(losses[updates++ / UpdateSchedule::kWindow]));
  EXPECT_EQ(updates, 40);
}

TEST(UpdateSchedule, ConvergeUnderstandsNegativeLosses) {
  auto converge = game(UpdateOrder::converge);
  converge.converge_tolerance = 0.1;
  UpdateSchedule schedule(converge);
  const double losses[] = {-1.0, -1.5, -1.55};  // Wasserstein: falls by 50 %, then by 3.3 %
  int updates = 0;
  while (schedule.next() == Phase::discriminator) schedule.record(d_loss(losses[updates++ / UpdateSchedule::kWindow]));
  EXPECT_EQ(updates, 30);
}

TEST(UpdateSchedule, ConvergeIsCapped) {
  auto converge = game(UpdateOrder::converge);
  converge.converge_max_steps = 7;
  EXPECT_EQ(phases(UpdateSchedule(converge), 9), "DDDDDDDGD");
}

TEST(UpdateSchedule, RestoredInTheMiddleOfAStepItGoesOnAsBefore) {
  auto converge = game(UpdateOrder::converge);
  UpdateSchedule schedule(converge);
  for (int i = 0; i < 13; ++i) schedule.record(d_loss(1));
  EXPECT_FALSE(schedule.between_steps());
  UpdateSchedule restored(converge);
  restored.restore(schedule.state());
  EXPECT_EQ(restored.state(), schedule.state());
  EXPECT_EQ(phases(restored, 9), "DDDDDDDGD");
}

TEST(UpdateSchedule, RejectsCountsBelowOne) {
  auto alternating = game(UpdateOrder::alternating);
  alternating.d_steps = 0;
  EXPECT_THROW(UpdateSchedule{alternating}, ConfigError);
  auto converge = game(UpdateOrder::converge);
  converge.converge_max_steps = 0;
  EXPECT_THROW(UpdateSchedule{converge}, ConfigError);
}

}  // namespace
}  // namespace ganymede::train
