#include "train/noise.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "run/recipe_file.hpp"
#include "train/sources.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

run::Recipe conditional(const std::string& sampler) {
  run::Recipe recipe = tiny_recipe();
  recipe.generator.condition = recipe.discriminator.condition = "embedding";
  recipe.latent.sampler = sampler;
  return recipe;
}

net::Network generator(const run::Recipe& recipe) {
  return networks_for(recipe, numbered_images(3)).generator;
}

// Rows are drawn for themselves: by several threads those that one draws.
TEST(Noise, IsTheSameByAnyNumberOfThreads) {
  run::Recipe recipe;
  recipe.latent.dim = 5;
  Noise noise(recipe);
  std::vector<float> alone(5 * 71), found(alone.size());
  const latent::Draws draws = noise.fill_training(5, 2, {}, alone);
  for (const int threads : {1, 2, 3}) {
    ThreadPool pool(threads);
    std::ranges::fill(found, 0.0F);
    EXPECT_EQ(noise.fill_training(5, 2, {}, found, &pool).samples, draws.samples);
    EXPECT_EQ(found, alone) << threads;
  }
}

TEST(Noise, GaussianIsThePriorAndNeedsOneDraw) {
  const run::Recipe recipe = tiny_recipe();
  Noise noise(recipe);
  std::vector<float> found(12), wanted(12);
  const latent::Draws draws = noise.fill_training(5, 2, {}, found);
  latent::fill_training({.dim = 3}, 5, 2, 0, wanted);
  EXPECT_EQ(found, wanted);
  EXPECT_EQ(draws.samples, 4);
  EXPECT_EQ(draws.mean(), 1);
}

TEST(Noise, EveryOtherSamplerDrawsFromTheCellOfTheClassOrAroundItsCentroid) {
  const std::vector<std::int32_t> classes = {0, 1, 2, 0, 1, 2};
  for (const std::string sampler : {"centroid", "rejection", "partition"}) {
    run::Recipe recipe = conditional(sampler);
    recipe.latent.sigma = 1e-3;
    const auto partition = partition_for(recipe, generator(recipe), {});
    ASSERT_TRUE(partition.has_value());
    Noise noise(recipe, partition);
    std::vector<float> z(18);
    const latent::Draws draws = noise.fill_training(1, 0, classes, z);
    EXPECT_EQ(draws.samples, 6);
    for (std::size_t i = 0; i < classes.size(); ++i)
      EXPECT_EQ(latent::nearest_class(*partition, std::span(z).subspan(3 * i, 3)), classes[i]) << sampler;
  }
}

TEST(PartitionFor, TakesTheRunsOwnCopyThenTheFileThenTheSeed) {
  const ganymede::testing::FreshFolder folder;
  run::Recipe recipe = conditional("partition");
  const net::Network g = generator(recipe);
  EXPECT_EQ(partition_for(recipe, g, folder.path()), latent::make_partition(3, 3, 1));
  const std::filesystem::path file = folder / "shared.safetensors";
  latent::write_partition(file, latent::make_partition(3, 3, 7));
  recipe.latent.partition = file.string();
  EXPECT_EQ(partition_for(recipe, g, folder.path()), latent::make_partition(3, 3, 7));
  keep_partition(latent::make_partition(3, 3, 9), folder.path());
  EXPECT_EQ(partition_for(recipe, g, folder.path()), latent::make_partition(3, 3, 9));
  keep_partition(latent::make_partition(3, 3, 8), folder.path());  // it is there already
  EXPECT_EQ(partition_for(recipe, g, folder.path()), latent::make_partition(3, 3, 9));
  recipe.latent.sampler = "gaussian";
  EXPECT_FALSE(partition_for(recipe, g, folder.path()).has_value());
}

TEST(PartitionFor, RefusesWhatDoesNotFit) {
  const ganymede::testing::FreshFolder folder;
  run::Recipe recipe = conditional("rejection");
  const std::filesystem::path file = folder / "other.safetensors";
  latent::write_partition(file, latent::make_partition(4, 3, 1));
  recipe.latent.partition = file.string();
  EXPECT_THROW(partition_for(recipe, generator(recipe), {}), ConfigError);
  run::Recipe unconditional = tiny_recipe();
  const net::Network g = generator(unconditional);
  unconditional.latent.sampler = "rejection";
  EXPECT_THROW(partition_for(unconditional, g, {}), ConfigError);
}

TEST(RecipeCheck, SamplersNeedTheClassAndTheNormalPrior) {
  run::Recipe recipe = conditional("partition");
  EXPECT_NO_THROW(run::check(recipe));
  recipe.latent.prior = "uniform";
  EXPECT_THROW(run::check(recipe), ConfigError);
  recipe = tiny_recipe();
  recipe.latent.sampler = "centroid";
  EXPECT_THROW(run::check(recipe), ConfigError);
}

TEST(Noise, TruncatesWhatSeedsNameAndNotTraining) {
  run::Recipe recipe = tiny_recipe();
  Noise plain(recipe), truncated(recipe);
  truncated.truncate(0.5);
  std::vector<float> a(30), b(30);
  plain.fill_training(1, 2, {}, a);
  truncated.fill_training(1, 2, {}, b);
  EXPECT_EQ(a, b);
  truncated.fill_samples(1, {}, b);
  for (const float z : b) EXPECT_LE(std::abs(z), 0.5F);
  recipe.latent.prior = "uniform";
  Noise uniform(recipe);
  EXPECT_THROW(uniform.truncate(0.5), ConfigError);
  uniform.fill_samples(1, {}, b);  // and it is what it was
}

TEST(Noise, IsNotTruncatedWhereZIsDrawnByClass) {
  run::Recipe recipe = tiny_recipe();
  recipe.latent.sampler = "centroid";
  Noise noise(recipe, latent::make_partition(3, recipe.latent.dim, 1));
  EXPECT_THROW(noise.truncate(0.5), ConfigError);
}

}  // namespace
}  // namespace ganymede::train
