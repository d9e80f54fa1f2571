#include "measure/point_pairs.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;

TEST(PointPairs, AreThoseOfTheTiles) {
  ThreadPool pool(1);
  for (const std::int64_t dim : {1, 2, 4}) {
    for (const std::int64_t count : {2, 9, 100}) {
      const FeatureMatrix real = gaussian(count, dim, 1), fake = gaussian(count + 3, dim, 2, 0.5F);
      const RealAndFake sets{.real = real, .fake = fake};
      const PointPairs found = point_pairs(sets);
      const MeanDistances wanted = mean_distances(sets, pool);
      EXPECT_NEAR(found.distances.between, wanted.between, 1e-5);
      EXPECT_NEAR(found.distances.real, wanted.real, 1e-5);
      EXPECT_NEAR(found.distances.fake, wanted.fake, 1e-5);
      EXPECT_EQ(found.accuracy, leave_one_out_1nn(sets, pool).accuracy);
    }
  }
}

TEST(PointPairs, CountCopiesHalf) {
  const FeatureMatrix a = gaussian(10, 2, 1);
  // Every point has its copy in the other set at distance 0, nearer than any of its own.
  EXPECT_EQ(point_pairs({.real = a, .fake = a}).accuracy, 0);
  const FeatureMatrix same{.values = std::vector<float>(10, 3.0F), .dim = 2};
  EXPECT_EQ(point_pairs({.real = same, .fake = same}).accuracy, 0.5);
}

TEST(NearestPoints, AreThoseOfTheTiles) {
  ThreadPool pool(1);
  const FeatureMatrix queries = gaussian(20, 3, 1), references = gaussian(75, 3, 2);
  const Neighbours found = nearest_points(queries, references),
                   wanted = nearest_neighbours(queries, references, 1, pool);
  EXPECT_EQ(found.indices, wanted.indices);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(found.distances[i], wanted.distances[i], 1e-6);
  const Neighbours others = nearest_points(references, references, Among::others);
  EXPECT_EQ(others.indices, nearest_neighbours_within(references, 1, pool).indices);
  EXPECT_THROW(nearest_points(queries, gaussian(5, 3, 1), Among::others), ConfigError);
  EXPECT_THROW(nearest_points(queries, gaussian(5, 2, 1)), ShapeError);
}

// One lies a ten-millionth of its place away, the other ten times as far.
TEST(NearestPoints, TellsPointsThatLieClose) {
  const FeatureMatrix query{.values = {1000}, .dim = 1}, references{.values = {1000.001F, 1000.0001F}, .dim = 1};
  EXPECT_EQ(nearest_points(query, references).indices.at(0), 1);
}

}  // namespace
}  // namespace ganymede::measure
