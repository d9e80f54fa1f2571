#include "study/class_nearness.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace ganymede::study {
namespace {

data::Dataset pictures(std::vector<float> values, std::vector<std::int32_t> labels, std::vector<std::string> names) {
  data::Dataset set;
  set.images = Tensor::of<float>({static_cast<std::int64_t>(labels.size()), 1, 1, 1}, values);
  set.labels = std::move(labels);
  set.class_names = std::move(names);
  return set;
}

// Pictures of one pixel: A is always 0, B 1, C -1 or 1 (mean 0, variance 1).
TEST(ClassNearness, IsTheRootMeanSquareDifferenceByHand) {
  const auto near = class_nearness(pictures({0, 0, 1, 1, -1, 1}, {0, 0, 1, 1, 2, 2}, {"A", "B", "C"}));
  ASSERT_EQ(near.size(), 3U);
  EXPECT_DOUBLE_EQ(near[0].pictures, 1);                       // 1 to B, sqrt(0 + 1) to C
  EXPECT_DOUBLE_EQ(near[0].means, 0.5);                        // 1 to B, 0 to C
  EXPECT_DOUBLE_EQ(near[1].pictures, (1 + std::sqrt(2)) / 2);  // 1 to A, sqrt(1 + 1) to C
  EXPECT_EQ(near[0].nearest_of, (std::vector<std::int32_t>{1, 2}));
  EXPECT_TRUE(near[2].nearest_of.empty());
}

TEST(ClassNearness, WantsClassesWithSamples) {
  EXPECT_THROW(class_nearness(pictures({0, 0}, {0, 0}, {"A", "B"})), DataError);
  EXPECT_THROW(class_nearness(pictures({0, 0}, {0, 0}, {"A"})), DataError);
}

}  // namespace
}  // namespace ganymede::study
