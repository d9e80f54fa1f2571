#include "evaluate/neighbour_picture.hpp"

#include <gtest/gtest.h>

namespace ganymede::evaluate {
namespace {

/// Pictures of 8 x 8, each of one value.
Tensor plain(const std::vector<float>& values) {
  std::vector<float> pixels;
  for (const float v : values) pixels.insert(pixels.end(), 64, v);
  return Tensor::of<float>({static_cast<std::int64_t>(values.size()), 1, 8, 8}, pixels);
}

// A cell has 8 x 7 pixels and a frame of 2.
constexpr int kHead = 38, kStep = 58;

int level(const picture::Image& image, int left, int row, int column) {
  const picture::Colour c = image.colour_at(kHead + row * kStep + 30, left + column * kStep + 30);
  EXPECT_EQ(c.r, c.g);
  return c.g;
}

bool has_ink(const picture::Image& image, int left, int right, int bottom) {
  for (int y = 0; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      if (image.colour_at(y, x) != picture::kWhite) return true;
    }
  }
  return false;
}

TEST(NeighbourPicture, GroupsFakesNeighboursByValuesAndByFeatures) {
  // Two fakes, three and three neighbours of each: row by row.
  const picture::Image image =
      draw_neighbours(plain({1, -1}), plain({-1, 0, 1, 0, 1, -1}), plain({0, 0, 1, -1, -1, 0}));
  const int values = 60 + 14, features = values + 3 * kStep + 2 + 14;
  ASSERT_EQ(image.height(), kHead + 2 * kStep + 2);
  ASSERT_EQ(image.width(), features + 3 * kStep + 2);
  const std::vector<int> wanted[] = {{255, 0, 128, 255, 128, 128, 255}, {0, 128, 255, 0, 0, 0, 128}};
  for (int row = 0; row < 2; ++row) {
    std::vector<int> found{level(image, 0, row, 0)};
    for (int column = 0; column < 3; ++column) found.push_back(level(image, values, row, column));
    for (int column = 0; column < 3; ++column) found.push_back(level(image, features, row, column));
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[row][i], 1) << row << " " << i;
  }
  // Each group has its words above it, and nothing stands between two groups.
  EXPECT_TRUE(has_ink(image, 0, 60, kHead));
  EXPECT_TRUE(has_ink(image, values, features - 14, kHead));
  EXPECT_TRUE(has_ink(image, features, image.width(), kHead));
  EXPECT_FALSE(has_ink(image, 60, values, image.height()));
  EXPECT_FALSE(has_ink(image, features - 14, features, image.height()));
}

TEST(NeighbourPicture, IsWideEnoughForItsWords) {
  const picture::Image image = draw_neighbours(plain({1}), plain({0}), plain({0}));
  EXPECT_GT(image.width(), 3 * 60 + 2 * 14);
  EXPECT_FALSE(has_ink(image, image.width() - 3, image.width(), kHead)) << "not cut off";
}

}  // namespace
}  // namespace ganymede::evaluate
