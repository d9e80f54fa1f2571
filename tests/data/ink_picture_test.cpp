#include "data/ink/ink_picture.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

InkSet three() {
  InkSet set;
  set.class_names = {"A", "B"};
  set.writers = {"x/1", "y/1"};
  set.symbols = {{.ink = {{{0, 0}, {1, 1}}}, .label = 0, .writer = 0},
                 {.ink = {{{0, 0}, {1, 1}}, {{1, 0}, {0, 1}}}, .label = 0, .writer = 1},
                 {.ink = {{{0, 0}}}, .label = 1, .writer = 1}};
  return set;
}

// Whether some pixel has about that colour; a thin line's edges are mixed with the paper.
bool holds(const picture::Image& image, picture::Colour wanted) {
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const picture::Colour c = image.colour_at(y, x);
      if (std::abs(c.r - wanted.r) + std::abs(c.g - wanted.g) + std::abs(c.b - wanted.b) < 120) return true;
    }
  }
  return false;
}

TEST(InkPicture, FirstStrokesAreBlueRedGreen) {
  const auto blue = stroke_colour(0), red = stroke_colour(1), green = stroke_colour(2);
  EXPECT_TRUE(blue.b > blue.r && blue.b > blue.g);
  EXPECT_TRUE(red.r > red.g && red.r > red.b);
  EXPECT_TRUE(green.g > green.r && green.g > green.b);
}

TEST(InkPicture, DrawsStrokesInTheirColoursAndFillsTheCell) {
  const picture::Image image = picture_of_ink({{{0, 0}, {500, 0}}, {{0, 1000}, {500, 1000}}}, 60);
  EXPECT_TRUE(holds(image, stroke_colour(0)));
  EXPECT_TRUE(holds(image, stroke_colour(1)));
  EXPECT_FALSE(holds(image, stroke_colour(2)));
  EXPECT_EQ(image.colour_at(30, 30), picture::kWhite);
}

TEST(InkPicture, DrawsADotAndSurvivesNothing) {
  EXPECT_TRUE(holds(picture_of_ink({{{5, 5}, {5, 5}}}, 40), stroke_colour(0)));
  EXPECT_FALSE(holds(picture_of_ink({}, 40), stroke_colour(0)));
  EXPECT_FALSE(holds(picture_of_ink({{}}, 40), stroke_colour(0)));
}

TEST(InkSheet, HasARowForEveryClassThatOccurs) {
  InkSet set = three();
  set.class_names.push_back("C");
  const InkSheet sheet = class_sheet(set, 4);
  ASSERT_EQ(sheet.rows.size(), 2u);
  EXPECT_EQ(sheet.rows[0].name, "A");
  EXPECT_EQ(sheet.rows[0].cells.size(), 4u);
  EXPECT_EQ(sheet.rows[0].cells[1], &set.symbols[1].ink);
  EXPECT_EQ(sheet.rows[0].cells[2], nullptr);
}

TEST(InkSheet, TakesTheClassesOfAContributorInTurn) {
  const InkSet set = three();
  const InkSheet sheet = contributor_sheet(set, -1, 4);
  ASSERT_EQ(sheet.rows.size(), 2u);
  EXPECT_EQ(sheet.rows[1].name, "y");
  EXPECT_EQ(sheet.rows[1].cells[0], &set.symbols[1].ink);
  EXPECT_EQ(sheet.rows[1].cells[1], &set.symbols[2].ink);
  EXPECT_EQ(contributor_sheet(set, 1, 4).rows.size(), 1u);
}

TEST(InkSheet, SvgHasAPolylineAStrokeAndACircleADot) {
  const InkSet set = three();
  const std::string svg = sheet_svg(class_sheet(set, 4));
  std::size_t lines = 0;
  for (std::size_t at = svg.find("<polyline"); at != std::string::npos; at = svg.find("<polyline", at + 1)) ++lines;
  EXPECT_EQ(lines, 3u);
  EXPECT_TRUE(says(svg, "<circle", ">A</text>", "</svg>", picture::to_hex(stroke_colour(1))));
}

TEST(InkSheet, IsWrittenAsPngOrSvgOnly) {
  EXPECT_TRUE(says(message_of<ConfigError>([] { write_sheet("x.gif", {}); }), "x.gif", ".png or .svg"));
}

}  // namespace
}  // namespace ganymede::data
