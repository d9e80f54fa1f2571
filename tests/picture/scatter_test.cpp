#include "picture/scatter.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::picture {
namespace {

constexpr Colour kDotColour{200, 0, 0}, kOtherColour{0, 0, 200};

bool holds_colour(const Image& image, Colour colour) {
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (image.colour_at(y, x) == colour) return true;
    }
  }
  return false;
}

ScatterPlot plain_scatter() {
  return {.title = {},
          .x = {0, 10},
          .y = {0, 10},
          .clouds = {{.name = "a", .xy = {5, 5}, .colour = kDotColour, .radius = 3}}};
}

TEST(ScatterPlot, PutsAPointWhereItIs) {
  ScatterPlot plot = plain_scatter();
  plot.clouds[0].xy = {5, 7.5};
  const Image image = draw(plot);
  EXPECT_EQ(image.colour_at(34 + plot.side / 4, 48 + plot.side / 2), kDotColour) << "y grows upwards";
}

TEST(ScatterPlot, LeavesOutWhatLiesOutsideAndIsNoNumber) {
  ScatterPlot plot = plain_scatter();
  plot.clouds[0].name.clear();
  const Image with = draw(plot);
  plot.clouds[0].xy = {5, 5, 11, 5, std::nanf(""), 1};
  EXPECT_NE(draw(plot), with) << "they are counted in the corner";
  plot.clouds[0].xy = {5, 5};
  EXPECT_EQ(draw(plot), with);
}

TEST(ScatterPlot, ColoursTheSurfaceFromTheTopLeft) {
  ScatterPlot plot = plain_scatter();
  plot.clouds.clear();
  plot.surface = {.columns = 2,
                  .rows = 2,
                  .values = {0, 0.5, 0.5, 1},
                  .low_name = {},
                  .high_name = {},
                  .low = kOtherColour,
                  .high = kDotColour};
  const Image image = draw(plot);
  EXPECT_EQ(image.colour_at(36, 50), kOtherColour);
  EXPECT_EQ(image.colour_at(34 + plot.side - 3, 48 + plot.side - 3), kDotColour);
  EXPECT_EQ(image.colour_at(36, 48 + plot.side - 3), kWhite);
}

TEST(ScatterPlot, RefusesPartsThatDoNotFit) {
  ScatterPlot plot = plain_scatter();
  plot.x = {1, 1};
  EXPECT_THROW(draw(plot), ShapeError);
  plot = plain_scatter();
  plot.surface = {
      .columns = 2, .rows = 2, .values = {1}, .low_name = {}, .high_name = {}, .low = kOtherColour, .high = kDotColour};
  EXPECT_THROW(draw(plot), ShapeError);
}

TEST(DensityPlot, DrawsAreasLinesAndACurve) {
  DensityPlot plot{.title = {},
                   .x_label = {},
                   .x = {0, 1},
                   .densities = {{.name = "real", .values = {0, 1, 0, 0}, .colour = kDotColour, .filled = true}},
                   .curve_name = {}};
  EXPECT_TRUE(holds_colour(draw(plot), kDotColour));
  EXPECT_FALSE(holds_colour(draw(plot), kOtherColour));
  plot.curve = {0.5, 0.5};
  plot.curve_colour = kOtherColour;
  EXPECT_TRUE(holds_colour(draw(plot), kOtherColour));
  plot.densities[0].values.assign(4, 0);
  EXPECT_NO_THROW(draw(plot)) << "no point in the range";
}

}  // namespace
}  // namespace ganymede::picture
