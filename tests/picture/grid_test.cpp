#include "picture/grid.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ganymede::picture {
namespace {

Image plain(std::uint8_t level) {
  return Image(2, 3, 1, Colour{level, level, level});
}

TEST(Grid, PlacesCellsInRowOrderWithGaps) {
  const std::vector<Image> cells{plain(1), plain(2), plain(3)};
  const Image grid = make_grid(cells, {.columns = 2, .gap = 1, .background = {9, 9, 9}});
  const std::vector<std::uint8_t> wanted{
      9, 9, 9, 9, 9, 9, 9, 9, 9,  //
      9, 1, 1, 1, 9, 2, 2, 2, 9,  //
      9, 1, 1, 1, 9, 2, 2, 2, 9,  //
      9, 9, 9, 9, 9, 9, 9, 9, 9,  //
      9, 3, 3, 3, 9, 9, 9, 9, 9,  //
      9, 3, 3, 3, 9, 9, 9, 9, 9,  //
      9, 9, 9, 9, 9, 9, 9, 9, 9,
  };
  EXPECT_EQ(grid, Image(7, 9, 1, wanted));
}

TEST(Grid, IsAsSquareAsCanBeByDefault) {
  const std::vector<Image> cells(16, plain(5));
  const Image grid = make_grid(cells, {.gap = 0});
  EXPECT_EQ(grid.height(), 8);
  EXPECT_EQ(grid.width(), 12);
  EXPECT_EQ(make_grid(std::vector<Image>(5, plain(0)), {.gap = 0}).width(), 9);
}

TEST(Grid, UpscalesItsCells) {
  const Image grid = make_grid(std::vector<Image>{plain(7)}, {.gap = 1, .upscale = 3});
  EXPECT_EQ(grid.height(), 8);
  EXPECT_EQ(grid.width(), 11);
  EXPECT_EQ(grid.pixels()[4 * 11 + 4], 7);
}

TEST(Grid, IsInColourAsSoonAsOneCellIs) {
  const std::vector<Image> cells{plain(7), Image(2, 3, 3, Colour{1, 2, 3})};
  const Image grid = make_grid(cells, {.gap = 0});
  EXPECT_EQ(grid.channels(), 3);
  EXPECT_EQ(grid.colour_at(0, 0), (Colour{7, 7, 7}));
  EXPECT_EQ(grid.colour_at(0, 3), (Colour{1, 2, 3}));
}

TEST(Grid, LabelsStandUnderTheirCells) {
  const std::vector<Image> cells(2, Image(28, 28, 1));
  const Image bare = make_grid(cells), labelled = make_grid(cells, {.labels = {"8"}});
  EXPECT_GT(labelled.height(), bare.height());
  int left = 0, right = 0;
  for (int y = 31; y < labelled.height(); ++y) {
    for (int x = 0; x < labelled.width(); ++x) {
      (x < labelled.width() / 2 ? left : right) += labelled.colour_at(y, x).r > 100;
    }
  }
  EXPECT_GT(left, 5);
  EXPECT_EQ(right, 0);
}

TEST(Grid, TakesFloatsInTheUnitRange) {
  const std::vector<float> nchw{-1, 1, 1, -1};  // two cells of [1][1][2]
  const Image grid = make_grid(nchw, 1, 1, 2, {.columns = 1, .gap = 0});
  EXPECT_EQ(grid, Image(2, 2, 1, std::vector<std::uint8_t>{0, 255, 255, 0}));
  EXPECT_THROW(make_grid(nchw, 1, 1, 3), ShapeError);
  EXPECT_THROW(make_grid(std::span<const float>(), 1, 2, 2), ShapeError);
}

TEST(Grid, NamesTheCellThatDiffers) {
  try {
    make_grid(std::vector<Image>{plain(1), plain(2), Image(4, 4, 1)});
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_NE(std::string(e.what()).find("number 2 has 4 x 4"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace ganymede::picture
