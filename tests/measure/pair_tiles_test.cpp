#include "measure/pair_tiles.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;

double plain_distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
  return sum;
}

std::vector<double> all_distances(const Features& a, const Features& b, int threads) {
  ThreadPool pool(threads);
  std::vector<double> out(static_cast<std::size_t>(a.count() * b.count()), -1);
  for_each_distance_tile(a, PackedFeatures(a), PackedFeatures(b), pool, [&](const Tile& tile, int) {
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      const auto row = tile.row(i);
      std::copy(row.begin(), row.end(), out.begin() + (tile.first_row + i) * b.count() + tile.first_column);
    }
  });
  return out;
}

TEST(DistanceTiles, EqualAPlainLoopForOddSizes) {
  for (const auto& [n, m, dim] :
       std::vector<std::array<std::int64_t, 3>>{{1, 1, 1}, {63, 65, 3}, {130, 64, 70}, {5, 200, 129}}) {
    const FeatureMatrix a = gaussian(n, dim, 1, 3), b = gaussian(m, dim, 2);
    const auto found = all_distances(a, b, 2);
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j < m; ++j) {
        const double wanted = plain_distance(a.view().row(i), b.view().row(j));
        // Float32 products of |x| |y| about 10 dim, in pieces of 64: some 1e-6 of that.
        ASSERT_NEAR(found[static_cast<std::size_t>(i * m + j)], wanted, 1e-5 * static_cast<double>(dim))
            << i << ' ' << j;
      }
    }
  }
}

TEST(DistanceTiles, GiveZeroForCopiesAndOneValueForBothOrders) {
  const FeatureMatrix a = gaussian(150, 77, 1, 5);
  const auto found = all_distances(a, a, 2);
  for (std::size_t i = 0; i < 150; ++i) {
    ASSERT_EQ(found[i * 150 + i], 0);
    for (std::size_t j = 0; j < i; ++j) ASSERT_EQ(found[i * 150 + j], found[j * 150 + i]);
  }
}

TEST(DistanceTiles, DoNotDependOnTheNumberOfThreads) {
  const FeatureMatrix a = gaussian(300, 100, 1), b = gaussian(200, 100, 2);
  const auto one = all_distances(a, b, 1);
  EXPECT_EQ(one, all_distances(a, b, 2));
  EXPECT_EQ(one, all_distances(a, b, 3));
}

TEST(DistanceTiles, OfTenThousandTimesTenThousandTakeAFewSecondsSlow) {
  const FeatureMatrix a = gaussian(10000, 128, 1), b = gaussian(10000, 128, 2);
  ThreadPool pool(2);
  std::vector<double> nearest(10000, 1e9);
  const auto start = std::chrono::steady_clock::now();
  for_each_distance_tile(a, PackedFeatures(a), PackedFeatures(b), pool, [&](const Tile& tile, int) {
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      double& least = nearest[static_cast<std::size_t>(tile.first_row + i)];
      for (const double d : tile.row(i)) least = std::min(least, d);
    }
  });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  RecordProperty("milliseconds", static_cast<int>(1000 * seconds));
  std::printf("%.2f s\n", seconds);
  EXPECT_LT(seconds, 30);  // about 1 s on two free cores; wide, since a test machine may be busy
  EXPECT_NEAR(nearest[0], plain_distance(a.view().row(0), b.view().row(0)), 200);
}

}  // namespace
}  // namespace ganymede::measure
