#include "picture/resize.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::picture {
namespace {

Image grey(int height, int width, std::vector<std::uint8_t> pixels) {
  return {height, width, 1, std::move(pixels)};
}

Image random_image(int height, int width, int channels) {
  Image image(height, width, channels);
  RandomSequence random(Random(6, "test"), static_cast<std::uint32_t>(height * 1000 + width));
  for (std::uint8_t& p : image.pixels()) p = static_cast<std::uint8_t>(random.below(256));
  return image;
}

TEST(CentreSquare, TakesTheMiddleOfEitherForm) {
  EXPECT_EQ(centre_square(grey(1, 4, {1, 2, 3, 4})), grey(1, 1, {2}));
  EXPECT_EQ(centre_square(grey(3, 1, {1, 2, 3})), grey(1, 1, {2}));
  EXPECT_EQ(centre_square(grey(2, 5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})), grey(2, 2, {2, 3, 7, 8}));
  const Image image = random_image(7, 7, 3);
  EXPECT_EQ(centre_square(image), image);
}

TEST(Resized, HalvesToTheMeanOfFour) {
  EXPECT_EQ(resized(grey(2, 4, {0, 10, 100, 100, 20, 30, 100, 101}), 1, 2), grey(1, 2, {15, 100}));
}

TEST(Resized, WeighsPixelsByTheirShare) {
  // Three pixels to two: each takes one whole and half of the middle one.
  EXPECT_EQ(resized(grey(1, 3, {30, 60, 120}), 1, 2), grey(1, 2, {40, 100}));
  EXPECT_EQ(resized(grey(3, 1, {30, 60, 120}), 2, 1), grey(2, 1, {40, 100}));
}

TEST(Resized, EnlargesByBoxes) {
  EXPECT_EQ(resized(grey(1, 2, {10, 20}), 2, 4), grey(2, 4, {10, 10, 20, 20, 10, 10, 20, 20}));
  EXPECT_EQ(resized(grey(1, 2, {10, 20}), 1, 3), grey(1, 3, {10, 15, 20}));
}

TEST(Resized, RoundsToTheNearestLevel) {
  EXPECT_EQ(resized(grey(1, 2, {0, 1}), 1, 1), grey(1, 1, {1}));
  EXPECT_EQ(resized(grey(1, 3, {0, 0, 1}), 1, 1), grey(1, 1, {0}));
  EXPECT_EQ(resized(grey(1, 4, {255, 255, 255, 255}), 1, 3), grey(1, 3, {255, 255, 255}));
}

TEST(Resized, KeepsTheMean) {
  for (const auto& [height, width] : {std::pair{31, 50}, {64, 64}, {13, 97}}) {
    const Image image = random_image(height, width, 3), small = resized(image, 8, 8);
    for (std::size_t c = 0; c < 3; ++c) {
      double before = 0, after = 0;
      for (std::size_t i = c; i < image.pixels().size(); i += 3) before += image.pixels()[i];
      for (std::size_t i = c; i < small.pixels().size(); i += 3) after += small.pixels()[i];
      // Rounding moves each of 64 pixels by at most a half.
      EXPECT_NEAR(before / (height * width), after / 64, 0.2);
    }
  }
}

TEST(Resized, LeavesTheSameSizeAlone) {
  const Image image = random_image(9, 5, 3);
  EXPECT_EQ(resized(image, 9, 5), image);
  EXPECT_THROW(resized(image, 0, 5), ShapeError);
  EXPECT_THROW(resized(Image(), 1, 1), ShapeError);
}

}  // namespace
}  // namespace ganymede::picture
