#include "play/classifier_trainer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace ganymede::play {
namespace {

using Labels = std::vector<std::int32_t>;

TEST(MeanCrossEntropy, IsThatOfTheSoftmax) {
  const std::vector<float> logits{3, 0, 0, 0, 0, 2};
  const double first = std::log(std::exp(3.0) + 2) - 3, second = std::log(std::exp(2.0) + 2);
  EXPECT_NEAR(mean_cross_entropy(logits, Labels{0, 1}), (first + second) / 2, 1e-12);
}

TEST(MeanCrossEntropy, OfOneLogitIsBinary) {
  const std::vector<float> logits{2, -1};
  EXPECT_NEAR(mean_cross_entropy(logits, Labels{1, 1}), (std::log1p(std::exp(-2.0)) + std::log1p(std::exp(1.0))) / 2,
              1e-12);
  EXPECT_NEAR(mean_cross_entropy(std::vector<float>{0}, Labels{0}), std::log(2.0), 1e-12);
}

TEST(MeanCrossEntropy, IsNoNumberWhereALogitIsNone) {
  const float infinite = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(std::isnan(mean_cross_entropy(std::vector<float>{1, infinite}, Labels{0, 1})));
  EXPECT_TRUE(std::isnan(mean_cross_entropy(std::vector<float>{1, infinite, 0, 0}, Labels{0, 1})));
}

TEST(MeanCrossEntropy, RefusesWhatDoesNotFit) {
  const std::vector<float> logits{1, 2, 3};
  EXPECT_THROW(mean_cross_entropy(logits, Labels{0, 1}), ShapeError);
  EXPECT_THROW(mean_cross_entropy(logits, Labels{}), ShapeError);
  EXPECT_THROW(mean_cross_entropy(logits, Labels{3}), DataError);
  EXPECT_THROW(mean_cross_entropy(logits, Labels{0, 1, 2}), DataError);
}

}  // namespace
}  // namespace ganymede::play
