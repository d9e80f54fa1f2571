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

TEST(ScatterPlot, ASurfaceWithoutAMiddleHasTheColoursOfALandscape) {
  ScatterPlot plot = plain_scatter();
  plot.clouds.clear();
  plot.surface = {.columns = 2,
                  .rows = 1,
                  .values = {0, 1},
                  .low_name = {},
                  .high_name = {},
                  .low = {},
                  .high = {},
                  .has_middle = false};
  const Image image = draw(plot);
  EXPECT_EQ(image.colour_at(36, 50), sequential_colour(1));
  EXPECT_EQ(image.colour_at(36, 48 + plot.side - 3), sequential_colour(0));
  plot.surface.values = {0.5, 0.5};
  EXPECT_EQ(draw(plot).colour_at(36, 50), sequential_colour(0.5)) << "a half is no white";
}

/// Where a plot with lines or arrows has the place (x, y) of [0, 10]^2: they have a row of the legend.
Colour colour_there(const Image& image, const ScatterPlot& plot, double x, double y) {
  return image.colour_at(34 + 18 + static_cast<int>((10 - y) / 10 * plot.side),
                         48 + static_cast<int>(x / 10 * plot.side));
}

TEST(ScatterPlot, CutsLinesAtItsFrame) {
  ScatterPlot plot = plain_scatter();
  plot.clouds.clear();
  // Into the plane, out of it and in again; beside it; broken by what is no number.
  plot.threads = {{.name = {},
                   .lines = {{-5, 2, 15, 2, 15, 8, 5, 8}, {-5, -5, -5, 15}, {2, 5, 4, std::nanf(""), 6, 5, 8, 5}},
                   .colour = kDotColour,
                   .width = 3}};
  const Image image = draw(plot);
  for (const double x : {0.5, 5.0, 9.5}) EXPECT_EQ(colour_there(image, plot, x, 2), kDotColour) << x;
  EXPECT_EQ(colour_there(image, plot, 7, 8), kDotColour);
  EXPECT_EQ(colour_there(image, plot, 3, 8), kWhite);
  EXPECT_EQ(colour_there(image, plot, 7, 5), kDotColour);
  EXPECT_EQ(colour_there(image, plot, 4.5, 5), kWhite);
  for (int y = 0; y < image.height(); ++y) EXPECT_NE(image.colour_at(y, 20), kDotColour) << "nothing left of the frame";
}

TEST(ScatterPlot, DrawsArrowsFromWhereTheyBegin) {
  ScatterPlot plot = plain_scatter();
  plot.clouds.clear();
  plot.arrows = {
      {.name = {}, .xy = {2, 2, 20, 20, 2, 8}, .along = {1, 0, 1, 1, NAN, 0}, .scale = 4, .colour = kDotColour}};
  const Image image = draw(plot);
  EXPECT_EQ(colour_there(image, plot, 3, 2), kDotColour);
  EXPECT_EQ(colour_there(image, plot, 5.8, 2), kDotColour) << "four times as long";
  EXPECT_EQ(colour_there(image, plot, 1.5, 2), kWhite);
  EXPECT_EQ(colour_there(image, plot, 6.5, 2), kWhite);
  plot.arrows[0].along.pop_back();
  EXPECT_THROW(draw(plot), ShapeError);
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
