#include "study/finding.hpp"

#include <gtest/gtest.h>

namespace ganymede::study {
namespace {

TEST(Contrast, SaysWhichOfTwoArmsIsHigherOrThatItCannotTell) {
  const std::vector<double> low = {1.0, 1.1, 0.9}, high = {3.0, 3.1, 2.9}, wide = {0.0, 3.0, 1.0};
  EXPECT_STREQ(contrast("m", "a", high, "b", low).word(true), kConfirmed);
  EXPECT_STREQ(contrast("m", "a", high, "b", low).word(false), kRefuted);
  EXPECT_STREQ(contrast("m", "a", low, "b", high).word(false), kConfirmed);
  EXPECT_STREQ(contrast("m", "a", wide, "b", low).word(true), kCannotTell);
}

TEST(Contrast, NeedsTwoSeedsOnBothSides) {
  const Contrast c = contrast("m", "a", std::vector<double>{1}, "b", std::vector<double>{2, 3});
  EXPECT_FALSE(c.possible);
  EXPECT_STREQ(c.word(true), kCannotTell);
  EXPECT_NE(c.text().find("fewer than two seeds"), std::string::npos);
}

TEST(AllOf, IsRefutedByOneAndConfirmedByAll) {
  EXPECT_STREQ(all_of({kConfirmed, kConfirmed}), kConfirmed);
  EXPECT_STREQ(all_of({kConfirmed, kRefuted}), kRefuted);
  EXPECT_STREQ(all_of({kConfirmed, kCannotTell}), kCannotTell);
  EXPECT_STREQ(all_of({}), kCannotTell);
}

TEST(MeanAndSpread, HasTheSampleDeviation) {
  EXPECT_EQ(mean_and_spread({}), "-");
  EXPECT_EQ(mean_and_spread({2}), "2.0000");
  EXPECT_EQ(mean_and_spread({1, 3}, "{:.2f}"), "2.00 ± 1.41");
}

}  // namespace
}  // namespace ganymede::study
