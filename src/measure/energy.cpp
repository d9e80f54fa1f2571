#include "measure/energy.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include "measure/pair_tiles.hpp"

namespace ganymede::measure {
namespace {

// A block of rows is one task: its sum has one order, and so have the sums of the blocks. A row's distance to itself
// is exactly 0.
double sum_of_distances(const Features& rows, const Features& columns, ThreadPool& pool) {
  const PackedFeatures packed_rows(rows), packed(columns);
  std::vector<double> sums(static_cast<std::size_t>(packed_rows.panels()));
  for_each_distance_tile(rows, packed_rows, packed, pool, [&](const Tile& tile, int) {
    double& sum = sums[static_cast<std::size_t>(tile.first_row / kTile)];
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      for (const double squared : tile.row(i)) sum += std::sqrt(squared);
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

double mean_within(const Features& rows, ThreadPool& pool) {
  const auto n = static_cast<double>(rows.count());
  return sum_of_distances(rows, rows, pool) / (n * (n - 1));
}

}  // namespace

MeanDistances mean_distances(const RealAndFake& sets, ThreadPool& pool) {
  check(sets, 2, "mean_distances");
  const double pairs = static_cast<double>(sets.real.count()) * static_cast<double>(sets.fake.count());
  return {.between = sum_of_distances(sets.real, sets.fake, pool) / pairs,
          .real = mean_within(sets.real, pool),
          .fake = mean_within(sets.fake, pool)};
}

}  // namespace ganymede::measure
