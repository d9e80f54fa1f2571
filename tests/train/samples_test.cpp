#include "train/samples.hpp"

#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

net::Network generator(const char* condition) {
  run::Recipe recipe = tiny_recipe();
  recipe.generator.condition = condition;
  recipe.discriminator.condition = condition;
  return networks_for(recipe, numbered_images(3)).generator;
}

const latent::Prior kPrior{.dim = 3};

TEST(NamedSamples, PictureIOfASeedIsPictureZeroOfSeedPlusI) {
  const net::Network g = generator("embedding");
  const Samples many = named_samples(kPrior, g, 40, 6);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const Samples one = named_samples(kPrior, g, 40 + i, 1);
    EXPECT_TRUE(std::equal(one.z.begin(), one.z.end(), many.z.begin() + static_cast<std::ptrdiff_t>(3 * i)));
    EXPECT_EQ(one.classes[0], many.classes[i]);
  }
}

TEST(NamedSamples, TheClassDoesNotChangeZ) {
  const net::Network g = generator("embedding");
  const Samples free = named_samples(kPrior, g, 7, 5);
  const Samples fixed = named_samples(kPrior, g, 7, 5, 2);
  EXPECT_EQ(free.z, fixed.z);
  EXPECT_EQ(free.classes, (std::vector<std::int32_t>{1, 2, 0, 1, 2}));
  EXPECT_EQ(fixed.classes, std::vector<std::int32_t>(5, 2));
}

TEST(NamedSamples, RefusesClassesThatTheGeneratorDoesNotKnow) {
  EXPECT_THROW(named_samples(kPrior, generator("embedding"), 0, 1, 3), ConfigError);
  EXPECT_THROW(named_samples(kPrior, generator("none"), 0, 1, 0), ConfigError);
  EXPECT_TRUE(named_samples(kPrior, generator("none"), 0, 1).classes.empty());
}

TEST(Sheet, EnlargesSmallImages) {
  const picture::Image image = sheet(Tensor(DType::f32, {4, 1, 28, 28}), 2, 56);
  EXPECT_GE(image.width(), 2 * 56);
  EXPECT_LT(image.width(), 2 * 56 + 20);
}

}  // namespace
}  // namespace ganymede::train
