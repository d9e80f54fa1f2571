#include "picture/image.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace ganymede::picture {
namespace {

constexpr Colour kRed{255, 0, 0};

TEST(Image, IsFilledWithItsColour) {
  const Image grey(2, 3, 1, Colour{10, 10, 10}), colour(2, 3, 3, kRed);
  EXPECT_EQ(grey.pixels().size(), 6u);
  EXPECT_EQ(grey.pixels()[5], 10);
  EXPECT_EQ(colour.pixels().size(), 18u);
  EXPECT_EQ(colour.colour_at(1, 2), kRed);
}

TEST(Image, RejectsSizesAndChannelsItCannotHold) {
  EXPECT_THROW(Image(0, 3, 1), ShapeError);
  EXPECT_THROW(Image(3, 70000, 1), ShapeError);
  EXPECT_THROW(Image(3, 3, 2), ShapeError);
  EXPECT_THROW(Image(2, 2, 1, std::vector<std::uint8_t>(3)), ShapeError);
}

TEST(Image, DrawsTheLumaOfAColourIntoGrey) {
  Image image(1, 1, 1);
  image.set(0, 0, kRed);
  EXPECT_EQ(image.pixels()[0], 76);  // (299 * 255 + 500) / 1000
  EXPECT_EQ(grey_of(kWhite), 255);
}

TEST(Image, ClipsWhatLiesOutside) {
  Image image(2, 2, 1);
  image.set(-1, 0, kWhite);
  image.set(0, 2, kWhite);
  image.blend(5, 5, kWhite, 1);
  image.fill_rectangle(-3, 1, 4, 10, kWhite);
  image.blit(Image(2, 2, 1, Colour{9, 9, 9}), 1, -1);
  const std::vector<std::uint8_t> wanted{0, 255, 9, 0};
  EXPECT_EQ(std::vector<std::uint8_t>(image.pixels().begin(), image.pixels().end()), wanted);
}

TEST(Image, BlendsByCoverage) {
  Image image(1, 3, 1, Colour{100, 100, 100});
  image.blend(0, 0, kWhite, 0.5);
  image.blend(0, 1, kWhite, 0);
  image.blend(0, 2, kWhite, 7);
  EXPECT_EQ(image.pixels()[0], 178);  // 100 + 155 / 2, rounded
  EXPECT_EQ(image.pixels()[1], 100);
  EXPECT_EQ(image.pixels()[2], 255);
}

TEST(Image, UpscalesByWholeSquares) {
  const Image big = Image(1, 2, 1, std::vector<std::uint8_t>{3, 7}).upscaled(2);
  const std::vector<std::uint8_t> wanted{3, 3, 7, 7, 3, 3, 7, 7};
  EXPECT_EQ(std::vector<std::uint8_t>(big.pixels().begin(), big.pixels().end()), wanted);
  EXPECT_EQ(big.height(), 2);
  EXPECT_THROW(big.upscaled(0), ShapeError);
}

TEST(Image, ConvertsGreyToColourAndBackWithoutLoss) {
  Image grey(16, 16, 1);
  for (int i = 0; i < 256; ++i) grey.pixels()[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(grey.with_channels(3).with_channels(1), grey);
}

TEST(Image, PadsToTheRightAndBottom) {
  const Image padded = Image(1, 1, 3, kRed).padded(2, 2, kWhite);
  EXPECT_EQ(padded.colour_at(0, 0), kRed);
  EXPECT_EQ(padded.colour_at(0, 1), kWhite);
  EXPECT_EQ(padded.colour_at(1, 0), kWhite);
}

TEST(LevelOf, MapsTheUnitRangeToAllLevelsRounded) {
  EXPECT_EQ(level_of(-1), 0);
  EXPECT_EQ(level_of(1), 255);
  EXPECT_EQ(level_of(0), 128);
  for (int level = 0; level < 256; ++level) EXPECT_EQ(level_of(static_cast<float>(level) / 127.5f - 1), level);
}

TEST(LevelOf, ClampsAndTakesNanForBlack) {
  EXPECT_EQ(level_of(-7), 0);
  EXPECT_EQ(level_of(std::numeric_limits<float>::infinity()), 255);
  EXPECT_EQ(level_of(std::nanf("")), 0);
}

TEST(FromUnitRange, TurnsPlanesIntoPixels) {
  const std::vector<float> chw{1, -1, -1, 1, 0, 0};  // [3][1][2]
  const Image image = from_unit_range(chw, 3, 1, 2);
  EXPECT_EQ(image.colour_at(0, 0), (Colour{255, 0, 128}));
  EXPECT_EQ(image.colour_at(0, 1), (Colour{0, 255, 128}));
  EXPECT_THROW(from_unit_range(chw, 1, 2, 2), ShapeError);
}

TEST(Colour, MapsMeetTheirEndsAndSurviveAnything) {
  EXPECT_EQ(to_hex(kRed), "#ff0000");
  EXPECT_EQ(sequential_colour(-3), sequential_colour(0));
  EXPECT_EQ(sequential_colour(9), (Colour{253, 231, 37}));
  EXPECT_EQ(sequential_colour(std::nan("")), (Colour{128, 128, 128}));
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(grey_of(sequential_colour((i + 1) / 100.0)), grey_of(sequential_colour(i / 100.0))) << i;
  }
}

TEST(Colour, ClassesAreAllDifferent) {
  for (int a = 0; a < 10; ++a) {
    for (int b = 0; b < a; ++b) EXPECT_FALSE(class_colour(a) == class_colour(b)) << a << " " << b;
  }
}

}  // namespace
}  // namespace ganymede::picture
