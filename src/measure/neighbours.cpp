#include "measure/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "measure/pair_tiles.hpp"

namespace ganymede::measure {
namespace {

struct Found {
  double squared = std::numeric_limits<double>::infinity();
  std::int64_t index = -1;
  bool operator<(const Found& o) const { return squared < o.squared || (squared == o.squared && index < o.index); }
};

/// Puts `candidate` into its place among the k best so far, ascending.
void insert(Found candidate, Found* best, std::int64_t k) {
  std::int64_t at = k - 1;
  for (; at > 0 && candidate < best[at - 1]; --at) best[at] = best[at - 1];
  best[at] = candidate;
}

double squared_distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += d * d;
  }
  return sum;
}

/// Tiles lose digits where two rows are close; the few that were found are measured again.
void measure_again(const Features& queries, const Features& references, std::int64_t k, std::vector<Found>& best,
                   ThreadPool& pool) {
  pool.run(queries.count(), [&](std::int64_t i, int) {
    const auto row = best.begin() + i * k;
    for (auto found = row; found != row + k; ++found) {
      found->squared = squared_distance(queries.row(i), references.row(found->index));
    }
    std::sort(row, row + k);
  });
}

Neighbours search(const Features& queries, const Features& references, std::int64_t k, bool within, ThreadPool& pool) {
  const PackedFeatures packed_queries(queries), packed(references);
  std::vector<Found> best(static_cast<std::size_t>(queries.count() * k));
  for_each_distance_tile(queries, packed_queries, packed, pool, [&](const Tile& tile, int) {
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      const auto row = tile.row(i);
      const std::int64_t query = tile.first_row + i;
      Found* found = best.data() + query * k;
      for (std::int64_t j = 0; j < tile.columns; ++j) {
        const Found candidate{row[static_cast<std::size_t>(j)], tile.first_column + j};
        if (candidate.squared < found[k - 1].squared && !(within && candidate.index == query)) {
          insert(candidate, found, k);
        }
      }
    }
  });
  measure_again(queries, references, k, best, pool);
  Neighbours out{.k = k};
  for (const Found& found : best) {
    out.indices.push_back(found.index);
    out.distances.push_back(std::sqrt(found.squared));
  }
  return out;
}

}  // namespace

Neighbours nearest_neighbours(const Features& queries, const Features& references, std::int64_t k, ThreadPool& pool) {
  constexpr const char* kWhere = "nearest_neighbours";
  check(queries, 1, kWhere, "queries");
  check(references, 1, kWhere, "references");
  if (queries.dim != references.dim) {
    fail<ShapeError>("{}: wanted features of one length, found {} and {}", kWhere, queries.dim, references.dim);
  }
  if (k < 1 || k > references.count()) {
    fail<ConfigError>("{}: wanted k from 1 to {} (the references), found {}", kWhere, references.count(), k);
  }
  return search(queries, references, k, false, pool);
}

Neighbours nearest_neighbours_within(const Features& features, std::int64_t k, ThreadPool& pool) {
  check(features, 2, "nearest_neighbours_within", "features");
  if (k < 1 || k >= features.count()) {
    fail<ConfigError>("nearest_neighbours_within: wanted k from 1 to {} (one less than the samples), found {}",
                      features.count() - 1, k);
  }
  return search(features, features, k, true, pool);
}

OneNearestNeighbour leave_one_out_1nn(const RealAndFake& sets, ThreadPool& pool) {
  check(sets, 2, "leave_one_out_1nn");
  OneNearestNeighbour out;
  const auto judge = [&](const Features& own, const Features& other) {
    const Neighbours same = search(own, own, 1, true, pool), across = search(own, other, 1, false, pool);
    double sum = 0;
    for (std::int64_t i = 0; i < own.count(); ++i) {
      const double a = same.radius(i), b = across.radius(i);
      out.correct.push_back(a < b ? 1 : a == b ? 0.5 : 0);
      sum += out.correct.back();
    }
    return sum / static_cast<double>(own.count());
  };
  out.real_accuracy = judge(sets.real, sets.fake);
  out.fake_accuracy = judge(sets.fake, sets.real);
  out.accuracy = mean_of(out.correct);
  return out;
}

}  // namespace ganymede::measure
