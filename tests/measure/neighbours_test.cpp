#include "measure/neighbours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

TEST(NearestNeighbours, AreThoseByHand) {
  ThreadPool pool(2);
  const FeatureMatrix queries = rows(1, {0, 5}), references = rows(1, {4, 1, -1, 7});
  const Neighbours found = nearest_neighbours(queries, references, 3, pool);
  EXPECT_EQ(found.indices, (std::vector<std::int64_t>{1, 2, 0, 0, 3, 1}));  // 1 and -1 are as near: the lower index
  EXPECT_EQ(found.distances, (std::vector<double>{1, 1, 4, 1, 2, 4}));
  EXPECT_EQ(found.radius(1), 4);
}

TEST(NearestNeighbours, WithinASetLeaveOutTheSampleButNotItsCopy) {
  ThreadPool pool(2);
  const FeatureMatrix set = rows(1, {3, 0, 3, 10});
  const Neighbours found = nearest_neighbours_within(set, 1, pool);
  EXPECT_EQ(found.indices, (std::vector<std::int64_t>{2, 0, 0, 0}));
  EXPECT_EQ(found.distances, (std::vector<double>{0, 3, 0, 7}));
}

TEST(NearestNeighbours, EqualASortOfAllDistances) {
  ThreadPool pool(2);
  const FeatureMatrix a = gaussian(70, 10, 1), b = gaussian(190, 10, 2);
  const Neighbours found = nearest_neighbours(a, b, 5, pool);
  for (std::int64_t i = 0; i < 70; ++i) {
    std::vector<std::pair<double, std::int64_t>> all;
    for (std::int64_t j = 0; j < 190; ++j) {
      double d = 0;
      for (std::size_t c = 0; c < 10; ++c) d += std::pow(double{a.view().row(i)[c]} - double{b.view().row(j)[c]}, 2);
      all.emplace_back(std::sqrt(d), j);
    }
    std::ranges::sort(all);
    for (std::size_t k = 0; k < 5; ++k) {
      ASSERT_EQ(found.indices[static_cast<std::size_t>(i) * 5 + k], all[k].second);
      ASSERT_NEAR(found.distances[static_cast<std::size_t>(i) * 5 + k], all[k].first, 1e-12);
    }
  }
}

TEST(NearestNeighbours, RejectAKThatCannotBeHad) {
  ThreadPool pool(1);
  const FeatureMatrix three = rows(1, {0, 1, 2});
  EXPECT_THROW(nearest_neighbours(three, three, 4, pool), ConfigError);
  EXPECT_THROW(nearest_neighbours(three, three, 0, pool), ConfigError);
  EXPECT_THROW(nearest_neighbours_within(three, 3, pool), ConfigError);
  EXPECT_THROW(nearest_neighbours(three, rows(3, {0, 1, 2}), 1, pool), ShapeError);
}

TEST(OneNearestNeighbour, IsZeroForCopying) {
  ThreadPool pool(2);
  EXPECT_EQ(leave_one_out_1nn({.real = rows(1, {0, 10}), .fake = rows(1, {1, 11})}, pool).accuracy, 0);
  const FeatureMatrix set = gaussian(100, 8, 1);
  EXPECT_EQ(leave_one_out_1nn({.real = set, .fake = set}, pool).accuracy, 0);
}

TEST(OneNearestNeighbour, IsOneForSetsApart) {
  ThreadPool pool(2);
  const auto found = leave_one_out_1nn({.real = rows(1, {0, 1}), .fake = rows(1, {10, 11})}, pool);
  EXPECT_EQ(found.accuracy, 1);
  EXPECT_EQ(found.real_accuracy, 1);
  EXPECT_EQ(found.fake_accuracy, 1);
}

TEST(OneNearestNeighbour, CountsHalfForATie) {
  ThreadPool pool(2);
  // real 1 has real 0 and fake 2 at distance 1; real 0 has real 1; fake 2 has real 1, fake 4 has fake 2.
  const auto found = leave_one_out_1nn({.real = rows(1, {0, 1}), .fake = rows(1, {2, 4})}, pool);
  EXPECT_EQ(found.correct, (std::vector<double>{1, 0.5, 0, 1}));
}

TEST(OneNearestNeighbour, IsAboutAHalfForOneLaw) {
  ThreadPool pool(2);
  const auto found = leave_one_out_1nn({.real = gaussian(1000, 2, 1), .fake = gaussian(1000, 2, 2)}, pool);
  EXPECT_NEAR(found.accuracy, 0.5, 0.06);  // 4 deviations, counting pairs that judge each other once
}

// Half of the generator's law missing: its samples are crowded, the reals of the missing half are among themselves.
TEST(OneNearestNeighbour, ShowsAMissingHalf) {
  ThreadPool pool(2);
  FeatureMatrix fake = gaussian(500, 2, 2);
  for (std::size_t i = 0; i < fake.values.size(); i += 2) fake.values[i] = std::abs(fake.values[i]);
  EXPECT_GT(leave_one_out_1nn({.real = gaussian(500, 2, 1), .fake = fake}, pool).accuracy, 0.6);
}

}  // namespace
}  // namespace ganymede::measure
