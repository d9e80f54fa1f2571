#include "measure/separability.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

TEST(ConditionalEntropy, HasTheValuesByHand) {
  EXPECT_EQ(conditional_entropy_bits({.5, 0, 0, .5}), 0);
  EXPECT_EQ(conditional_entropy_bits({.25, .25, .25, .25}), 1);
  EXPECT_NEAR(conditional_entropy_bits({.4, .1, .1, .4}), .7219281, 5e-8);
  EXPECT_NEAR(std::exp2(conditional_entropy_bits({.4, .1, .1, .4})), 1.6493849, 5e-8);
  EXPECT_NEAR(conditional_entropy_bits({.5, .1, 0, .4}), .3900135, 5e-8);
  EXPECT_NEAR(std::exp2(conditional_entropy_bits({.5, .1, 0, .4})), 1.3104056, 5e-8);
  EXPECT_EQ(conditional_entropy_bits({50, 0, 0, 50}), 0);  // counts do as well
}

TEST(SeparatingHyperplane, FindsTheNormalThatMadeTheLabels) {
  const FeatureMatrix z = gaussian(2000, 3, 1);
  std::vector<std::uint8_t> positive;
  for (std::int64_t i = 0; i < 2000; ++i) {
    const auto row = z.view().row(i);
    positive.push_back(.6F * row[0] - .8F * row[2] + .3F > 0 ? 1 : 0);
  }
  const Hyperplane plane = separating_hyperplane(z, positive);
  EXPECT_GT(plane.accuracy, .99);
  EXPECT_NEAR(plane.normal[0], .6, .03);
  EXPECT_NEAR(plane.normal[1], 0, .03);
  EXPECT_NEAR(plane.normal[2], -.8, .03);
  EXPECT_NEAR(plane.offset, .3, .05);
  EXPECT_NEAR(std::hypot(plane.normal[0], plane.normal[1], plane.normal[2]), 1, 1e-12);
  EXPECT_EQ(separating_hyperplane(z, positive).normal, plane.normal);
}

TEST(SeparatingHyperplane, PointsToThePositiveSideWhicheverComesFirst) {
  for (const std::uint8_t first : {std::uint8_t{0}, std::uint8_t{1}}) {
    const float side = first != 0 ? 1 : -1;
    const auto other = static_cast<std::uint8_t>(1 - first);
    const Hyperplane plane = separating_hyperplane(rows(1, {side, -side, 2 * side, -2 * side}),
                                                   std::vector<std::uint8_t>{first, other, first, other});
    EXPECT_NEAR(plane.normal[0], 1, 1e-12);
    EXPECT_EQ(plane.accuracy, 1);
  }
}

TEST(SeparatingHyperplane, RejectsOneKindAlone) {
  EXPECT_THROW(separating_hyperplane(rows(1, {0, 1}), std::vector<std::uint8_t>{1, 1}), DataError);
  EXPECT_THROW(separating_hyperplane(rows(1, {0, 1}), std::vector<std::uint8_t>{1}), ShapeError);
  EXPECT_THROW(separating_hyperplane(rows(1, {0, 1}), std::vector<std::uint8_t>{1, 0}, -1), ConfigError);
}

TEST(LinearSeparability, IsNearOneForLinearAttributesAndNearTwoForNoise) {
  const FeatureMatrix z = gaussian(4000, 4, 1), noise = gaussian(4000, 1, 2);
  FeatureMatrix linear{.dim = 1}, random{.dim = 1}, both{.dim = 2};
  for (std::int64_t i = 0; i < 4000; ++i) {
    const float p = 1 / (1 + std::exp(-3 * z.view().row(i)[1])),
                q = 1 / (1 + std::exp(-noise.values[static_cast<std::size_t>(i)]));
    linear.values.push_back(p);
    random.values.push_back(q);
    both.values.insert(both.values.end(), {p, q});
  }
  const double easy = linear_separability(z, linear).score, hard = linear_separability(z, random).score;
  EXPECT_LT(easy, 1.05);
  EXPECT_GT(hard, 1.95);
  EXPECT_LE(hard, 2);
  const LinearSeparability two = linear_separability(z, both);
  EXPECT_NEAR(two.score, easy * hard, 1e-9);
  EXPECT_EQ(
      two.attributes[0].table[0] + two.attributes[0].table[1] + two.attributes[0].table[2] + two.attributes[0].table[3],
      2000);
}

TEST(LinearSeparability, SaysWhereThereIsNothingToSeparate) {
  const LinearSeparability found = linear_separability(rows(1, {0, 1, 2, 3}), rows(1, {.9F, .8F, .9F, .7F}), 1);
  EXPECT_EQ(found.score, 1);
  EXPECT_TRUE(found.attributes[0].one_kind);
  EXPECT_THROW(linear_separability(rows(1, {0, 1}), rows(1, {.1F, .9F}), 0), ConfigError);
  EXPECT_THROW(linear_separability(rows(1, {0, 1}), rows(1, {.1F, .9F, .3F}), 1), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
