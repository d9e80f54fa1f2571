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

TEST(Compare, CannotTellFromOneSeedOrFromEqualScores) {
  const std::vector<double> one{1}, same{3, 3, 3}, other{4, 4, 4};
  const Comparison single = compare_over_seeds({.candidate = one, .baseline = kHigh});
  EXPECT_EQ(single.verdict, Verdict::cannot_tell);
  EXPECT_EQ(single.p_value, 1);
  EXPECT_TRUE(std::isnan(single.interval.low));
  EXPECT_EQ(compare_over_seeds({.candidate = same, .baseline = same}).p_value, 1);
  EXPECT_EQ(compare_over_seeds({.candidate = same, .baseline = same}).permutation_p, 1);
  EXPECT_EQ(compare_over_seeds({.candidate = same, .baseline = other}).verdict, Verdict::better);
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
