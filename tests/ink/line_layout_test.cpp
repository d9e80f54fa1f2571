#include "ink/line_layout.hpp"

#include <gtest/gtest.h>

namespace ganymede::ink {
namespace {

// A box of this width and height in a unit of its own, somewhere.
LinePiece letter(double width, double height, double longer = 1, double drop = 0) {
  return {.kind = LinePiece::Kind::letter, .ink = {{{3, 4}, {3 + width, 4 + height}}}, .longer = longer, .drop = drop};
}
const LinePiece kSpace{.kind = LinePiece::Kind::space};
const LinePiece kNewLine{.kind = LinePiece::Kind::new_line};

// A capital is 10 pixels: margins are 4, gaps 2, spaces 6, lines 20 apart.
LineStyle style(double width = 0) {
  return {.capital = 10, .width = width, .gap = 0.2, .space = 0.6, .pitch = 2, .margin = 0.4};
}

void expect_box(const PlacedLetter& letter, double x0, double y0, double x1, double y1) {
  EXPECT_DOUBLE_EQ(letter.box.x0, x0);
  EXPECT_DOUBLE_EQ(letter.box.y0, y0);
  EXPECT_DOUBLE_EQ(letter.box.x1, x1);
  EXPECT_DOUBLE_EQ(letter.box.y1, y1);
  const Box ink = bounding_box(letter.ink);
  EXPECT_NEAR(ink.x0, x0, 1e-12);
  EXPECT_NEAR(ink.y0, y0, 1e-12);
  EXPECT_NEAR(ink.x1, x1, 1e-12);
  EXPECT_NEAR(ink.y1, y1, 1e-12);
}

TEST(LineLayout, AdvancesByEachLettersWidthAGapAndSpaces) {
  // 5 wide at a capital's height; half as high and 10 wide; behind two spaces a narrow one.
  const Lines lines = lay_out(std::vector{letter(1, 2), letter(4, 2), kSpace, kSpace, letter(1, 10)}, style());
  ASSERT_EQ(lines.letters.size(), 3u);
  expect_box(lines.letters[0], 4, 4, 9, 14);
  expect_box(lines.letters[1], 11, 9, 21, 14);
  expect_box(lines.letters[2], 35, 4, 36, 14);  // 21 + 2 + 2 * 6
  EXPECT_EQ(lines.letters[2].piece, 4u);
  EXPECT_EQ(lines.baselines, (std::vector<double>{14}));
  EXPECT_DOUBLE_EQ(lines.width, 40);
  EXPECT_DOUBLE_EQ(lines.height, 18);
}

TEST(LineLayout, LettersHangBelowTheBaselineAndRiseAboveACapital) {
  const Lines lines = lay_out(std::vector{letter(1, 1, 0.8, 0.3), letter(1, 1, 1.5)}, style());
  EXPECT_EQ(lines.baselines, (std::vector<double>{19}));  // the second is 15 high
  expect_box(lines.letters[0], 4, 14, 12, 22);
  expect_box(lines.letters[1], 14, 4, 29, 19);
  EXPECT_DOUBLE_EQ(lines.height, 26);  // 22 and the margin
}

TEST(LineLayout, WordsThatDoNotFitBeginANewLineWithoutTheirSpaces) {
  // Letters of 10: "ab cd" is 10 + 2 + 10 + 2 + 6 + 10 + 2 + 10 = 52 wide; 8 of margins.
  const std::vector text{letter(1, 1), letter(1, 1), kSpace, letter(1, 1), letter(1, 1)};
  EXPECT_EQ(lay_out(text, style(60)).baselines.size(), 1u);
  const Lines lines = lay_out(text, style(59));
  ASSERT_EQ(lines.baselines, (std::vector<double>{14, 34}));
  EXPECT_EQ(lines.letters[1].line, 0);
  EXPECT_EQ(lines.letters[2].line, 1);
  expect_box(lines.letters[2], 4, 24, 14, 34);
  EXPECT_DOUBLE_EQ(lines.width, 59);
  EXPECT_DOUBLE_EQ(lines.height, 38);
}

TEST(LineLayout, AWordWiderThanTheLineIsCutAndOneLetterAlwaysFits) {
  const std::vector text{letter(1, 1), letter(1, 1), letter(1, 1)};
  const Lines lines = lay_out(text, style(30));  // 22 of room: two letters with their gap
  EXPECT_EQ(lines.letters[1].line, 0);
  EXPECT_EQ(lines.letters[2].line, 1);
  const Lines narrow = lay_out(text, style(10));  // 2 of room
  EXPECT_EQ(narrow.letters[2].line, 2);
  EXPECT_DOUBLE_EQ(narrow.width, 18);  // so that nothing is cut off
}

TEST(LineLayout, NewLinesMayBeEmpty) {
  const Lines lines = lay_out(std::vector{kNewLine, kNewLine, letter(1, 1), kSpace, kNewLine}, style());
  EXPECT_EQ(lines.baselines.size(), 4u);
  expect_box(lines.letters[0], 4, 44, 14, 54);
  const Lines empty = lay_out({}, style());
  EXPECT_DOUBLE_EQ(empty.width, 8);
  EXPECT_DOUBLE_EQ(empty.height, 18);
}

TEST(LineLayout, ADotStaysADot) {
  const Lines lines = lay_out(std::vector{letter(0, 0, 1, -0.5), letter(1, 1)}, style());
  expect_box(lines.letters[0], 4, 9, 4, 9);
  EXPECT_DOUBLE_EQ(lines.letters[1].box.x0, 6);
}

}  // namespace
}  // namespace ganymede::ink
