#include "train/feed.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "train/sources.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

using play::Phase;

/// The number that all pixels of image i of a batch hold (numbered_images).
int number_of(const play::Batch& batch, std::int64_t i) {
  return static_cast<int>(std::lround((batch.real[static_cast<std::size_t>(64 * i)] + 1) * 127.5));
}

struct Fed : ::testing::Test {
  data::Dataset dataset = numbered_images(10);
  run::Recipe recipe = [] {
    run::Recipe r = tiny_recipe();
    r.generator.condition = "embedding";
    r.discriminator.condition = "embedding";
    return r;
  }();
  run::Networks networks = networks_for(recipe, dataset);
  Feed feed{dataset, recipe, networks};
};

TEST_F(Fed, AnEpochShowsEachImageOnceWithItsClassForBothHalves) {
  ASSERT_EQ(feed.batches(), 3);
  EXPECT_EQ(feed.images_per_epoch(), 10);
  std::multiset<int> seen;
  for (std::int64_t b = 0; b < 3; ++b) {
    const play::Batch batch = feed.fill({.tick = b, .batch = b}, Phase::both);
    ASSERT_EQ(batch.count, b < 2 ? 4 : 2);
    EXPECT_EQ(batch.z.size(), static_cast<std::size_t>(batch.count) * 3);
    for (std::int64_t i = 0; i < batch.count; ++i) {
      seen.insert(number_of(batch, i));
      EXPECT_EQ(batch.real_classes[static_cast<std::size_t>(i)], number_of(batch, i) % 3);
      EXPECT_EQ(batch.fake_classes[static_cast<std::size_t>(i)], batch.real_classes[static_cast<std::size_t>(i)]);
    }
  }
  EXPECT_EQ(seen, (std::multiset<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(Fed, NoiseIsThatOfTheTick) {
  const play::Batch batch = feed.fill({.tick = 17, .batch = 1}, Phase::both);
  std::vector<float> wanted(12);
  latent::fill_training({.dim = 3}, recipe.train.seed, 17, 0, wanted);
  EXPECT_TRUE(std::ranges::equal(batch.z, wanted));
  EXPECT_EQ(batch.step, 17U);
}

TEST_F(Fed, AnUpdateOfGAloneTakesCountAndClassesOfDsLastBatchAndFreshNoise) {
  const play::Batch d = feed.fill({.tick = 2, .batch = 2}, Phase::discriminator);
  const std::vector<std::int32_t> classes(d.real_classes.begin(), d.real_classes.end());
  const std::vector<float> z(d.z.begin(), d.z.end());
  const play::Batch g = feed.fill({.tick = 3, .batch = 3}, Phase::generator);
  EXPECT_EQ(g.count, 2);
  EXPECT_TRUE(g.real.empty());
  EXPECT_TRUE(std::ranges::equal(g.fake_classes, classes));
  EXPECT_FALSE(std::ranges::equal(g.z, z));
}

TEST_F(Fed, AnUnrolledPlayerSeesTheNextBatchesOfTheEpochWithNoiseOfTheirOwn) {
  recipe.game.unroll = 3;
  recipe.game.unroll_batches = play::UnrollBatches::fresh;
  Feed unrolled(dataset, recipe, networks);
  const play::Batch first = unrolled.fill({.tick = 4, .batch = 0}, Phase::both);
  ASSERT_EQ(first.unrolled.size(), 2U);
  // Of 4, 4 and 2 images the short last batch would not do: back to the first.
  const play::Batch second = feed.fill({.tick = 4, .batch = 1}, Phase::both);
  EXPECT_TRUE(std::ranges::equal(first.unrolled[0].real, second.real));
  EXPECT_TRUE(std::ranges::equal(first.unrolled[0].real_classes, second.real_classes));
  EXPECT_TRUE(std::ranges::equal(first.unrolled[1].real, first.real));
  EXPECT_TRUE(std::ranges::equal(first.z, second.z)) << "the step's own noise is as ever";
  std::vector<float> wanted(12);
  latent::fill_training({.dim = 3}, recipe.train.seed, 4, 8, wanted);
  EXPECT_TRUE(std::ranges::equal(first.unrolled[1].z, wanted));
  const play::Batch last = unrolled.fill({.tick = 5, .batch = 2}, Phase::both);
  EXPECT_EQ(last.count, 2);
  for (const play::Batch& more : last.unrolled) EXPECT_EQ(more.count, 2);
  EXPECT_TRUE(unrolled.fill({.tick = 6, .batch = 3}, Phase::generator).unrolled.empty());
}

TEST_F(Fed, LastBatchCanBeDropped) {
  recipe.data.last_batch = "drop";
  Feed dropping(dataset, recipe, networks);
  EXPECT_EQ(dropping.batches(), 2);
  EXPECT_EQ(dropping.images_per_epoch(), 8);
}

TEST_F(Fed, UnconditionalNetworksGetNoClasses) {
  const run::Recipe plain = tiny_recipe();
  const run::Networks plain_networks = networks_for(plain, dataset);
  Feed plain_feed(dataset, plain, plain_networks);
  EXPECT_TRUE(plain_feed.fill({}, Phase::both).real_classes.empty());
}

TEST_F(Fed, RefusesABatchBeyondTheEpoch) {
  EXPECT_THROW(feed.fill({.batch = 3}, Phase::both), Error);
}

// Images whose rows count 0, 1 ... 7 from the left: a mirrored one counts down.
TEST_F(Fed, FlipsEachPictureOrNotByItsPlaceInTheEpoch) {
  for (std::size_t i = 0; i < dataset.images.values<std::uint8_t>().size(); ++i)
    dataset.images.values<std::uint8_t>()[i] = static_cast<std::uint8_t>(i % 8);
  recipe.data.flip = true;
  Feed flipping(dataset, recipe, networks);
  Feed plain(
      dataset,
      [&] {
        auto r = recipe;
        r.data.flip = false;
        return r;
      }(),
      networks);
  const auto rows_of = [](Feed& from, const Position& at) {
    const play::Batch batch = from.fill(at, Phase::both);
    return std::vector<float>(batch.real.begin(), batch.real.end());
  };
  int mirrored = 0;
  for (std::int64_t epoch = 0; epoch < 20; ++epoch) {
    for (std::int64_t b = 0; b < 3; ++b) {
      const Position at{.tick = 7, .epoch = epoch, .batch = b};
      const std::vector<float> found = rows_of(flipping, at), straight = rows_of(plain, at);
      EXPECT_EQ(rows_of(flipping, at), found);
      for (std::size_t i = 0; i < found.size(); i += 64) {
        const bool is_mirrored = found[i] > found[i + 7];
        mirrored += is_mirrored ? 1 : 0;
        for (std::size_t p = 0; p < 64; ++p)
          EXPECT_EQ(found[i + p], straight[i + (is_mirrored ? p / 8 * 8 + 7 - p % 8 : p)]);
      }
    }
  }
  EXPECT_NEAR(mirrored, 100, 4 * std::sqrt(200 * 0.25));
}

TEST(Feed, FlipsPicturesAlone) {
  run::Recipe recipe = tiny_recipe();
  recipe.data.source = "ring";
  recipe.data.flip = true;
  recipe.generator.family = recipe.discriminator.family = "mlp";
  const data::Dataset points = open_training_data(recipe, {});
  const run::Networks of_points = networks_for(recipe, points);
  EXPECT_THROW(Feed(points, recipe, of_points), ConfigError);
}

}  // namespace
}  // namespace ganymede::train
