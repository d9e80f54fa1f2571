#include "measure/axis_shares.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ganymede::measure {
namespace {

TEST(ShareOfBestAxis, IsOneForAxesOfTheirOwnAndAHalfForADiagonal) {
  std::vector<float> z, own, turned;
  for (int i = -3; i <= 3; ++i) {
    for (int j = -3; j <= 3; ++j) {
      const auto a = static_cast<float>(i), b = static_cast<float>(j);
      z.insert(z.end(), {a, b});
      own.insert(own.end(), {3 * b + 1, -a});
      turned.insert(turned.end(), {a + b, a - b});
    }
  }
  EXPECT_NEAR(share_of_best_axis({z, 2}, {own, 2}), 1, 1e-12);
  EXPECT_NEAR(share_of_best_axis({z, 2}, {turned, 2}), 0.5, 1e-12);
  EXPECT_NEAR(shares_of_axes({z, 2}, {own, 2})[0][1], 1, 1e-12);
  EXPECT_NEAR(shares_of_axes({z, 2}, {own, 2})[0][0], 0, 1e-12);
  EXPECT_THROW(share_of_best_axis({std::span(z).first(90), 3}, {own, 2}), ShapeError);
}

TEST(ShareOfBestAxis, IsNothingOfWhatDoesNotVary) {
  const std::vector<float> z = {1, 2, 3}, still = {5, 5, 5};
  EXPECT_EQ(share_of_best_axis({z, 1}, {still, 1}), 0);
  EXPECT_EQ(share_of_best_axis({still, 1}, {z, 1}), 0);
}

}  // namespace
}  // namespace ganymede::measure
