#include "measure/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

TEST(Normal, HasTheTabulatedValues) {
  EXPECT_NEAR(normal_cdf(1), 0.841344746068543, 1e-14);
  EXPECT_NEAR(normal_cdf(-1), 0.158655253931457, 1e-14);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
}

TEST(Beta, HasClosedForms) {
  EXPECT_NEAR(beta_cdf(0.3, 1, 1), 0.3, 1e-15);
  EXPECT_NEAR(beta_cdf(0.3, 2, 1), 0.09, 1e-15);
  EXPECT_NEAR(beta_cdf(0.3, 1, 3), 1 - 0.343, 1e-14);
  for (const double p : {0.0, 1e-6, 0.2, 0.975, 1.0}) EXPECT_NEAR(beta_cdf(beta_quantile(p, 7, 3.5), 7, 3.5), p, 1e-12);
}

// t with 1 degree is Cauchy's, with 2 it is 1/2 + x / (2 sqrt(2 + x^2)).
TEST(Student, HasClosedForms) {
  EXPECT_NEAR(student_cdf(1, 1), 0.75, 1e-14);
  EXPECT_NEAR(student_cdf(-3, 2), 0.5 - 3 / (2 * std::sqrt(11)), 1e-14);
  EXPECT_NEAR(student_quantile(0.975, 1), 12.7062047361747, 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 2), 4.302652729911275, 1e-9);
  EXPECT_NEAR(student_quantile(0.025, 10), -2.228138851964939, 1e-9);
  EXPECT_NEAR(student_quantile(0.5, 5), 0, 1e-12);
}

TEST(Binomial, EqualsTheSumByHand) {
  // (C(5,4) + C(5,5)) / 32
  EXPECT_NEAR(binomial_at_least(4, 5), 6.0 / 32, 1e-14);
  EXPECT_EQ(binomial_at_least(0, 5), 1);
  EXPECT_EQ(binomial_at_least(6, 5), 0);
  EXPECT_NEAR(binomial_at_least(2, 3, 0.2), 3 * 0.04 * 0.8 + 0.008, 1e-14);
}

// The limits solve P(X >= k | low) = P(X <= k | high) = 0.025; without a miss they have closed forms.
TEST(ClopperPearson, SolvesItsDefinition) {
  const Interval some = clopper_pearson(7, 20);
  EXPECT_NEAR(binomial_at_least(7, 20, some.low), 0.025, 1e-12);
  EXPECT_NEAR(1 - binomial_at_least(8, 20, some.high), 0.025, 1e-12);
  EXPECT_NEAR(some.low, 0.153909, 1e-6);
  EXPECT_NEAR(some.high, 0.592189, 1e-6);
  const Interval all = clopper_pearson(10, 10), none = clopper_pearson(0, 10);
  EXPECT_NEAR(all.low, std::pow(0.025, 0.1), 1e-12);
  EXPECT_EQ(all.high, 1);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 1 - std::pow(0.025, 0.1), 1e-12);
  EXPECT_THROW(clopper_pearson(11, 10), ConfigError);
  EXPECT_THROW(clopper_pearson(0, 0), ConfigError);
  EXPECT_THROW(clopper_pearson(1, 2, 1), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
