#include "measure/two_sample.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

TEST(TwoSampleTest, HasThePValuesOfBothKinds) {
  const TwoSampleTest large = classifier_two_sample_test(550, 1000);
  EXPECT_NEAR(large.accuracy, .55, 1e-15);
  EXPECT_NEAR(large.z, 3.1622777, 1e-7);
  EXPECT_NEAR(large.p_value_normal, 7.827e-4, 5e-8);
  EXPECT_NEAR(large.p_value, 8.653e-4, 5e-8);
  const TwoSampleTest unsure = classifier_two_sample_test(520, 1000);
  EXPECT_NEAR(unsure.p_value_normal, .102952, 5e-7);
  EXPECT_NEAR(unsure.p_value, .108724, 5e-7);
  const TwoSampleTest small = classifier_two_sample_test(15, 20);
  EXPECT_NEAR(small.p_value_normal, .012674, 5e-7);
  EXPECT_NEAR(small.p_value, .0206947, 5e-8);
}

TEST(TwoSampleTest, GivesTheExactInterval) {
  const TwoSampleTest all = classifier_two_sample_test(10, 10);
  EXPECT_NEAR(all.interval.low, std::pow(0.025, 0.1), 1e-12);
  EXPECT_EQ(all.interval.high, 1);
  EXPECT_NEAR(all.p_value, 1. / 1024, 1e-12);
  EXPECT_EQ(classifier_two_sample_test(0, 10).p_value, 1);
}

TEST(TwoSampleTest, StaysExactForManySamples) {
  const TwoSampleTest half = classifier_two_sample_test(10000, 20000);
  // P(X >= n/2) = 1/2 + P(X = n/2)/2, P(X = n/2) = 1/sqrt(pi n/2) (1 - 1/(4n) ...)
  EXPECT_NEAR(half.p_value, 0.5 + 0.5 / std::sqrt(M_PI * 10000) * (1 - 1. / 80000), 1e-9);
}

TEST(TwoSampleTest, RejectsImpossibleCounts) {
  EXPECT_THROW(classifier_two_sample_test(11, 10), ConfigError);
  EXPECT_THROW(classifier_two_sample_test(-1, 10), ConfigError);
  EXPECT_THROW(classifier_two_sample_test(0, 0), ConfigError);
}

TEST(TwoSamplePower, HasTheValueOfItsFormula) {
  EXPECT_NEAR(two_sample_power(.05, 1000), .936379, 5e-7);
  EXPECT_NEAR(two_sample_power(0, 1000), .05, 1e-9);
}

TEST(BayesAccuracy, IsPhiOfHalfTheShift) {
  EXPECT_NEAR(bayes_accuracy(.5), .598706, 5e-7);
  EXPECT_NEAR(bayes_accuracy(1), .691462, 5e-7);
  EXPECT_NEAR(bayes_accuracy(2), .841345, 5e-7);
  EXPECT_NEAR(bayes_accuracy(-3), .933193, 5e-7);
}

}  // namespace
}  // namespace ganymede::measure
