#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"

namespace ganymede::measure {

// Something of every pair of rows, without ever holding all pairs: tiles of 64 x 64. Products are float32 over pieces
// of 64 features, added in float64, or float64 throughout (several times slower), and have the same bits on every CPU
// and for any number of threads.

inline constexpr std::int64_t kTile = 64;

/// A copy of feature vectors as the product of tiles wants them.
class PackedFeatures {
 public:
  /// Rows are taken as they are: `check` them before. `exact`: products in float64, so that what is nearer by a
  /// hundred-millionth counts as nearer.
  explicit PackedFeatures(const Features& features, bool exact = false);

  std::int64_t count() const { return count_; }
  std::int64_t dim() const { return dim_; }
  bool exact() const { return exact_; }
  std::int64_t panels() const { return (count_ + kTile - 1) / kTile; }
  /// Features of rows 64 p ... 64 p + 63 as [F, 64], zeros behind the last row.
  const float* panel(std::int64_t p) const { return values_.data() + p * kTile * dim_; }
  /// |row|^2 in the arithmetic of the tiles: a row's distance to its copy is exactly 0.
  std::span<const double> norms() const { return norms_; }

 private:
  std::int64_t count_;
  std::int64_t dim_;
  bool exact_;
  std::vector<float> values_;
  std::vector<double> norms_;
};

/// Values of rows first_row ... first_row + rows - 1 of one set with first_column ... of the other.
struct Tile {
  std::int64_t first_row = 0, rows = 0;
  std::int64_t first_column = 0, columns = 0;
  const double* values = nullptr;  ///< row i at values + i * kTile

  std::span<const double> row(std::int64_t i) const { return {values + i * kTile, static_cast<std::size_t>(columns)}; }
};

/// Scratch memory of one worker.
struct TileBuffer {
  std::vector<float> part = std::vector<float>(kTile * kTile);
  std::vector<double> sum = std::vector<double>(kTile * kTile);
};

/// Inner products of at most 64 rows from `first_row` on with panel p of `columns`.
Tile product_tile(const Features& rows, std::int64_t first_row, const PackedFeatures& columns, std::int64_t p,
                  TileBuffer& buffer);
/// Squared Euclidean distances, |x|^2 + |y|^2 - 2 x y, never below 0; `norms` are those of `rows` packed.
Tile distance_tile(const Features& rows, std::span<const double> norms, std::int64_t first_row,
                   const PackedFeatures& columns, std::int64_t p, TileBuffer& buffer);

/// Calls f(tile, worker) with the squared distances of all pairs. One block of 64 rows is one task and meets its
/// columns in ascending order, so what f keeps for each row has one order too.
template <class F>
void for_each_distance_tile(const Features& rows, const PackedFeatures& packed_rows, const PackedFeatures& columns,
                            ThreadPool& pool, F&& f) {
  std::vector<TileBuffer> buffers(static_cast<std::size_t>(pool.size()));
  pool.run(packed_rows.panels(), [&](std::int64_t block, int worker) {
    TileBuffer& buffer = buffers[static_cast<std::size_t>(worker)];
    for (std::int64_t p = 0; p < columns.panels(); ++p) {
      f(distance_tile(rows, packed_rows.norms(), block * kTile, columns, p, buffer), worker);
    }
  });
}

}  // namespace ganymede::measure
