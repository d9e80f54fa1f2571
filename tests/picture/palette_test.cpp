#include "picture/palette.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "base/philox.hpp"

namespace ganymede::picture {
namespace {

int distance(Colour a, Colour b) {
  return std::abs(a.r - b.r) + std::abs(a.g - b.g) + std::abs(a.b - b.b);
}

TEST(Palette, OfGreyIsTheLevels) {
  const Indexed indexed = to_indexed(Image(1, 3, 1, std::vector<std::uint8_t>{0, 200, 255}));
  EXPECT_EQ(indexed.palette.size(), 256u);
  EXPECT_EQ(indexed.palette[200], (Colour{200, 200, 200}));
  EXPECT_EQ(indexed.indices, (std::vector<std::uint8_t>{0, 200, 255}));
}

TEST(Palette, IsExactUpTo256Colours) {
  Image image(16, 16, 3);
  for (int i = 0; i < 256; ++i)
    image.set(i / 16, i % 16, {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(255 - i), 7});
  const Indexed indexed = to_indexed(image);
  EXPECT_EQ(indexed.palette.size(), 256u);
  for (int i = 0; i < 256; ++i) EXPECT_EQ(indexed.palette[indexed.indices[i]], image.colour_at(i / 16, i % 16));
}

TEST(Palette, OfManyColoursStaysNearThem) {
  Image image(64, 64, 3);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x)
      image.set(y, x, {static_cast<std::uint8_t>(4 * x), static_cast<std::uint8_t>(4 * y), 128});
  }
  const Indexed indexed = to_indexed(image);
  EXPECT_LE(indexed.palette.size(), 256u);
  int worst = 0;
  for (int i = 0; i < 64 * 64; ++i) {
    worst = std::max(worst, distance(indexed.palette[indexed.indices[i]], image.colour_at(i / 64, i % 64)));
  }
  EXPECT_LE(worst, 32);  // 4096 colours over 256 boxes of 16 x 16: 8 + 8 from the middle, doubled for uneven cuts
}

TEST(Palette, OfNoiseUsesAllItsColours) {
  Image image(100, 100, 3);
  RandomSequence random(Random(6, "test"), 0);
  for (std::uint8_t& p : image.pixels()) p = static_cast<std::uint8_t>(random.below(256));
  const Indexed indexed = to_indexed(image);
  EXPECT_EQ(indexed.palette.size(), 256u);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    sum += distance(indexed.palette[indexed.indices[i]], image.colour_at(i / 100, i % 100));
  }
  // About 6.3 parts a channel: boxes of 40 x 40 x 40, on average 10 from the middle in each.
  EXPECT_LT(sum / 10000, 40);
}

TEST(Palette, OfManyNearColoursInFewBinsHasFewColours) {
  Image image(20, 20, 3);
  for (int i = 0; i < 400; ++i) {
    const int r = i % 8, g = i / 8 % 8, b = i / 64;
    image.set(i / 20, i % 20,
              {static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g), static_cast<std::uint8_t>(b)});
  }
  const Indexed indexed = to_indexed(image);
  EXPECT_EQ(indexed.palette.size(), 1u);
  EXPECT_LE(distance(indexed.palette[0], {3, 3, 3}), 3);
}

}  // namespace
}  // namespace ganymede::picture
