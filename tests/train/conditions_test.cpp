#include "train/conditions.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "net/traits.hpp"
#include "tensor/npy.hpp"
#include "train/feed.hpp"
#include "train/samples.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

run::Recipe with_vectors() {
  run::Recipe recipe = tiny_recipe();
  recipe.generator.condition = recipe.discriminator.condition = "vector";
  return recipe;
}

/// Image i has the condition (i, -i).
data::Dataset conditioned(int count) {
  data::Dataset d = numbered_images(count);
  d.condition_names = {"a", "b"};
  for (int i = 0; i < count; ++i) {
    d.conditions.push_back(static_cast<float>(i));
    d.conditions.push_back(static_cast<float>(-i));
  }
  return data::checked(std::move(d));
}

TEST(Conditions, OfSeedsAreTheRowsInTurnOrTheOneThatIsFixed) {
  Conditions conditions(2, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(conditions.of(4, 3), (std::vector<float>{3, 4, 5, 6, 1, 2}));
  conditions.fix({8, 9});
  EXPECT_EQ(conditions.of(4, 2), (std::vector<float>{8, 9, 8, 9}));
  EXPECT_TRUE(Conditions().of(3, 4).empty());
  EXPECT_THROW(Conditions(2, {}).of(0, 1), DataError);
}

TEST(Conditions, OfARunAreThoseOfItsDataAndThenItsOwn) {
  const ganymede::testing::FreshFolder folder;
  const data::Dataset dataset = conditioned(9);
  const net::Network g = networks_for(with_vectors(), dataset).generator;
  const Conditions fresh = conditions_for(dataset, g, folder.path());
  ASSERT_EQ(fresh.count(), 9);
  std::set<float> seen;
  for (std::int64_t i = 0; i < 9; ++i) {
    const std::vector<float> one = fresh.of(static_cast<std::uint64_t>(i), 1);
    EXPECT_EQ(one[1], -one[0]);
    seen.insert(one[0]);
  }
  EXPECT_EQ(seen.size(), 9U) << "each once";
  EXPECT_EQ(kept_conditions(g, folder.path()).count(), 0);
  keep_conditions(fresh, folder.path());
  EXPECT_EQ(kept_conditions(g, folder.path()), fresh);
  EXPECT_EQ(conditions_for(conditioned(4), g, folder.path()), fresh) << "its own copy comes first";
  EXPECT_EQ(conditions_for(dataset, networks_for(tiny_recipe(), dataset).generator, folder.path()).length(), 0);
}

TEST(Conditions, ThatAreDamagedAreRefused) {
  const ganymede::testing::FreshFolder folder;
  const net::Network g = networks_for(with_vectors(), conditioned(3)).generator;
  write_npy(folder / run::kConditionsFile, Tensor::of<float>({2, 3}, std::vector<float>(6)));
  EXPECT_THROW(kept_conditions(g, folder.path()), DataError) << "three numbers each";
  write_npy(folder / run::kConditionsFile, Tensor::of<float>({1, 2}, std::vector<float>{1, INFINITY}));
  EXPECT_THROW(kept_conditions(g, folder.path()), DataError);
  write_file_atomically(folder / run::kConditionsFile, "no array");
  EXPECT_THROW(kept_conditions(g, folder.path()), DataError);
}

TEST(Conditions, OfABatchAreItsImagesOwnAndTheFakesHaveTheSame) {
  const data::Dataset dataset = conditioned(10);
  const run::Recipe recipe = with_vectors();
  const run::Networks networks = networks_for(recipe, dataset);
  Feed feed(dataset, recipe, networks);
  for (std::int64_t b = 0; b < 3; ++b) {
    const play::Batch batch = feed.fill({.tick = b, .batch = b}, play::Phase::both);
    ASSERT_EQ(batch.real_conditions.size(), static_cast<std::size_t>(2 * batch.count));
    EXPECT_TRUE(std::ranges::equal(batch.real_conditions, batch.fake_conditions));
    for (std::int64_t i = 0; i < batch.count; ++i) {
      const float number = std::round((batch.real[static_cast<std::size_t>(64 * i)] + 1) * 127.5F);
      EXPECT_EQ(batch.real_conditions[static_cast<std::size_t>(2 * i)], number);
      EXPECT_EQ(batch.real_conditions[static_cast<std::size_t>(2 * i + 1)], -number);
    }
  }
  const run::Recipe plain = tiny_recipe();
  const run::Networks without = networks_for(plain, dataset);
  Feed other(dataset, plain, without);
  EXPECT_TRUE(other.fill({}, play::Phase::both).real_conditions.empty());
}

TEST(Conditions, OfNamedSamplesGoWithTheirSeeds) {
  const run::Recipe recipe = with_vectors();
  const data::Dataset dataset = conditioned(5);
  const net::Network g = networks_for(recipe, dataset).generator;
  Noise noise(recipe, {}, conditions_for(dataset, g, {}));
  const NamedSamples many = named_samples(noise, g, 40, 6);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const NamedSamples one = named_samples(noise, g, 40 + i, 1);
    EXPECT_TRUE(std::ranges::equal(one.conditions, std::span(many.conditions).subspan(2 * i, 2)));
    EXPECT_TRUE(std::ranges::equal(one.z, std::span(many.z).subspan(3 * i, 3)));
  }
  noise.fix_condition({7, 8});
  const NamedSamples fixed = named_samples(noise, g, 40, 2);
  EXPECT_EQ(fixed.conditions, (std::vector<float>{7, 8, 7, 8}));
  EXPECT_THROW(noise.fix_condition({1}), ConfigError);
  EXPECT_THROW(noise.fix_condition({1, INFINITY}), ConfigError);
  EXPECT_THROW(Noise(tiny_recipe()).fix_condition({1}), ConfigError);
}

}  // namespace
}  // namespace ganymede::train
