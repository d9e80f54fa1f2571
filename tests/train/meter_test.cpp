#include "train/meter.hpp"

#include <gtest/gtest.h>

namespace ganymede::train {
namespace {

using play::Phase;

play::StepResult result(double g, double d, std::vector<play::GradientNorm> norms) {
  play::StepResult result;
  result.generator_loss = g;
  result.discriminator_loss = d;
  result.gradient_norms = std::move(norms);
  return result;
}

TEST(Meter, WeighsByImages) {
  Meter meter;
  meter.add(Phase::both, 3, result(1, 10, {}));
  meter.add(Phase::both, 1, result(5, 30, {}));
  EXPECT_DOUBLE_EQ(meter.means().generator_loss, 2);
  EXPECT_DOUBLE_EQ(meter.means().discriminator_loss, 15);
}

TEST(Meter, TakesEachPlayersNumbersFromItsOwnUpdates) {
  Meter meter;
  meter.add(Phase::discriminator, 4, result(100, 1, {}));
  meter.add(Phase::discriminator, 4, result(100, 3, {}));
  meter.add(Phase::generator, 4, result(7, 100, {}));
  EXPECT_DOUBLE_EQ(meter.means().discriminator_loss, 2);
  EXPECT_DOUBLE_EQ(meter.means().generator_loss, 7);
}

TEST(Meter, JoinsThePlayersGradientNormsAsOneVector) {
  Meter meter;
  meter.add(
      Phase::both, 2,
      result(0, 0, {{"generator.dense.weight", 3}, {"generator.conv1.weight", 4}, {"discriminator.dense.bias", 2}}));
  EXPECT_DOUBLE_EQ(meter.means().generator_gradient_norm, 5);
  EXPECT_DOUBLE_EQ(meter.means().discriminator_gradient_norm, 2);
}

TEST(Meter, TakesThePenaltyFromTheUpdatesThatHadOne) {
  Meter meter;
  play::StepResult with = result(1, 1, {});
  with.penalty = 6;
  meter.add(Phase::both, 3, result(1, 1, {}));
  EXPECT_FALSE(meter.has_penalty());
  meter.add(Phase::discriminator, 2, with);
  with.penalty = 0;
  meter.add(Phase::both, 4, with);
  EXPECT_TRUE(meter.has_penalty());
  EXPECT_DOUBLE_EQ(meter.means().penalty, 2);
}

TEST(Meter, IsZeroWhenEmptyAndAfterReset) {
  Meter meter;
  EXPECT_EQ(meter.means(), Means{});
  meter.add(Phase::both, 2, result(1, 1, {}));
  meter.reset();
  EXPECT_EQ(meter.means(), Means{});
}

}  // namespace
}  // namespace ganymede::train
