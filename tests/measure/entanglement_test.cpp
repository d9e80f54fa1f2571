#include "measure/entanglement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "measure/linear_model.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;

double times(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(LeastSquares, FindsThePlaneThatMadeTheScores) {
  const FeatureMatrix z = gaussian(200, 3, 1);
  std::vector<std::vector<double>> scores(2);
  for (std::int64_t i = 0; i < 200; ++i) {
    const auto row = z.view().row(i);
    scores[0].push_back(2.0 * row[0] - 0.5 * row[2] + 7);
    scores[1].push_back(row[1]);
  }
  const auto models = least_squares(z, scores);
  EXPECT_NEAR(models[0].weights[0], 2, 1e-9);
  EXPECT_NEAR(models[0].weights[1], 0, 1e-9);
  EXPECT_NEAR(models[0].weights[2], -0.5, 1e-9);
  EXPECT_NEAR(models[0].intercept, 7, 1e-9);
  EXPECT_NEAR(models[1].weights[1], 1, 1e-9);
  EXPECT_NEAR(models[0].at(z.view().row(5)), scores[0][5], 1e-9);
}

TEST(LeastSquares, APointThatCountsTwiceIsAsGoodAsTwo) {
  const FeatureMatrix z = gaussian(6, 1, 2);
  const std::vector<std::vector<double>> scores{{1, 4, 2, 8, 5, 7}};
  const std::vector<std::int64_t> twice{0, 1, 1, 2, 3, 4, 5};  // rows of the longer set
  std::vector<std::vector<double>> longer(1);
  for (const std::int64_t i : twice) longer[0].push_back(scores[0][static_cast<std::size_t>(i)]);
  const LinearModel a = least_squares(z, scores, std::vector<std::int64_t>{1, 2, 1, 1, 1, 1})[0];
  const LinearModel b = least_squares(gather(z, twice), longer)[0];
  EXPECT_NEAR(a.weights[0], b.weights[0], 1e-12);
  EXPECT_NEAR(a.intercept, b.intercept, 1e-12);
}

TEST(LeastSquares, WantsMorePointsThanCoordinatesAndIgnoresWhatDoesNotVary) {
  const std::vector<std::vector<double>> scores{{1, 2, 3}};
  EXPECT_THROW(least_squares(gaussian(3, 2, 1), scores), DataError);
  EXPECT_THROW(least_squares(gaussian(4, 2, 1), scores), ShapeError);
  const FeatureMatrix z{.values = {0, 9, 1, 9, 2, 9, 3, 9}, .dim = 2};
  const LinearModel model = least_squares(z, std::vector<std::vector<double>>{{0, 2, 4, 6}})[0];
  EXPECT_NEAR(model.weights[0], 2, 1e-12);
  EXPECT_EQ(model.weights[1], 0);
}

TEST(Explained, IsOneOfTheTruthZeroOfTheMeanAndByHand) {
  const std::vector<double> measured{1, 2, 3, 4};
  EXPECT_EQ(explained(measured, measured).value, 1);
  EXPECT_EQ(explained(measured, std::vector<double>(4, 2.5)).value, 0);
  const Explained found = explained(measured, std::vector<double>{1, 2, 3, 5});
  EXPECT_DOUBLE_EQ(found.value, 0.8);
  EXPECT_LE(found.interval.low, 0.8);
  EXPECT_GE(found.interval.high, 0.8);
  EXPECT_TRUE(std::isnan(
      explained(std::vector<double>{2, 2}, measured.size() > 2 ? std::vector<double>{1, 3} : std::vector<double>{})
          .value));
}

const Normals kSlanted{{1, 0, 0}, {0.6, 0.8, 0}, {0, 0, 1}};

TEST(Entanglement, CovarianceIsLambdaNNLambda) {
  EXPECT_EQ(cosines_of({{1, 0}, {0.6, 0.8}}), (std::vector<double>{1, 0.6, 0.6, 1}));
  const auto sigma = model_covariance({{1, 0}, {0.6, 0.8}}, std::vector<double>{2, 10}, 0.5);
  EXPECT_NEAR(sigma[0], 2, 1e-12);
  EXPECT_NEAR(sigma[1], 6, 1e-12);
  EXPECT_NEAR(sigma[2], 6, 1e-12);
  EXPECT_NEAR(sigma[3], 50, 1e-12);
  EXPECT_THROW(model_covariance({{1, 0}}, {}), ShapeError);
}

TEST(Entanglement, OfScoresThatAreLinearModelAndMeasureAgree) {
  const std::int64_t n = 20000;
  const FeatureMatrix z = gaussian(n, 3, 5);
  const std::vector<double> slopes{1, 2, 0.5};
  std::vector<std::vector<double>> scores(3);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::size_t a = 0; a < 3; ++a) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += kSlanted[a][k] * z.view().row(i)[k];
      scores[a].push_back(slopes[a] * sum);
    }
  }
  const auto measured = covariance_of(scores), model = model_covariance(kSlanted, slopes);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(measured[i], model[i], 0.1) << i;
}

TEST(Entanglement, TheShareOffTheDiagonalByHand) {
  EXPECT_EQ(off_diagonal_share(std::vector<double>{3, 0, 0, 5}, 2), 0);
  EXPECT_EQ(off_diagonal_share(std::vector<double>{1, 1, 1, 1}, 2), 0.5);
  EXPECT_DOUBLE_EQ(off_diagonal_share(std::vector<double>{1, -0.5, -0.5, 1}, 2), 0.2);
  EXPECT_TRUE(std::isnan(off_diagonal_share(std::vector<double>(4), 2)));
  const LargestCosine found = largest_cosine({{1, 0}, {0, 1}, {-0.8, 0.6}});
  EXPECT_EQ(found.first, 0);
  EXPECT_EQ(found.second, 2);
  EXPECT_DOUBLE_EQ(found.value, -0.8);
  EXPECT_THROW(largest_cosine({{1, 0}}), DataError);
}

TEST(Entanglement, AProjectedDirectionLeavesTheOthersAlone) {
  const ProjectedDirection found = projected(kSlanted[1], {kSlanted[0], kSlanted[2]});
  EXPECT_NEAR(found.left, 0.8, 1e-12);
  EXPECT_NEAR(found.direction[1], 1, 1e-12);
  EXPECT_NEAR(times(found.direction, kSlanted[0]), 0, 1e-12);
  EXPECT_NEAR(times(found.direction, found.direction), 1, 1e-12);
  EXPECT_EQ(projected(kSlanted[0], {}).direction, kSlanted[0]);
  // The same other twice is one; a normal within the span of the others has nothing left.
  EXPECT_NEAR(projected(kSlanted[1], {kSlanted[0], kSlanted[0]}).left, 0.8, 1e-12);
  EXPECT_TRUE(projected({kSlanted[1]}, {{1, 0, 0}, {0, 1, 0}}).direction.empty());
}

TEST(Entanglement, TheOrthogonalisedSetIsOrthonormalAndTreatsAllAlike) {
  const Normals set = orthogonalised(kSlanted);
  ASSERT_EQ(set.size(), 3U);
  const auto products = cosines_of(set);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(products[i], i % 4 == 0 ? 1 : 0, 1e-12);
  EXPECT_NEAR(times(set[0], kSlanted[0]), times(set[1], kSlanted[1]), 1e-12) << "neither comes first";
  EXPECT_NEAR(set[2][2], 1, 1e-12);
  EXPECT_TRUE(orthogonalised({{1, 0}, {0, 1}, {0.6, 0.8}}).empty()) << "three in a plane";
  EXPECT_TRUE(orthogonalised({{1, 0}, {1, 0}}).empty());
}

}  // namespace
}  // namespace ganymede::measure
