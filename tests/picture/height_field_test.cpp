#include "picture/height_field.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace ganymede::picture {
namespace {

HeightField level_field(double height) {
  HeightField field{.columns = 11,
                    .rows = 11,
                    .heights = std::vector<double>(121, height),
                    .x = {0, 1},
                    .y = {0, 1},
                    .z = {0, 1},
                    .width = 300,
                    .height = 240};
  return field;
}

std::int64_t painted_pixels(const Image& image) {
  std::int64_t count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) count += image.colour_at(y, x) == kWhite ? 0 : 1;
  }
  return count;
}

// The rows that hold something of a colour that no landscape has.
std::int64_t red_pixels(const Image& image) {
  std::int64_t count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const Colour c = image.colour_at(y, x);
      count += c.r > 200 && c.g < 40 && c.b < 40 ? 1 : 0;
    }
  }
  return count;
}

TEST(HeightField, OfAPlainIsATurnedSquareOnABlockThatGrowsWithIt) {
  const Image low = draw(level_field(0)), high = draw(level_field(1));
  EXPECT_EQ(low.width(), 300);
  EXPECT_EQ(low.height(), 240);
  EXPECT_GT(painted_pixels(low), 300 * 240 / 20);
  EXPECT_NE(low, high);
  // Higher up two sides of the block are seen as well, each about as large as half of the square.
  EXPECT_GT(painted_pixels(high), painted_pixels(low) + 300 * 240 / 20);
}

TEST(HeightField, CutsWhatIsHigherThanItsRange) {
  EXPECT_EQ(draw(level_field(1)), draw(level_field(7)));
}

TEST(HeightField, HidesATrackBehindAMountain) {
  HeightField field = level_field(0);
  field.tracks = {{.xyz = {0.1, 0.9, 0, 0.9, 0.9, 0}, .colour = {220, 0, 0}, .width = 3, .ball = 0}};
  const std::int64_t open = red_pixels(draw(field));
  EXPECT_GT(open, 100);
  for (std::size_t column = 0; column < 11; ++column) {
    for (std::size_t row = 2; row < 7; ++row) field.heights[row * 11 + column] = 1;
  }
  EXPECT_LT(red_pixels(draw(field)), open / 2);
}

TEST(HeightField, RefusesWhatDoesNotFit) {
  HeightField field = level_field(0);
  field.heights.pop_back();
  EXPECT_THROW(draw(field), ShapeError);
  field = level_field(0);
  field.heights[5] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(draw(field), ShapeError);
  field = level_field(0);
  field.z = {1, 1};
  EXPECT_THROW(draw(field), ShapeError);
  field = level_field(0);
  field.tracks = {{.xyz = {0, 0}, .colour = kBlack}};
  EXPECT_THROW(draw(field), ShapeError);
}

}  // namespace
}  // namespace ganymede::picture
