#include "measure/inception_score.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::rows;

/// Logits 100 e_c, ten rows a class, sorted by class.
FeatureMatrix ten_sorted_classes() {
  FeatureMatrix logits{.values = std::vector<float>(1000), .dim = 10};
  for (std::size_t i = 0; i < 100; ++i) logits.values[i * 10 + i / 10] = 100;
  return softmax(logits);
}

TEST(InceptionScore, IsTheNumberOfClassesForSureBalancedOnes) {
  EXPECT_NEAR(inception_score(ten_sorted_classes(), {.splits = 1}).value, 10, 1e-9);
}

TEST(InceptionScore, OfSortedClassesNeedsTheShuffle) {
  const FeatureMatrix sorted = ten_sorted_classes();
  EXPECT_NEAR(inception_score(sorted, {.splits = 10, .shuffle = false}).value, 1, 1e-9);
  EXPECT_GT(inception_score(sorted, {.splits = 10}).value, 4);
}

TEST(InceptionScore, HasTheValuesOfItsFormula) {
  EXPECT_NEAR(inception_score(softmax(rows(3, {0, 0, 0, 0, 0, 0})), {.splits = 1}).value, 1, 1e-7);
  // Probabilities are float32: 1e-7 of each.
  EXPECT_NEAR(inception_score(rows(2, {.9F, .1F, .1F, .9F}), {.splits = 1}).value, 1.4449348112, 1e-6);
  EXPECT_NEAR(inception_score(rows(3, {.7F, .2F, .1F, .1F, .7F, .2F, .2F, .1F, .7F}), {.splits = 1}).value, 1.3455377,
              1e-6);
}

TEST(InceptionScore, OfOneSplitHasNoInterval) {
  const auto found = inception_score(rows(2, {.9F, .1F, .1F, .9F}), {.splits = 1});
  EXPECT_EQ(found.deviation, 0);
  EXPECT_TRUE(std::isnan(found.interval.low));
  EXPECT_TRUE(std::isnan(found.interval.high));
}

TEST(InceptionScore, RejectsLogits) {
  EXPECT_THROW(inception_score(rows(2, {3, -2, 1, 1}), {.splits = 1}), DataError);
  EXPECT_THROW(inception_score(rows(2, {.9F, .1F}), {.splits = 2}), DataError);
  EXPECT_THROW(inception_score(rows(2, {.9F, .1F}), {.splits = 0}), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
