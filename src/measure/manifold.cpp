#include "measure/manifold.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "measure/pair_tiles.hpp"

namespace ganymede::measure {
namespace {

template <class T>
double share(const std::vector<T>& values) {
  const auto held = std::count_if(values.begin(), values.end(), [](T v) { return v > 0; });
  return static_cast<double>(held) / static_cast<double>(values.size());
}

/// r_k^2 of every row. In the tiles' arithmetic, the same that the balls are asked with: a tie stays a tie.
std::vector<double> squared_radii(const Features& features, const PackedFeatures& packed, std::int64_t k,
                                  ThreadPool& pool) {
  std::vector<std::vector<double>> nearest(static_cast<std::size_t>(features.count()));
  for_each_distance_tile(features, packed, packed, pool, [&](const Tile& tile, int) {
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      auto& heap =
          nearest[static_cast<std::size_t>(tile.first_row + i)];  // the k nearest so far, the farthest in front
      const auto row = tile.row(i);
      for (std::int64_t j = 0; j < tile.columns; ++j) {
        const double d = row[static_cast<std::size_t>(j)];
        const bool full = static_cast<std::int64_t>(heap.size()) == k;
        if ((full && d >= heap.front()) || tile.first_column + j == tile.first_row + i) continue;
        if (full) {
          std::pop_heap(heap.begin(), heap.end());
          heap.pop_back();
        }
        heap.push_back(d);
        std::push_heap(heap.begin(), heap.end());
      }
    }
  });
  std::vector<double> radii(nearest.size());
  std::ranges::transform(nearest, radii.begin(), [](const auto& heap) { return heap.front(); });
  return radii;
}

}  // namespace

double Manifold::precision() const {
  return share(real_balls_at_fake);
}

double Manifold::recall() const {
  return share(real_in_fake);
}

double Manifold::density() const {
  double sum = 0;
  for (const std::int32_t balls : real_balls_at_fake) sum += balls;
  return sum / static_cast<double>(k) / static_cast<double>(real_balls_at_fake.size());
}

double Manifold::coverage() const {
  return share(real_covered);
}

Manifold compare_manifolds(const RealAndFake& sets, std::int64_t k, ThreadPool& pool, Ball ball, bool exact) {
  constexpr const char* kWhere = "precision, recall, density, coverage";
  check(sets, 2, kWhere);
  const std::int64_t n = sets.real.count(), m = sets.fake.count();
  if (k < 1 || k >= std::min(n, m)) {
    fail<ConfigError>("{}: wanted k from 1 to {} (one less than the smaller set), found {}", kWhere, std::min(n, m) - 1,
                      k);
  }
  const PackedFeatures real(sets.real, exact), fake(sets.fake, exact);
  const std::vector<double> real_radii = squared_radii(sets.real, real, k, pool),
                            fake_radii = squared_radii(sets.fake, fake, k, pool);
  const auto inside = [ball](double d, double r) { return ball == Ball::open ? d < r : d <= r; };

  Manifold out{.k = k};
  out.real_in_fake.resize(static_cast<std::size_t>(n));
  out.real_covered.resize(static_cast<std::size_t>(n));
  // Whole numbers, so that the order in which workers add does not show.
  std::vector<std::vector<std::int32_t>> balls(static_cast<std::size_t>(pool.size()),
                                               std::vector<std::int32_t>(static_cast<std::size_t>(m)));
  for_each_distance_tile(sets.real, real, fake, pool, [&](const Tile& tile, int worker) {
    auto& at_fake = balls[static_cast<std::size_t>(worker)];
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      const auto x = static_cast<std::size_t>(tile.first_row + i);
      const auto row = tile.row(i);
      for (std::size_t j = 0; j < row.size(); ++j) {
        const std::size_t y = static_cast<std::size_t>(tile.first_column) + j;
        if (inside(row[j], real_radii[x])) {
          ++at_fake[y];
          out.real_covered[x] = 1;
        }
        if (inside(row[j], fake_radii[y])) out.real_in_fake[x] = 1;
      }
    }
  });
  out.real_balls_at_fake.resize(static_cast<std::size_t>(m));
  for (const auto& part : balls) {
    std::transform(part.begin(), part.end(), out.real_balls_at_fake.begin(), out.real_balls_at_fake.begin(),
                   std::plus<>());
  }
  return out;
}

double expected_coverage(std::int64_t count_real, std::int64_t count_fake, std::int64_t k) {
  double missed = 1;
  for (std::int64_t i = 1; i <= k; ++i) {
    missed *= static_cast<double>(count_real - i) / static_cast<double>(count_fake + count_real - i);
  }
  return 1 - missed;
}

}  // namespace ganymede::measure
