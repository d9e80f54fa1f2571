#include "measure/features.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::rows;

TEST(Features, OfATensorFlattenAllButTheFirstAxis) {
  const Tensor images(DType::f32, {5, 1, 2, 3});
  const Features features = features_of(images);
  EXPECT_EQ(features.count(), 5);
  EXPECT_EQ(features.dim, 6);
  EXPECT_THROW(features_of(Tensor(DType::f64, {5, 2})), ShapeError);
  EXPECT_THROW(features_of(Tensor(DType::f32, {0, 2})), ShapeError);
}

TEST(Features, GatherTakesRowsInOrder) {
  const FeatureMatrix all = rows(2, {0, 1, 2, 3, 4, 5});
  const std::vector<std::int64_t> indices{2, 0, 2};
  EXPECT_EQ(gather(all, indices).values, (std::vector<float>{4, 5, 0, 1, 4, 5}));
  EXPECT_EQ(concatenate(all, rows(2, {9, 9})).values, (std::vector<float>{0, 1, 2, 3, 4, 5, 9, 9}));
}

TEST(SplitHalves, AreDisjointAndOfOneSize) {
  const FeatureMatrix all = rows(1, {0, 1, 2, 3, 4, 5, 6, 7, 8});
  const Halves halves = split_halves(all, 1);
  EXPECT_EQ(halves.first.count(), 4);
  EXPECT_EQ(halves.second.count(), 4);
  std::vector<float> both = concatenate(halves.first, halves.second).values;
  std::ranges::sort(both);
  EXPECT_EQ(std::ranges::adjacent_find(both), both.end());
  EXPECT_NE(split_halves(all, 2).first.values, halves.first.values);
}

TEST(Check, NamesTheSetTheSampleAndTheValue) {
  const FeatureMatrix good = rows(2, {0, 1, 2, 3}), other = rows(1, {0, 1}),
                      bad = rows(2, {0, 1, 2, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_NO_THROW(check({.real = good, .fake = good}, 2, "score"));
  EXPECT_THROW(check({.real = good, .fake = other}, 2, "score"), ShapeError);
  EXPECT_THROW(check({.real = good, .fake = good}, 3, "score"), DataError);
  EXPECT_THROW(check({.values = good.values, .dim = 3}, 1, "score", "real"), ShapeError);
  EXPECT_THROW(check({.values = good.values, .dim = 0}, 1, "score", "real"), ShapeError);
  try {
    check({.real = good, .fake = bad}, 2, "score");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(), "score: fake: value 1 of sample 1 is nan; wanted finite numbers up to 1e+15 in size");
  }
}

}  // namespace
}  // namespace ganymede::measure
