#include "study/finding.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ganymede::study {
namespace {

Arm arm(const char* name, std::vector<double> values, std::size_t failed = 0) {
  const std::size_t seeds = values.size() + failed;
  return {name, std::move(values), seeds};
}

const char* alone(const Test& test) {
  return test.word(test.p);
}

TEST(Contrast, SaysWhichOfTwoArmsIsHigherOrThatItCannotTell) {
  const Arm low = arm("low", {1.0, 1.1, 0.9}), high = arm("high", {3.0, 3.1, 2.9}), wide = arm("wide", {0.0, 3.0, 1.0});
  EXPECT_STREQ(alone(contrast("m", high, low, true)), kConfirmed);
  EXPECT_STREQ(alone(contrast("m", high, low, false)), kRefuted);
  EXPECT_STREQ(alone(contrast("m", low, high, false)), kConfirmed);
  EXPECT_STREQ(alone(contrast("m", wide, low, true)), kCannotTell);
}

TEST(Contrast, PrintsThePermutationTestAndThatFewSeedsRestOnNormality) {
  const auto test = contrast("m", arm("a", {3.0, 3.1, 2.9}), arm("b", {1.0, 1.1, 0.9}), true);
  EXPECT_NE(test.more.find("permutation p = 0.1"), std::string::npos) << test.more;  // 2 of 20 rearrangements
  EXPECT_NE(test.more.find("rests on normality"), std::string::npos) << test.more;
}

// Counts of classes with two seeds: the exact test cannot go below 1/3, whatever was counted.
TEST(Contrast, OfCountsIsNeverSureWithTwoSeeds) {
  for (const auto& [a, b] :
       {std::pair{std::vector<double>{10, 10}, std::vector<double>{9, 9}}, {{38, 39}, {1, 2}}, {{39, 39}, {0, 0}}}) {
    const auto test = contrast("classes learnt", arm("a", a), arm("b", b), true, Scale::counted);
    EXPECT_GT(test.p, 0.33);
    EXPECT_STREQ(alone(test), kCannotTell);
  }
}

TEST(Contrast, NeedsTwoSeedsOnBothSidesAndCountsTheFailedOnes) {
  const auto one = contrast("m", arm("a", {1}, 2), arm("b", {2, 3}), true);
  EXPECT_FALSE(one.possible());
  EXPECT_STREQ(alone(one), kCannotTell);
  EXPECT_NE(one.text.find("a has values of 1 of 3 seeds"), std::string::npos) << one.text;
  const auto two = contrast("m", arm("a", {1, 2}, 1), arm("b", {2, 3}), true);
  EXPECT_NE(two.text.find("a 1.5 (2 of 3 seeds), b 2.5 (2 seeds)"), std::string::npos) << two.text;
}

// t = (2 - 1) / (1 / sqrt 3) = 1.732 with two degrees of freedom: p = 1 - t / sqrt(2 + t^2) = 0.2254.
TEST(Against, IsStudentsTestAgainstAFixedValue) {
  const auto test = against(arm("a", {1, 2, 3}), 1, true);
  EXPECT_NEAR(test.p, 1 - std::sqrt(3.0 / 5.0), 1e-9);
  EXPECT_TRUE(test.supports);
  EXPECT_FALSE(against(arm("a", {1, 2, 3}), 1, false).supports);
  EXPECT_DOUBLE_EQ(against(arm("a", {2, 2, 2}), 1, true).p, 0.25);  // no spread: three equal signs
}

TEST(AgainstChance, IsTheSameTestOnBothSides) {
  EXPECT_NEAR(against_chance("x", 3, 3, 0.1).p, 0.002, 1e-12);
  EXPECT_NEAR(against_chance("x", 0, 3, 0.9).p, 0.002, 1e-9);
  EXPECT_STREQ(alone(against_chance("x", 3, 3, 0.1)), kConfirmed);
  EXPECT_STREQ(alone(against_chance("x", 0, 3, 0.9)), kRefuted);
  EXPECT_STREQ(alone(against_chance("x", 0, 3, 0.1)), kCannotTell);  // 0.729 by chance alone
  EXPECT_STREQ(alone(against_chance("x", 0, 60, 0.1)), kRefuted);
  EXPECT_FALSE(against_chance("x", 0, 0, 0.1).possible());
}

TEST(Settle, CorrectsAllTestsOfAPageTogether) {
  const auto finding = [](double p) {
    return Finding{.claim = "c", .tests = {{.text = "t", .p = p, .supports = true}}};
  };
  std::vector<Finding> alone = {finding(0.02)};
  EXPECT_EQ(settle(alone), 1U);
  EXPECT_EQ(alone[0].verdict, kConfirmed);
  std::vector<Finding> three = {finding(0.02), finding(0.01), finding(0.04), finding(std::nan(""))};
  EXPECT_EQ(settle(three), 3U);  // 3 x 0.01, 2 x 0.02, 0.04: each below 0.05
  EXPECT_EQ(three[0].verdict, kConfirmed);
  EXPECT_EQ(three[2].verdict, kConfirmed);
  EXPECT_EQ(three[3].verdict, kCannotTell);
  EXPECT_NE(three[0].evidence.find("corrected p = 0.04"), std::string::npos) << three[0].evidence;
  std::vector<Finding> four = {finding(0.02), finding(0.02), finding(0.02)};  // 3 x 0.02 = 0.06
  settle(four);
  for (const Finding& one : four) EXPECT_EQ(one.verdict, kCannotTell);
}

TEST(Settle, SaysWhyItCannotTell) {
  const auto test = [](double p) { return study::Test{.text = "t", .p = p, .supports = true}; };
  std::vector<Finding> findings = {{.claim = "several", .tests = {test(0.4), test(1e-6), test(0.3)}},
                                   {.claim = "one", .tests = {test(0.4)}},
                                   {.claim = "settled", .tests = {test(1e-9)}},
                                   {.claim = "impossible", .tests = {test(std::nan(""))}}};
  EXPECT_EQ(settle(findings), 5U);
  EXPECT_EQ(findings[0].points.size(), 4U);
  EXPECT_EQ(findings[0].points[0], "not settled: 2 of 3 comparisons have no corrected p below 0.05");
  EXPECT_TRUE(findings[0].evidence.starts_with(findings[0].points[0] + "; t, p = 0.4"));
  EXPECT_EQ(findings[1].points[0], "not settled: the corrected p is not below 0.05");
  EXPECT_EQ(findings[2].verdict, kConfirmed);
  EXPECT_EQ(findings[2].points.size(), 1U);
  EXPECT_EQ(findings[3].points, std::vector<std::string>{"t"}) << "the test itself says what it lacks";
  std::vector<Finding> alone = {{.claim = "one", .tests = {test(0.4)}}};
  settle(alone);
  std::vector<Finding> none = {{.claim = "two", .tests = {test(0.4), test(0.5)}}};
  settle(none);
  EXPECT_EQ(none[0].points[0], "not settled: none of 2 comparisons has a corrected p below 0.05");
  EXPECT_EQ(alone[0].points[0], "not settled: p is not below 0.05") << "nothing was corrected";
}

TEST(MeanAndSpread, OfWhatIsNotFiniteIsADash) {
  for (const double v : {std::nan(""), HUGE_VAL}) EXPECT_EQ(mean_and_spread({1, v}), "-");
}

TEST(CorrectionText, CountsItsTests) {
  EXPECT_TRUE(correction_text(2).starts_with("The verdicts rest on 2 tests over"));
  EXPECT_TRUE(correction_text(1).starts_with("The verdicts rest on 1 test over"));
  EXPECT_TRUE(correction_text(0).starts_with("No verdict of this page rests on a test"));
}

TEST(Against, SharesLieBetweenNothingAndAll) {
  const study::Test share = against({"right", {0.4, 0.6}, 2}, 0.5, true, "{:.1f} %", 100);
  EXPECT_EQ(share.text, "right: 50.0 % [0.0 %, 100.0 %] (2 seeds)");  // Student's: -77 to 177
  EXPECT_NE(against({"slope", {-1, 1}, 2}, 0, true).text.find("[-12.7"), std::string::npos);
}

TEST(Settle, KeepsWhatNoTestCanAnswerOpen) {
  std::vector<Finding> findings = {
      {.claim = "c", .tests = {{.text = "t", .p = 1e-9, .supports = true}}, .cannot = "these runs end at epoch 4"},
      {.claim = "counted", .verdict = kRefuted, .evidence = "as it is"}};
  settle(findings);
  EXPECT_EQ(findings[0].verdict, kCannotTell);
  EXPECT_NE(findings[0].evidence.find("end at epoch 4"), std::string::npos);
  EXPECT_EQ(findings[1].verdict, kRefuted);
  EXPECT_EQ(findings[1].evidence, "as it is");
}

// Where a pair's value is the mean of its seeds', the pseudo-values are those of the seeds.
TEST(SeedsOfPairs, GiveTheSeedsBackWherePairsAverageThem) {
  const std::vector<double> x = {0.3, 0.9, 0.1, 0.5};
  std::vector<double> pairs;
  for (std::size_t a = 0; a < x.size(); ++a) {
    for (std::size_t b = a + 1; b < x.size(); ++b) pairs.push_back((x[a] + x[b]) / 2);
  }
  const std::vector<double> seeds = seeds_of_pairs(pairs);
  ASSERT_EQ(seeds.size(), 4U);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(seeds[i], x[i], 1e-12);
  EXPECT_TRUE(seeds_of_pairs(std::vector<double>{0.5}).empty());  // two seeds: no seed can be left out
  EXPECT_TRUE(seeds_of_pairs({}).empty());
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
