#include "train/point_painter.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "train/samples.hpp"

namespace ganymede::train {
namespace {

TEST(PointPainter, KnowsPointsByTheirShape) {
  EXPECT_TRUE(is_points({2, 1, 1}));
  EXPECT_FALSE(is_points({1, 28, 28}));
  EXPECT_FALSE(is_points({1, 10, 3}));
  EXPECT_FALSE(is_points({2}));
}

TEST(PointPainter, ReadsSharesOfRealFromTheLogitsOfEveryLoss) {
  const std::vector<float> logits{0, 0.5F, 2};
  EXPECT_FLOAT_EQ(shares_of_real(logits, play::Loss::non_saturating)[0], 0.5F);
  EXPECT_NEAR(shares_of_real(logits, play::Loss::non_saturating)[2], 1 / (1 + std::exp(-2)), 1e-6);
  EXPECT_FLOAT_EQ(shares_of_real(logits, play::Loss::least_squares)[1], 0.5F) << "its threshold is a half";
  const auto beside_others = shares_of_real(logits, play::Loss::wasserstein);
  EXPECT_NEAR(beside_others[2], 1 / (1 + std::exp(-(2 - 2.5 / 3))), 1e-6);
  EXPECT_TRUE(shares_of_real({}, play::Loss::wasserstein).empty());
}

TEST(PointPainter, AsksDOnceForTheWholePictureAndNotBeyondThePlane) {
  for (const int dim : {1, 2, 3}) {
    data::Dataset reals;
    reals.images = Tensor(DType::f32, {20, dim});
    for (std::size_t i = 0; i < reals.images.values<float>().size(); ++i)
      reals.images.values<float>()[i] = static_cast<float>(i % 7);
    const PointPainter painter(reals, play::Loss::non_saturating);
    int asked = 0;
    const picture::Image image = painter.draw(Tensor(DType::f32, {5, dim, 1, 1}), [&](const play::Inputs& inputs) {
      ++asked;
      EXPECT_EQ(static_cast<std::int64_t>(inputs.values.size()), inputs.count * dim);
      return Tensor(DType::f32, {inputs.count, 1});
    });
    EXPECT_EQ(asked, dim > 2 ? 0 : 1);
    EXPECT_GT(image.width(), 200);
  }
}

TEST(PointPainter, SheetsOfPointsNeedNoReals) {
  EXPECT_GT(sheet(Tensor(DType::f32, {4, 2, 1, 1})).width(), 200);
  EXPECT_GT(sheet(Tensor(DType::f32, {4, 1, 1, 1})).width(), 200);
}

}  // namespace
}  // namespace ganymede::train
