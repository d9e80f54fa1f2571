#include "bench/spread.hpp"

#include <gtest/gtest.h>

namespace ganymede::bench {
namespace {

TEST(Spread, QuartilesOfFiveValuesAreTheSecondAndTheFourth) {
  const Spread s = spread_of({50, 10, 40, 20, 30});
  EXPECT_EQ(s.count, 5);
  EXPECT_EQ(s.least, 10);
  EXPECT_EQ(s.lower_quartile, 20);
  EXPECT_EQ(s.median, 30);
  EXPECT_EQ(s.upper_quartile, 40);
  EXPECT_EQ(s.most, 50);
}

TEST(Spread, LiesBetweenTheValuesWhereNoneIsAtTheQuantile) {
  const Spread s = spread_of({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(s.lower_quartile, 1.75);
  EXPECT_DOUBLE_EQ(s.median, 2.5);
  EXPECT_DOUBLE_EQ(s.upper_quartile, 3.25);
}

TEST(Spread, IsTheValueItselfForOne) {
  const Spread s = spread_of({7});
  for (const double v : {s.least, s.lower_quartile, s.median, s.upper_quartile, s.most}) EXPECT_EQ(v, 7);
}

TEST(Spread, IsZeroForNone) {
  EXPECT_EQ(spread_of({}).count, 0);
  EXPECT_EQ(spread_of({}).rate(5).median, 0);
}

TEST(Spread, RatesSwapTheEnds) {
  const Spread rate = spread_of({1, 2, 4}).rate(8);
  EXPECT_EQ(rate.most, 8);
  EXPECT_EQ(rate.median, 4);
  EXPECT_EQ(rate.least, 2);
  EXPECT_GT(rate.upper_quartile, rate.lower_quartile);
}

TEST(Spread, ScalesAllOfIt) {
  const Spread s = spread_of({1, 2, 3}).times(1000);
  EXPECT_EQ(s.least, 1000);
  EXPECT_EQ(s.lower_quartile, 1500);
  EXPECT_EQ(s.median, 2000);
  EXPECT_EQ(s.most, 3000);
  EXPECT_EQ(s.count, 3);
}

}  // namespace
}  // namespace ganymede::bench
