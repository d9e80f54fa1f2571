#include "bench/training.hpp"

#include <gtest/gtest.h>

#include "bench/inference.hpp"
#include "engine/executor.hpp"

namespace ganymede::bench {
namespace {

const Budget kBriefTraining{.seconds = 0, .warm_up = 1, .least = 2};

run::Recipe small_recipe() {
  run::Recipe recipe;
  recipe.latent.dim = 5;
  recipe.generator.width = 4;
  recipe.discriminator.width = 4;
  recipe.train.batch = 3;
  recipe.train.epochs = 1;
  return recipe;
}

Training train(const run::Recipe& recipe, int classes = 0) {
  return measure_training(engine::cpu_backend(), recipe,
                          run::build_networks(recipe, {.channels = 1, .height = 12, .width = 12, .classes = classes}),
                          play::Precision::f32, 1, kBriefTraining);
}

const PassShare* find(const Training& training, const std::string& network, const std::string& pass) {
  for (const PassShare& p : training.passes) {
    if (p.pass.network == network && p.pass.pass == pass) return &p;
  }
  return nullptr;
}

TEST(MeasureTraining, CountsTheUsefulWorkOfTheStudysStep) {
  run::Recipe recipe = small_recipe();
  recipe.latent.dim = 100;
  recipe.generator.width = 64;
  recipe.discriminator.width = 64;
  const Training training = measure_training(engine::cpu_backend(), recipe, run::build_networks(recipe, {}),
                                             play::Precision::f32, 1, kBriefTraining);
  // Links of a 5 x 5 kernel along an axis: 7 x 5 - 6 = 29 at stride 1 on 7 pixels, 7 x 5 - 3 = 32 and 14 x 5 - 3 = 67
  // at stride 2. G: three passes of each convolution, two of the dense layer; D: forward and both gradients for fake
  // and real images, the first layer's data gradient for fakes alone.
  const double thin = 67.0 * 67 * 64;
  const double g = 3 * (29.0 * 29 * 256 * 128 + 32.0 * 32 * 128 * 64 + thin) + 2 * 100 * 12544;
  const double d = 5 * thin + 6 * (32.0 * 32 * 64 * 128 + 6272);
  EXPECT_NEAR(training.flops_per_image, 2 * (g + d), 1);
}

TEST(MeasureTraining, SharesOfPassesAndTheRestMakeAWhole) {
  const Training training = train(small_recipe());
  double sum = training.outside_passes;
  for (const PassShare& p : training.passes) sum += p.seconds;
  double mean = training.passes.front().seconds / training.passes.front().share;
  EXPECT_NEAR(sum, mean, 1e-9 * mean);
  EXPECT_EQ(training.step_seconds.count, 2);
  EXPECT_GT(training.images_per_second.median, 0);
  EXPECT_GE(training.passes.front().seconds, training.passes.back().seconds);
  EXPECT_NE(find(training, "generator", "update"), nullptr);
}

TEST(MeasureTraining, CountsTheImagesOfEveryUpdateOfD) {
  run::Recipe recipe = small_recipe();
  recipe.game.update = play::UpdateOrder::alternating;
  recipe.game.d_steps = 2;
  const Training training = train(recipe);
  EXPECT_NEAR(training.images_per_second.median * training.step_seconds.median, 2.0 * 3, 1e-9);
}

TEST(MeasureTraining, GivesClassesToConditionalNetworks) {
  run::Recipe recipe = small_recipe();
  recipe.generator.condition = "embedding";
  recipe.discriminator.condition = "embedding";
  EXPECT_FALSE(train(recipe, 10).passes.empty());
}

TEST(MeasureTraining, GivesClassesToAClassifyingDiscriminator) {
  run::Recipe recipe = small_recipe();
  recipe.generator.condition = "concat";
  recipe.discriminator.auxiliary = true;
  EXPECT_FALSE(train(recipe, 4).passes.empty());
}

TEST(MeasureInference, TakesTheTimeOfOneAndOfMany) {
  const run::Recipe recipe = small_recipe();
  const Inference inference = measure_inference(engine::cpu_backend(), recipe,
                                                run::build_networks(recipe, {.channels = 1, .height = 12, .width = 12}),
                                                play::Precision::f32, 1, kBriefTraining);
  EXPECT_EQ(inference.one_image.count, 2);
  EXPECT_EQ(inference.many.count, 1);
  EXPECT_GT(inference.many.median, inference.one_image.median);
}

}  // namespace
}  // namespace ganymede::bench
