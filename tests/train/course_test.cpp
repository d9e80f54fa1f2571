#include "train/course.hpp"

#include "train/fake_executor.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

using play::Phase;

/// 10 images in batches of 4, 4, 2.
struct OnCourse {
  explicit OnCourse(play::UpdateOrder order = play::UpdateOrder::simultaneous, int d_steps = 1) {
    recipe.game.update = order;
    recipe.game.d_steps = d_steps;
  }
  run::Recipe recipe = tiny_recipe();
  data::Dataset dataset = numbered_images(10);
  run::Networks networks = networks_for(recipe, dataset);
  Feed feed{dataset, recipe, networks};
  FakeExecutor executor{networks.generator, networks.discriminator, {}};
};

TEST(Course, GoesOnAsTheLoopDoes) {
  OnCourse on(play::UpdateOrder::alternating, 2);
  Course course(on.recipe, on.feed, on.executor);
  std::string phases;
  for (int i = 0; i < 6; ++i) phases += course.advance().phase == Phase::generator ? 'G' : 'D';
  EXPECT_EQ(phases, "DDGDDG");
  EXPECT_EQ(course.position(), (Position{.step = 2, .tick = 6, .epoch = 1, .batch = 1, .images = 14}));
}

TEST(Course, OnePlayerAloneLeavesTheScheduleWhereItIs) {
  OnCourse on(play::UpdateOrder::alternating, 2);
  Course course(on.recipe, on.feed, on.executor);
  course.advance();
  EXPECT_EQ(course.advance_alone(Phase::generator).phase, Phase::generator);
  EXPECT_EQ(course.next(), Phase::discriminator) << "one of two updates of D is made";
  EXPECT_EQ(course.position(), (Position{.step = 1, .tick = 2, .epoch = 0, .batch = 1, .images = 4}));
  course.advance_alone(Phase::discriminator);
  EXPECT_EQ(course.position().batch, 2);
  EXPECT_EQ(course.position().step, 1) << "a step is an update of G";
  course.advance();
  EXPECT_EQ(course.next(), Phase::generator);
}

TEST(Course, GAloneHasABatchBeforeDSawOne) {
  OnCourse on;
  Course course(on.recipe, on.feed, on.executor);
  EXPECT_EQ(course.advance_alone(Phase::generator).count, 4);
  EXPECT_EQ(course.position(), (Position{.step = 1, .tick = 1, .epoch = 0, .batch = 0, .images = 0}));
}

TEST(Course, DAloneBeginsAnEpochWhereTheBatchesAreUsedUp) {
  OnCourse on(play::UpdateOrder::alternating, 3);
  Course course(on.recipe, on.feed, on.executor);
  for (int i = 0; i < 3; ++i) course.advance();
  EXPECT_EQ(course.position().batch, 3) << "kept for the update of G that is next";
  course.advance_alone(Phase::discriminator);
  EXPECT_EQ(course.position(), (Position{.step = 0, .tick = 4, .epoch = 1, .batch = 1, .images = 14}));
  course.advance();
  EXPECT_EQ(course.position().step, 1);
}

}  // namespace
}  // namespace ganymede::train
