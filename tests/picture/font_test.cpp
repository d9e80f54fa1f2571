#include "picture/font.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "picture/font_glyphs.hpp"

namespace ganymede::picture {
namespace {

// Rows and columns with ink.
struct Extent {
  int top = 1000, bottom = -1, left = 1000, right = -1;
};

Extent extent_of(const Image& image) {
  Extent e;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      if (image.colour_at(y, x).r < 64) continue;
      e.top = std::min(e.top, y), e.bottom = std::max(e.bottom, y);
      e.left = std::min(e.left, x), e.right = std::max(e.right, x);
    }
  }
  return e;
}

TEST(Font, EveryPrintableCharacterLooksDifferent) {
  std::set<std::string> pictures;
  for (int ch = 32; ch < 127; ++ch) {
    Image image(40, 40, 1);
    draw_text(image, 8, 28, std::string(1, static_cast<char>(ch)), 18, kWhite);
    pictures.emplace(image.pixels().begin(), image.pixels().end());
  }
  EXPECT_EQ(pictures.size(), 95u);
}

TEST(Font, OtherCharactersShowAsABox) {
  EXPECT_EQ(&glyph_of('\n'), &glyph_of(0x20AC));
  EXPECT_FALSE(glyph_of('\x7f').strokes.empty());
}

TEST(Font, DrawsLettersWithCaronAsOneLetter) {
  EXPECT_EQ(text_width("\u010c", 14), text_width("C", 14));
  EXPECT_EQ(glyph_of(0x010C).strokes.size(), glyph_of('C').strokes.size() + 1);
  EXPECT_NE(&glyph_of(0x0160), &glyph_of(0x017D));
}

TEST(Font, TakesUtf8AndSurvivesWhatIsNot) {
  std::string_view text = "a\u010c\u20ac\xff\xc4";
  EXPECT_EQ(take_character(text), U'a');
  EXPECT_EQ(take_character(text), 0x010Cu);
  EXPECT_EQ(take_character(text), 0x20ACu);
  EXPECT_EQ(take_character(text), 0xFFFDu);
  EXPECT_EQ(take_character(text), 0xFFFDu);  // the first half of a letter
  EXPECT_TRUE(text.empty());
}

TEST(Font, LettersStayWithinTheirCell) {
  for (int ch = 33; ch < 127; ++ch) {
    const Glyph& glyph = glyph_of(static_cast<char>(ch));
    for (const auto& stroke : glyph.strokes) {
      for (const GlyphPoint& p : stroke) {
        EXPECT_TRUE(p.x >= -0.2 && p.x <= glyph.width + 0.2) << static_cast<char>(ch);
        EXPECT_TRUE(p.y >= -kDescent && p.y <= 16) << static_cast<char>(ch);
      }
    }
  }
}

TEST(Font, CapitalsStandOnTheBaselineWithTheirSize) {
  for (const int size : {7, 9, 12, 20}) {
    Image image(60, 200, 1);
    draw_text(image, 10, 40, "HEX", size, kWhite);
    const Extent e = extent_of(image);
    EXPECT_LE(std::abs(e.bottom - 40), 1) << size;  // half of the pen
    EXPECT_LE(std::abs(e.top - (40 - size)), 1) << size;
  }
}

TEST(Font, WidthIsThatOfTheDrawing) {
  for (const bool bold : {false, true}) {
    const int width = text_width("Hollow H", 12, bold);
    Image image(40, 300, 1);
    draw_text(image, 50, 30, "Hollow H", 12, kWhite, Align::left, bold);
    const Extent e = extent_of(image);
    EXPECT_LE(std::abs(e.left - 50), 1);
    EXPECT_LE(std::abs(e.right - e.left + 1 - width), 2);
  }
  EXPECT_EQ(text_width("", 12), 0);
}

TEST(Font, AlignsLeftCentreAndRight) {
  const auto middle = [](Align align) {
    Image image(40, 300, 1);
    draw_text(image, 150, 30, "OHO", 12, kWhite, align);
    const Extent e = extent_of(image);
    return (e.left + e.right) / 2.0;
  };
  const double half = text_width("OHO", 12) / 2.0;
  EXPECT_NEAR(middle(Align::centre), 150, 1.5);
  EXPECT_NEAR(middle(Align::left), 150 + half, 1.5);
  EXPECT_NEAR(middle(Align::right), 150 - half, 1.5);
}

TEST(Font, UpwardsIsAQuarterTurn) {
  Image flat(60, 60, 1), upright(60, 60, 1);
  draw_text(flat, 10, 30, "aF", 12, kWhite);
  draw_text_upwards(upright, 30, 49, "aF", 12, kWhite);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x)
      EXPECT_NEAR(flat.colour_at(y, x).r, upright.colour_at(59 - x, y).r, 1) << y << " " << x;
  }
}

TEST(Font, MayHangOverTheEdge) {
  Image image(8, 8, 3);
  draw_text(image, -30, 3, "clipped text", 9, kWhite);
  draw_text(image, 3, -50, "above", 9, kWhite);
  EXPECT_FALSE(image == Image(8, 8, 3));
}

}  // namespace
}  // namespace ganymede::picture
