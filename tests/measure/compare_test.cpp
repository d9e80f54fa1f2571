#include "measure/compare.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

const std::vector<double> kLow{10, 12, 11}, kHigh{20, 19, 24}, kMiddle{9, 15, 14};

TEST(Compare, SaysBetterWorseOrCannotTell) {
  EXPECT_EQ(compare_over_seeds({.candidate = kLow, .baseline = kHigh}).verdict, Verdict::better);
  EXPECT_EQ(compare_over_seeds({.candidate = kHigh, .baseline = kLow}).verdict, Verdict::worse);
  EXPECT_EQ(compare_over_seeds({.candidate = kHigh, .baseline = kLow}, {.better = Better::higher}).verdict,
            Verdict::better);
  EXPECT_EQ(compare_over_seeds({.candidate = kLow, .baseline = kMiddle}).verdict, Verdict::cannot_tell);
  EXPECT_EQ(compare_over_seeds({.candidate = kLow, .baseline = kHigh}, {.better = Better::neither}).verdict,
            Verdict::cannot_tell);
  EXPECT_STREQ(name_of(Verdict::cannot_tell), "cannot tell");
}

TEST(Compare, NearerToAHalfIsBetterWhereThatIsTheAim) {
  const std::vector<double> copies{.1, .12, .11}, fair{.45, .52, .49};
  EXPECT_EQ(compare_over_seeds({.candidate = fair, .baseline = copies}, {.better = Better::half}).verdict,
            Verdict::better);
}

// Equal variances and counts: Welch's test is Student's. {1,2,3} against {4,5,6}: t = 3 / sqrt(2/3), 4 degrees.
TEST(Compare, HasTheValuesByHand) {
  const Comparison found =
      compare_over_seeds({.candidate = std::vector<double>{1, 2, 3}, .baseline = std::vector<double>{4, 5, 6}});
  EXPECT_EQ(found.difference, -3);
  EXPECT_NEAR(found.p_value, 0.021311641128756727, 1e-9);
  EXPECT_NEAR(found.interval.low, -3 - 2.7764451051977987 * std::sqrt(2. / 3), 1e-8);
  EXPECT_NEAR(found.interval.high, -3 + 2.7764451051977987 * std::sqrt(2. / 3), 1e-8);
  EXPECT_NEAR(found.permutation_p, 2. / 20, 1e-12);  // the two extreme ones of 20 arrangements
  EXPECT_NEAR(found.least_permutation_p, 2. / 20, 1e-12);
}

TEST(Compare, PermutationsThatAreDrawnAgreeWithAll) {
  const std::vector<double> a{1, 5, 3, 8, 2, 6}, b{4, 9, 7, 5, 8, 10};
  const double all = compare_over_seeds({.candidate = a, .baseline = b}).permutation_p,
               drawn = compare_over_seeds({.candidate = a, .baseline = b}, {.permutations = 900}).permutation_p;
  EXPECT_NEAR(drawn, all, 4 * std::sqrt(all / 900));
  EXPECT_NE(drawn, all);
}

TEST(Compare, CannotTellFromOneSeed) {
  const std::vector<double> one{1};
  const Comparison single = compare_over_seeds({.candidate = one, .baseline = kHigh});
  EXPECT_EQ(single.verdict, Verdict::cannot_tell);
  EXPECT_EQ(single.test, SeedTest::none);
  EXPECT_EQ(single.p_value, 1);
  EXPECT_TRUE(std::isnan(single.interval.low));
}

// Two classes counted twice: of the 6 ways to share out {10, 10, 9, 9}, 2 lie as far apart.
TEST(Compare, CannotTellFromTwoSeedsWithoutSpread) {
  const std::vector<double> ten{10, 10}, nine{9, 9};
  for (const Better better : {Better::lower, Better::higher, Better::half}) {
    const Comparison found = compare_over_seeds({.candidate = ten, .baseline = nine}, {.better = better});
    EXPECT_EQ(found.verdict, Verdict::cannot_tell);
    EXPECT_EQ(found.test, SeedTest::permutation);
    EXPECT_NEAR(found.p_value, 1. / 3, 1e-12);
    EXPECT_TRUE(std::isnan(found.interval.low) && std::isnan(found.interval.high));
    EXPECT_FALSE(found.rests_on_normality);
  }
}

// 2 of 252 arrangements of five against five: that many seeds can tell without any spread.
TEST(Compare, TellsFiveEqualSeedsFromFiveOthersByRearrangement) {
  const std::vector<double> same(5, 3.0), other(5, 4.0);
  const Comparison found = compare_over_seeds({.candidate = same, .baseline = other});
  EXPECT_EQ(found.verdict, Verdict::better);
  EXPECT_NEAR(found.p_value, 2. / 252, 1e-12);
  EXPECT_EQ(compare_over_seeds({.candidate = same, .baseline = same}).p_value, 1);
}

// 0.1 + 0.2 and 0.3 differ in their last bit: no spread to divide a difference by.
TEST(Compare, TakesRoundingForNoSpread) {
  const std::vector<double> sums{0.1 + 0.2, 0.3}, others{0.4, 0.4};
  const Comparison found = compare_over_seeds({.candidate = sums, .baseline = others});
  EXPECT_EQ(found.test, SeedTest::permutation);
  EXPECT_NEAR(found.p_value, 1. / 3, 1e-12);
}

TEST(Compare, SaysWhereFewSeedsRestOnNormality) {
  const std::vector<double> low{1, 1.1, 1.2}, high{5, 5.1, 5.2}, lows{1, 1.1, 1.2, 1.3}, highs{5, 5.1, 5.2, 5.3};
  const Comparison few = compare_over_seeds({.candidate = low, .baseline = high});
  EXPECT_EQ(few.test, SeedTest::welch);
  EXPECT_LT(few.p_value, 1e-4);
  EXPECT_TRUE(few.rests_on_normality);  // no arrangement of three against three is rarer than 0.1
  EXPECT_FALSE(compare_over_seeds({.candidate = lows, .baseline = highs}).rests_on_normality);  // 2 / 70
}

TEST(Compare, JudgesADifferenceByACorrectedP) {
  EXPECT_EQ(verdict_of(-1, 0.01), Verdict::better);
  EXPECT_EQ(verdict_of(-1, 0.06), Verdict::cannot_tell);
  EXPECT_EQ(verdict_of(-1, 0.01, {.better = Better::higher}), Verdict::worse);
  EXPECT_EQ(verdict_of(-1, 0, {.better = Better::neither}), Verdict::cannot_tell);
}

// Of two equal laws, one comparison in twenty is wrong.
TEST(Compare, IsWrongAboutAsOftenAsAlphaSays) {
  int told = 0;
  for (std::uint32_t i = 0; i < 400; ++i) {
    RandomSequence random(Random(5, "test"), i);
    std::vector<double> a, b;
    for (int s = 0; s < 5; ++s) {
      a.push_back(random.normal());
      b.push_back(random.normal());
    }
    told += compare_over_seeds({.candidate = a, .baseline = b}).verdict != Verdict::cannot_tell;
  }
  EXPECT_NEAR(told, 20, 4 * std::sqrt(19.0));
}

TEST(Compare, RejectsWhatIsNoScore) {
  const std::vector<double> none, broken{1, std::nan("")};
  EXPECT_THROW(compare_over_seeds({.candidate = none, .baseline = kLow}), DataError);
  EXPECT_THROW(compare_over_seeds({.candidate = kLow, .baseline = broken}), DataError);
  EXPECT_THROW(compare_over_seeds({.candidate = kLow, .baseline = kLow}, {.alpha = 0}), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
