#include "measure/agreement.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

TEST(Agreement, IsOneWhereAllSayTheSameOfEachThing) {
  const Agreement found = agreement(Counts{{3, 0}, {0, 3}, {3, 0}});
  EXPECT_EQ(found.items, 3);
  EXPECT_EQ(found.pairs, 9);
  EXPECT_EQ(found.share, 1);
  EXPECT_EQ(found.kappa, 1);
}

TEST(Agreement, OfTwoPeopleIsScottsPi) {
  // 10 things: both left 4, both right 3, different 3. P = 0.7, p = (11, 9) / 20, P_e = 0.505.
  Counts counts(4, {2, 0});
  counts.insert(counts.end(), 3, {0, 2});
  counts.insert(counts.end(), 3, {1, 1});
  const Agreement found = agreement(counts);
  EXPECT_EQ(found.pairs, 10);
  EXPECT_NEAR(found.share, 0.7, 1e-15);
  EXPECT_NEAR(found.kappa, (0.7 - 0.505) / (1 - 0.505), 1e-15);
}

TEST(Agreement, IsFleissExample) {
  // Fleiss' kappa of 14 raters, 10 subjects, 5 categories: P = 0.378, P_e = 0.213, kappa = 0.210.
  const Counts counts{{0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
                      {7, 7, 0, 0, 0},  {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}};
  const Agreement found = agreement(counts);
  EXPECT_EQ(found.items, 10);
  EXPECT_EQ(found.pairs, 910);
  EXPECT_NEAR(found.share, 0.378, 5e-4);
  EXPECT_NEAR(found.kappa, 0.210, 5e-4);
}

TEST(Agreement, IsBelowChanceWhereAllDisagree) {
  const Agreement found = agreement(Counts{{1, 1}, {1, 1}});
  EXPECT_EQ(found.share, 0);
  EXPECT_EQ(found.kappa, -1);
}

TEST(Agreement, PassesOverWhatOneAloneAnsweredAndCountsPairs) {
  const Agreement found = agreement(Counts{{1, 0}, {0, 0}, {2, 1}, {0, 2}});
  EXPECT_EQ(found.items, 2);
  EXPECT_EQ(found.pairs, 4);
  EXPECT_EQ(found.share, 0.5);  // (2 + 2) of (6 + 2) ordered pairs
  EXPECT_NEAR(found.kappa, (0.5 - 0.52) / 0.48, 1e-15);
}

TEST(Agreement, CannotBeToldWithoutPairsOrWithoutADifference) {
  EXPECT_TRUE(std::isnan(agreement({}).share));
  EXPECT_TRUE(std::isnan(agreement(Counts{{1, 0}, {0, 1}}).kappa));
  const Agreement same = agreement(Counts{{2, 0}, {3, 0}});
  EXPECT_EQ(same.share, 1);
  EXPECT_TRUE(std::isnan(same.kappa)) << "chance alone would give the same";
}

TEST(Agreement, RefusesWhatIsNoTable) {
  EXPECT_THROW(agreement(Counts{{1, 0}, {1}}), ShapeError);
  EXPECT_THROW(agreement(Counts{{1, -1}}), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
