#include "measure/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "measure/modes.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

TEST(Histogram, CountsCellsRowByRowAndWhatLiesOutsideInTheLast) {
  const HistogramBox box{.low = {0, 0}, .high = {2, 2}, .bins = 2};
  EXPECT_EQ(box.cells(), 5);
  const auto points = testing::rows(2, {.5F, .5F, .5F, 1.5F, 1.5F, .5F, 1.9F, 1.9F, 2, 1, -.1F, 1, NAN, 1});
  EXPECT_EQ(cells_of(points, box), (std::vector<std::int32_t>{0, 1, 2, 3, 4, 4, 4}));
  EXPECT_THROW(cells_of(testing::rows(1, {1}), box), ShapeError);
}

TEST(Histogram, BoxReachesATenthBeyondThePoints) {
  const HistogramBox box = box_around(testing::rows(2, {0, 5, 10, 5}), 30);
  EXPECT_NEAR(box.low[0], -1, 1e-12);
  EXPECT_NEAR(box.high[0], 11, 1e-12);
  EXPECT_LT(box.low[1], box.high[1]) << "points that are all alike";
  EXPECT_EQ(box.cells(), 901);
  EXPECT_THROW(box_around(testing::rows(1, {1}), 0), ConfigError);
  EXPECT_THROW(box_around(testing::rows(3, {1, 1, 1}), 200), ConfigError);
}

TEST(Histogram, DivergenceOfSetsApartIsLogTwo) {
  const FeatureMatrix a{.values = std::vector<float>(50, 0), .dim = 1},
      b{.values = std::vector<float>(50, 1), .dim = 1};
  const HistogramBox box = box_around(testing::rows(1, {0, 1}), 10);
  EXPECT_NEAR(class_divergence(cells_of(a, box), cells_of(b, box), box.cells()).value, std::log(2), 1e-12);
  EXPECT_EQ(class_divergence(cells_of(a, box), cells_of(a, box), box.cells()).value, 0);
}

}  // namespace
}  // namespace ganymede::measure
