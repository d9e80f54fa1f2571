#include "study/class_distance.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

// On a line: real 0, 2 and fake 1, 5. Between: (1 + 5 + 1 + 3) / 4 = 2.5; within: 2 and 4; 5 - 2 - 4 = -1.
TEST(ClassDistances, AreEnergyDistancesByHand) {
  const std::vector<float> real = {0, 2, 7}, fake = {1, 5, 7};
  const std::vector<std::int32_t> labels = {0, 0, 1};
  const auto d = class_distances({{real, 1}, labels}, {{fake, 1}, labels}, 3);
  ASSERT_EQ(d.size(), 3U);
  EXPECT_DOUBLE_EQ(d[0], -1);
  EXPECT_TRUE(std::isnan(d[1]));  // one sample has no pairs
  EXPECT_TRUE(std::isnan(d[2]));
}

TEST(ClassDistances, GrowWithAShiftAndSeeAClassThatIsDrawnTooNarrowly) {
  std::vector<float> real, shifted, narrow;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 40; ++i) {
    const float v = static_cast<float>(i % 8);
    real.push_back(v), shifted.push_back(v + 5), narrow.push_back(3.5F + 0.01F * v);
    labels.push_back(0);
  }
  const auto distance = [&](const std::vector<float>& fake) {
    return class_distances({{real, 1}, labels}, {{fake, 1}, labels}, 1)[0];
  };
  EXPECT_LT(distance(real), 0.1);
  EXPECT_GT(distance(shifted), 3);
  EXPECT_GT(distance(narrow), 0.5);  // the mean is right, the density is not
  EXPECT_THROW(class_distances({{real, 1}, labels}, {{real, 2}, labels}, 1), ShapeError);
}

}  // namespace
}  // namespace ganymede::study
