#include "measure/p_values.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/philox.hpp"
#include "measure/two_sample.hpp"

namespace ganymede::measure {
namespace {

TEST(Holm, HasTheValuesByHand) {
  // Ascending .01, .02, .03, .04 times 4, 3, 2, 1: .04, .06, .06, .04; no p below one before it.
  const std::vector<double> p{.04, .01, .03, .02};
  const std::vector<double> corrected = holm(p);
  EXPECT_DOUBLE_EQ(corrected[1], .04);
  EXPECT_DOUBLE_EQ(corrected[3], .06);
  EXPECT_DOUBLE_EQ(corrected[2], .06);
  EXPECT_DOUBLE_EQ(corrected[0], .06);
  EXPECT_EQ(holm(std::vector<double>{.7, .6}), (std::vector<double>{1, 1}));
  EXPECT_EQ(holm(std::vector<double>{.03}), (std::vector<double>{.03}));
  EXPECT_TRUE(holm({}).empty());
}

TEST(Holm, CountsOnlyTestsThatWereMade) {
  const std::vector<double> p{.02, std::nan(""), .03};
  const std::vector<double> corrected = holm(p);
  EXPECT_DOUBLE_EQ(corrected[0], .04);
  EXPECT_TRUE(std::isnan(corrected[1]));
  EXPECT_DOUBLE_EQ(corrected[2], .04);
}

// Twelve true null hypotheses at once: one of twenty pages may hold a false finding, not nearly every second one.
TEST(Holm, KeepsTheChanceOfOneFalseFindingOnAPage) {
  int plain = 0, corrected = 0;
  for (std::uint32_t page = 0; page < 1000; ++page) {
    RandomSequence random(Random(3, "test"), page);
    std::vector<double> p(12);
    for (double& one : p) one = random.uniform();
    const auto finds = [](const std::vector<double>& all) {
      return std::any_of(all.begin(), all.end(), [](double one) { return one < 0.05; });
    };
    plain += finds(p);
    corrected += finds(holm(p));
  }
  EXPECT_NEAR(corrected, 50, 4 * std::sqrt(47.5));
  EXPECT_GT(plain, 400);
}

TEST(Holm, RejectsWhatIsNoP) {
  EXPECT_THROW(holm(std::vector<double>{.5, 1.5}), ConfigError);
  EXPECT_THROW(holm(std::vector<double>{-.1}), ConfigError);
}

TEST(PText, NeverSaysZero) {
  EXPECT_EQ(p_text(0.0123456), "p = 0.01235");
  EXPECT_EQ(p_text(1), "p = 1");
  EXPECT_EQ(p_text(0), "p < 1e-300");
  EXPECT_EQ(p_text(classifier_two_sample_test(20000, 20000).p_value), "p < 1e-300");  // 2^-20000
}

}  // namespace
}  // namespace ganymede::measure
