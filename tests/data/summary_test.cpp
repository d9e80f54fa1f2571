#include "data/summary.hpp"

#include <algorithm>
#include <cmath>

#include "base/checksum.hpp"
#include "data/helpers.hpp"

namespace ganymede::data {
namespace {

Dataset four_pixels() {
  Dataset d;
  d.provenance = {"tiny", {"/some/file"}, "four pixels"};
  d.images = Tensor::of<std::uint8_t>({2, 1, 1, 2}, std::vector<std::uint8_t>{0, 255, 51, 102});
  d.labels = {1, 1};
  return checked(std::move(d));
}

TEST(Summary, CountsByHand) {
  const Summary s = summarize(four_pixels());
  EXPECT_EQ(s.count, 2);
  EXPECT_EQ(s.height, 1);
  EXPECT_EQ(s.width, 2);
  EXPECT_EQ(s.classes, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(s.lowest, 0);
  EXPECT_EQ(s.highest, 255);
  EXPECT_EQ(s.levels[51], 1);
  // 0, 1, 0.2, 0.4: mean 0.4, mean of squares 0.3.
  EXPECT_NEAR(s.mean, 0.4, 1e-15);
  EXPECT_NEAR(s.deviation, std::sqrt(0.3 - 0.16), 1e-15);
}

TEST(Summary, OfAConstantHasNoDeviation) {
  Dataset d;
  d.images = Tensor(DType::u8, {3, 3, 2, 2});
  for (auto& x : d.images.values<std::uint8_t>()) x = 77;
  const Summary s = summarize(checked(std::move(d)));
  EXPECT_EQ(s.lowest, 77);
  EXPECT_EQ(s.highest, 77);
  EXPECT_NEAR(s.deviation, 0, 1e-7);
  EXPECT_TRUE(s.classes.empty());
}

TEST(Summary, WarnsOfPicturesOfLevelsZeroAndOne) {
  Dataset d = numbered(4);
  EXPECT_TRUE(warnings(d).empty());
  for (auto& x : d.images.values<std::uint8_t>()) x = std::min<std::uint8_t>(x, 1);
  ASSERT_EQ(warnings(d).size(), 1U);
  EXPECT_TRUE(says(warnings(d)[0], "numbered: no level is above 1 of 255", "multiply by 255"));
  EXPECT_TRUE(says(to_text(d, summarize(d)), "all but black"));
}

TEST(Summary, SaysEveryNoteOnce) {
  Dataset d = four_pixels();
  d.provenance.notes = {"two were left out"};
  const std::string text = to_text(d, summarize(d));
  EXPECT_TRUE(says(text, "note       two were left out"));
  EXPECT_EQ(text.find("two were left out"), text.rfind("two were left out"));
  EXPECT_EQ(warnings(d), (std::vector<std::string>{"tiny: two were left out"}));
}

TEST(Summary, NumbersTheClasses) {
  Dataset d = four_pixels();
  d.class_names = {"ant", "bee"};
  EXPECT_TRUE(says(to_text(d, summarize(d)), "number  class", "     1  bee"));
}

TEST(Summary, TextNamesWhatMatters) {
  const Dataset d = four_pixels();
  const std::string text = to_text(d, summarize(d));
  for (const char* part :
       {"tiny", "/some/file", "four pixels", "1 x 2 pixels, grey", "0 to 255", "0.4000", "100.0 %"}) {
    EXPECT_TRUE(says(text, part));
  }
  EXPECT_TRUE(says(text, "crc32 " + hex(content_hash(d))));
  EXPECT_EQ(text.back(), '\n');
}

TEST(Summary, TextDoesWithoutClasses) {
  Dataset d = four_pixels();
  d.labels.clear();
  d = checked(std::move(d));
  EXPECT_TRUE(says(to_text(d, summarize(d)), "classes    none"));
}

}  // namespace
}  // namespace ganymede::data
