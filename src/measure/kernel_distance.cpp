#include "measure/kernel_distance.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "measure/numpy_order.hpp"
#include "measure/pair_tiles.hpp"

namespace ganymede::measure {
namespace {

enum class Diagonal { taken, left_out };

/// sums[g G + h] = sum of k(x_i, y_j) over i of group g and j of group h (i mod G, j mod G).
struct GroupSums {
  std::int64_t groups = 1;
  std::vector<double> sums;

  explicit GroupSums(std::int64_t g) : groups(g), sums(static_cast<std::size_t>(g * g)) {}
  double& at(std::int64_t g, std::int64_t h) { return sums[static_cast<std::size_t>(g * groups + h)]; }
  double total() const { return std::accumulate(sums.begin(), sums.end(), 0.0); }
  /// Without the pairs of which one belongs to group g.
  double without(std::int64_t g) const {
    double sum = 0;
    for (std::int64_t a = 0; a < groups; ++a) {
      for (std::int64_t b = 0; b < groups; ++b) {
        if (a != g && b != g) sum += sums[static_cast<std::size_t>(a * groups + b)];
      }
    }
    return sum;
  }
};

void add_tile(const Tile& tile, double dim, Diagonal diagonal, GroupSums& out) {
  for (std::int64_t i = 0; i < tile.rows; ++i) {
    const auto row = tile.row(i);
    const std::int64_t x = tile.first_row + i, g = x % out.groups;
    std::int64_t h = tile.first_column % out.groups;
    for (std::int64_t j = 0; j < tile.columns; ++j) {
      const double base = row[static_cast<std::size_t>(j)] / dim + 1;
      const bool counts = diagonal == Diagonal::taken || tile.first_column + j != x;
      if (counts) out.at(g, h) += base * base * base;
      if (++h == out.groups) h = 0;
    }
  }
}

void add_block(const Features& rows, std::int64_t block, const PackedFeatures& columns, Diagonal diagonal,
               TileBuffer& buffer, GroupSums& out) {
  for (std::int64_t p = 0; p < columns.panels(); ++p) {
    add_tile(product_tile(rows, block * kTile, columns, p, buffer), static_cast<double>(rows.dim), diagonal, out);
  }
}

GroupSums kernel_sums(const Features& rows, const PackedFeatures& columns, Diagonal diagonal, std::int64_t groups,
                      ThreadPool& pool) {
  const std::int64_t blocks = (rows.count() + kTile - 1) / kTile;
  std::vector<GroupSums> parts(static_cast<std::size_t>(blocks), GroupSums(groups));
  std::vector<TileBuffer> buffers(static_cast<std::size_t>(pool.size()));
  pool.run(blocks, [&](std::int64_t block, int worker) {
    add_block(rows, block, columns, diagonal, buffers[static_cast<std::size_t>(worker)],
              parts[static_cast<std::size_t>(block)]);
  });
  GroupSums out(groups);
  for (const GroupSums& part : parts) {
    std::transform(part.sums.begin(), part.sums.end(), out.sums.begin(), out.sums.begin(), std::plus<>());
  }
  return out;
}

double unbiased(double real, double fake, double across, double n, double m) {
  return real / (n * (n - 1)) + fake / (m * (m - 1)) - 2 * across / (n * m);
}

/// One subset, by the worker that calls.
double unbiased_serial(const RealAndFake& sets) {
  const PackedFeatures real(sets.real), fake(sets.fake);
  TileBuffer buffer;
  const auto sum = [&](const Features& rows, const PackedFeatures& columns, Diagonal diagonal) {
    GroupSums out(1);
    for (std::int64_t block = 0; block * kTile < rows.count(); ++block) {
      add_block(rows, block, columns, diagonal, buffer, out);
    }
    return out.total();
  };
  return unbiased(sum(sets.real, real, Diagonal::left_out), sum(sets.fake, fake, Diagonal::left_out),
                  sum(sets.real, fake, Diagonal::taken), static_cast<double>(sets.real.count()),
                  static_cast<double>(sets.fake.count()));
}

/// The unbiased estimate without each group.
std::vector<double> without_groups(const RealAndFake& sets, std::int64_t groups, ThreadPool& pool) {
  const PackedFeatures packed_real(sets.real), packed_fake(sets.fake);
  const GroupSums real = kernel_sums(sets.real, packed_real, Diagonal::left_out, groups, pool),
                  fake = kernel_sums(sets.fake, packed_fake, Diagonal::left_out, groups, pool),
                  across = kernel_sums(sets.real, packed_fake, Diagonal::taken, groups, pool);
  const auto left = [groups](std::int64_t count, std::int64_t g) {
    const std::int64_t of_group = (count - g + groups - 1) / groups;
    return static_cast<double>(count - of_group);
  };
  std::vector<double> values;
  for (std::int64_t g = 0; g < groups; ++g) {
    values.push_back(unbiased(real.without(g), fake.without(g), across.without(g), left(sets.real.count(), g),
                              left(sets.fake.count(), g)));
  }
  return values;
}

struct DrawnSubsets {
  std::vector<std::vector<std::int64_t>> real, fake;
};

/// As torch-fidelity draws them: one generator, for each subset its fakes and then its reals.
DrawnSubsets numpy_subsets(const RealAndFake& sets, const KernelDistanceOptions& options) {
  NumPyOrder order(*options.numpy_seed);
  DrawnSubsets drawn;
  for (int s = 0; s < options.subsets; ++s) {
    drawn.fake.push_back(order.choice(sets.fake.count(), options.size));
    drawn.real.push_back(order.choice(sets.real.count(), options.size));
  }
  return drawn;
}

}  // namespace

double squared_mmd(const RealAndFake& sets, ThreadPool& pool, MmdEstimator estimator) {
  check(sets, 2, "squared_mmd");
  const auto n = static_cast<double>(sets.real.count()), m = static_cast<double>(sets.fake.count());
  if (estimator == MmdEstimator::u_statistic && n != m) {
    fail<ConfigError>("squared_mmd: wanted equal counts for the u-statistic, found {} and {}", n, m);
  }
  const PackedFeatures packed_real(sets.real), packed_fake(sets.fake);
  const Diagonal within = estimator == MmdEstimator::biased ? Diagonal::taken : Diagonal::left_out;
  const Diagonal between = estimator == MmdEstimator::u_statistic ? Diagonal::left_out : Diagonal::taken;
  const double real = kernel_sums(sets.real, packed_real, within, 1, pool).total(),
               fake = kernel_sums(sets.fake, packed_fake, within, 1, pool).total(),
               across = kernel_sums(sets.real, packed_fake, between, 1, pool).total();
  switch (estimator) {
    case MmdEstimator::unbiased:
      return unbiased(real, fake, across, n, m);
    case MmdEstimator::u_statistic:
      return (real + fake - 2 * across) / (n * (n - 1));
    case MmdEstimator::biased:
      break;
  }
  return real / (n * n) + fake / (m * m) - 2 * across / (n * m);
}

KernelDistance kernel_distance(const RealAndFake& sets, ThreadPool& pool, const KernelDistanceOptions& options) {
  if (options.size < 2 || options.subsets < 1 || options.groups < 2) {
    fail<ConfigError>("kernel_distance: wanted 1 subset or more of 2 samples or more and 2 groups, found {} of {}, {}",
                      options.subsets, options.size, options.groups);
  }
  check(sets, std::max<std::int64_t>(options.size, std::int64_t{3} * options.groups), "kernel_distance");
  const Random real_draws(options.seed, "measure.subsets.real"), fake_draws(options.seed, "measure.subsets.fake");
  const DrawnSubsets drawn = options.numpy_seed ? numpy_subsets(sets, options) : DrawnSubsets{};
  KernelDistance out;
  out.subsets.resize(static_cast<std::size_t>(options.subsets));
  pool.run(options.subsets, [&](std::int64_t s, int) {
    const auto at = static_cast<std::size_t>(s);
    const auto index = static_cast<std::uint32_t>(s);
    const auto rows = [&](const Features& set, const std::vector<std::vector<std::int64_t>>& theirs,
                          const Random& ours) {
      return gather(set, options.numpy_seed ? theirs[at] : subset(set.count(), options.size, ours, index));
    };
    const FeatureMatrix real = rows(sets.real, drawn.real, real_draws), fake = rows(sets.fake, drawn.fake, fake_draws);
    out.subsets[at] = unbiased_serial({.real = real, .fake = fake});
  });
  out.value = mean_of(out.subsets);
  out.deviation = deviation_of(out.subsets);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  out.interval = {kNone, kNone};
  if (options.interval) out.interval = jackknife(out.value, without_groups(sets, options.groups, pool), options.level);
  return out;
}

}  // namespace ganymede::measure
