#include "data/synthetic/builtin.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "data/helpers.hpp"
#include "data/summary.hpp"
#include "data/synthetic/synthetic_digits.hpp"
#include "data/synthetic/synthetic_landscape.hpp"

namespace ganymede::data {
namespace {

TEST(BuiltinDigits, HasMnistsFormAndEvenClasses) {
  const Dataset d = builtin_digits(200);
  EXPECT_EQ(d.images.shape(), (Shape{200, 1, 28, 28}));
  EXPECT_EQ(d.class_count(), 10);
  EXPECT_EQ(class_histogram(d), std::vector<std::int64_t>(10, 20));
}

TEST(BuiltinDigits, KeepsItsImagesWhenMoreAreAskedFor) {
  const Dataset few = builtin_digits(15), more = builtin_digits(40);
  EXPECT_EQ(content_hash(first_images(more, 15)), content_hash(few));
}

TEST(BuiltinDigits, DrawsEachImageFromSeedAndIndex) {
  const Dataset d = builtin_digits(7, 99);
  std::vector<std::uint8_t> pixels(kDigitPixels);
  draw_digit(99, 6, synthetic_label(99, 6), pixels);
  EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), d.image(6).begin()));
}

TEST(BuiltinDigits, HasOtherImagesToTestOn) {
  EXPECT_NE(content_hash(builtin_digits(20, kBuiltinTrainSeed)), content_hash(builtin_digits(20, kBuiltinTestSeed)));
}

TEST(BuiltinDigits, RefusesNone) {
  EXPECT_THROW(builtin_digits(0), ConfigError);
}

TEST(BuiltinLandscapes, AreColourWithClassesOfWhatTheyShow) {
  const Dataset d = builtin_landscapes(12);
  EXPECT_EQ(d.images.shape(), (Shape{12, 3, 64, 64}));
  EXPECT_EQ(d.class_count(), kLandscapeClasses);
  for (std::uint64_t i = 0; i < 12; ++i) EXPECT_EQ(d.labels[i], landscape_label(1, i));
  EXPECT_EQ(builtin_landscapes(2, 1, 32).images.shape(), (Shape{2, 3, 32, 32}));
}

TEST(BuiltinLandscapes, DependNeitherOnCountNorOnThreads) {
  const Dataset few = builtin_landscapes(5, 3, 32, 1), more = builtin_landscapes(9, 3, 32, 3);
  EXPECT_EQ(content_hash(first_images(more, 5)), content_hash(few));
  std::vector<std::uint8_t> pixels(3 * 32 * 32);
  draw_landscape(3, 4, 32, pixels);
  EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), few.image(4).begin()));
}

TEST(BuiltinLandscapes, RefusesNoneAndSizesOutOfRange) {
  EXPECT_THROW(builtin_landscapes(0), ConfigError);
  EXPECT_THROW(builtin_landscapes(1, 1, 4), ConfigError);
}

}  // namespace
}  // namespace ganymede::data
