#include "measure/subsamples.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "base/error.hpp"
#include "measure/distributions.hpp"
#include "measure/pair_tiles.hpp"

namespace ganymede::measure {
namespace {

/// A bit for each subset.
using Subsets = std::uint64_t;
static_assert(kSubsamples == 64);

/// Neighbours that are kept of a sample: its k-th one within a subset is among them but for about 1 of 10^9.
constexpr std::int64_t kKept = 64;

/// The subsets that each of `count` samples belongs to.
std::vector<Subsets> draw_subsets(std::int64_t count, const Random& random) {
  std::vector<Subsets> subsets(static_cast<std::size_t>(count));
  for (std::uint32_t h = 0; h < kSubsamples; ++h) {
    for (const std::int64_t i : subset(count, subsample_of(count), random, h)) {
      subsets[static_cast<std::size_t>(i)] |= Subsets{1} << h;
    }
  }
  return subsets;
}

struct Side {
  const Features& rows;
  PackedFeatures packed;
  std::vector<Subsets> subsets;

  Side(const Features& features, std::uint64_t seed, const char* stream)
      : rows(features), packed(features), subsets(draw_subsets(features.count(), Random(seed, stream))) {}
};

struct Sides {
  Side real, fake;

  Sides(const RealAndFake& sets, std::uint64_t seed)
      : real(sets.real, seed, "measure.subsamples.real"), fake(sets.fake, seed, "measure.subsamples.fake") {}
};

/// Squared distance of every row to its k-th nearest column within each subset, [N, 64]; infinite where it holds no
/// k of the nearest. No sample of one side is its own neighbour.
std::vector<double> radii_of(const Side& rows, const Side& columns, std::int64_t k, ThreadPool& pool) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  struct Radii {
    double squared = kFar;
    std::int64_t index = -1;
  };
  const bool within = &rows == &columns;
  const std::int64_t kept = std::min(kKept, columns.packed.count());
  std::vector<Radii> nearest(static_cast<std::size_t>(rows.packed.count() * kept));
  for_each_distance_tile(rows.rows, rows.packed, columns.packed, pool, [&](const Tile& tile, int) {
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      const auto row = tile.row(i);
      const std::int64_t x = tile.first_row + i;
      Radii* best = nearest.data() + x * kept;
      for (std::int64_t j = 0; j < tile.columns; ++j) {
        const double d = row[static_cast<std::size_t>(j)];
        if (d >= best[kept - 1].squared || (within && tile.first_column + j == x)) continue;
        std::int64_t at = kept - 1;
        for (; at > 0 && d < best[at - 1].squared; --at) best[at] = best[at - 1];
        best[at] = {d, tile.first_column + j};
      }
    }
  });
  std::vector<double> radii(static_cast<std::size_t>(rows.packed.count() * kSubsamples), kFar);
  pool.run(rows.packed.count(), [&](std::int64_t x, int) {
    for (int h = 0; h < kSubsamples; ++h) {
      std::int64_t found = 0;
      for (std::int64_t i = 0; i < kept && found < k; ++i) {
        const Radii& one = nearest[static_cast<std::size_t>(x * kept + i)];
        if (one.index < 0 || (columns.subsets[static_cast<std::size_t>(one.index)] >> h & 1U) == 0) continue;
        if (++found == k) radii[static_cast<std::size_t>(x * kSubsamples + h)] = one.squared;
      }
    }
  });
  return radii;
}

/// The share of the samples of each subset whose bit is set.
std::vector<double> shares_of(const std::vector<Subsets>& holds, const Side& side) {
  std::vector<double> shares;
  for (int h = 0; h < kSubsamples; ++h) {
    const auto held = std::ranges::count_if(holds, [h](Subsets bits) { return (bits >> h & 1U) != 0; });
    shares.push_back(static_cast<double>(held) / static_cast<double>(subsample_of(side.packed.count())));
  }
  return shares;
}

double spread_reach(std::vector<double> values, double (*scale)(double), double level) {
  std::ranges::transform(values, values.begin(), scale);
  return student_quantile((1 + level) / 2, static_cast<double>(values.size() - 1)) * deviation_of(values, 1) *
         std::sqrt(2.0 / 3);
}

double angle_of(double share) {
  return std::asin(std::sqrt(share));
}

}  // namespace

std::vector<ManifoldScores> manifold_of_subsamples(const RealAndFake& sets, std::int64_t k, std::uint64_t seed,
                                                   ThreadPool& pool, Ball ball) {
  constexpr const char* kWhere = "precision, recall, density, coverage";
  check(sets, 2, kWhere);
  const std::int64_t n = sets.real.count(), m = sets.fake.count();
  if (k < 1 || k >= subsample_of(std::min(n, m))) {
    fail<ConfigError>("{}: wanted k from 1 to less than two fifths of the smaller set ({}), found {}", kWhere,
                      std::min(n, m), k);
  }
  const Sides sides(sets, seed);
  const auto radii = [&](const Side& side) { return radii_of(side, side, k, pool); };
  const std::vector<double> real_radii = radii(sides.real), fake_radii = radii(sides.fake);
  // Beyond the largest of its radii a sample's ball holds nothing in any subset: nearly every pair.
  const auto largest = [](const std::vector<double>& all) {
    std::vector<double> most;
    for (auto at = all.begin(); at != all.end(); at += kSubsamples)
      most.push_back(*std::max_element(at, at + kSubsamples));
    return most;
  };
  const std::vector<double> real_most = largest(real_radii), fake_most = largest(fake_radii);
  const auto inside = [ball](double d, double r) { return ball == Ball::open ? d < r : d <= r; };

  std::vector<Subsets> covered(static_cast<std::size_t>(n)), in_fake(static_cast<std::size_t>(n));
  // Whole numbers, so that the order in which workers add does not show.
  std::vector<std::vector<std::int32_t>> balls(static_cast<std::size_t>(pool.size()),
                                               std::vector<std::int32_t>(static_cast<std::size_t>(m * kSubsamples)));
  for_each_distance_tile(sets.real, sides.real.packed, sides.fake.packed, pool, [&](const Tile& tile, int worker) {
    auto& at_fake = balls[static_cast<std::size_t>(worker)];
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      const auto x = static_cast<std::size_t>(tile.first_row + i);
      const auto row = tile.row(i);
      for (std::size_t j = 0; j < row.size(); ++j) {
        const auto y = static_cast<std::size_t>(tile.first_column) + j;
        const bool near_real = inside(row[j], real_most[x]), near_fake = inside(row[j], fake_most[y]);
        if (!near_real && !near_fake) continue;
        const Subsets both = sides.real.subsets[x] & sides.fake.subsets[y];
        for (std::size_t h = 0; h < kSubsamples; ++h) {
          if ((both >> h & 1U) == 0) continue;
          if (near_real && inside(row[j], real_radii[x * kSubsamples + h])) {
            ++at_fake[y * kSubsamples + h];
            covered[x] |= Subsets{1} << h;
          }
          if (near_fake && inside(row[j], fake_radii[y * kSubsamples + h])) in_fake[x] |= Subsets{1} << h;
        }
      }
    }
  });
  for (std::size_t w = 1; w < balls.size(); ++w) {
    std::transform(balls[w].begin(), balls[w].end(), balls[0].begin(), balls[0].begin(), std::plus<>());
  }
  const std::vector<double> coverage = shares_of(covered, sides.real), recall = shares_of(in_fake, sides.real);
  std::vector<ManifoldScores> out;
  const auto each = static_cast<double>(subsample_of(m));
  for (std::size_t h = 0; h < kSubsamples; ++h) {
    std::int64_t held = 0, sum = 0;
    for (std::size_t y = h; y < balls[0].size(); y += kSubsamples) {
      held += balls[0][y] > 0 ? 1 : 0;
      sum += balls[0][y];
    }
    out.push_back({.precision = static_cast<double>(held) / each,
                   .recall = recall[h],
                   .density = static_cast<double>(sum) / static_cast<double>(k) / each,
                   .coverage = coverage[h]});
  }
  return out;
}

std::vector<double> one_nn_of_subsamples(const RealAndFake& sets, std::uint64_t seed, ThreadPool& pool) {
  check(sets, 5, "leave_one_out_1nn");
  const Sides sides(sets, seed);
  std::vector<double> right(kSubsamples);
  const auto judge = [&](const Side& own, const Side& other) {
    const std::vector<double> same = radii_of(own, own, 1, pool), across = radii_of(own, other, 1, pool);
    for (std::size_t i = 0; i < own.subsets.size(); ++i) {
      for (std::size_t h = 0; h < kSubsamples; ++h) {
        if ((own.subsets[i] >> h & 1U) == 0) continue;
        const double a = same[i * kSubsamples + h], b = across[i * kSubsamples + h];
        right[h] += a < b ? 1 : a == b ? 0.5 : 0;
      }
    }
  };
  judge(sides.real, sides.fake);
  judge(sides.fake, sides.real);
  const auto all = static_cast<double>(subsample_of(sets.real.count()) + subsample_of(sets.fake.count()));
  for (double& v : right) v /= all;
  return right;
}

Interval share_interval(double value, std::span<const double> subsets, std::int64_t count, double level) {
  const double reach = spread_reach({subsets.begin(), subsets.end()}, angle_of, level), middle = angle_of(value);
  const auto share_at = [](double angle) {
    return std::pow(std::sin(std::clamp(angle, 0.0, std::numbers::pi / 2)), 2);
  };
  // Subsets that all agree (every fake among the reals, or none) show no spread, and yet prove no certainty.
  if (reach == 0) return clopper_pearson(value * static_cast<double>(count), count, level);
  return {share_at(middle - reach), share_at(middle + reach)};
}

Interval count_interval(double value, std::span<const double> subsets, double level) {
  const double reach = spread_reach(
      {subsets.begin(), subsets.end()}, [](double v) { return std::sqrt(v); }, level);
  const double middle = std::sqrt(value);
  return {std::pow(std::max(0.0, middle - reach), 2), std::pow(middle + reach, 2)};
}

}  // namespace ganymede::measure
