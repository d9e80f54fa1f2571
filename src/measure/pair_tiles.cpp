#include "measure/pair_tiles.hpp"

#include "kernels/product.hpp"

namespace ganymede::measure {
namespace {

constexpr std::int64_t kPiece = 64;  // features summed in float32

void add_products(const float* rows, std::int64_t count, std::int64_t dim, const float* panel, TileBuffer& buffer) {
  std::fill_n(buffer.sum.begin(), count * kTile, 0.0);
  for (std::int64_t k = 0; k < dim; k += kPiece) {
    kernels::panel_product({.a = rows + k,
                            .a_row = dim,
                            .b = panel + k * kTile,
                            .b_k = kTile,
                            .c = buffer.part.data(),
                            .c_row = kTile,
                            .rows = count,
                            .depth = std::min(kPiece, dim - k),
                            .width = kTile});
    for (std::int64_t i = 0; i < count * kTile; ++i) {
      buffer.sum[static_cast<std::size_t>(i)] += static_cast<double>(buffer.part[static_cast<std::size_t>(i)]);
    }
  }
}

// A product of two float32 is a float64 without rounding.
void add_exact_products(const float* rows, std::int64_t count, std::int64_t dim, const float* panel,
                        TileBuffer& buffer) {
  std::fill_n(buffer.sum.begin(), count * kTile, 0.0);
  for (std::int64_t i = 0; i < count; ++i) {
    double* sum = buffer.sum.data() + i * kTile;
    for (std::int64_t k = 0; k < dim; ++k) {
      const auto value = static_cast<double>(rows[i * dim + k]);
      const float* column = panel + k * kTile;
      for (std::int64_t j = 0; j < kTile; ++j) sum[j] += value * static_cast<double>(column[j]);
    }
  }
}

}  // namespace

PackedFeatures::PackedFeatures(const Features& features, bool exact)
    : count_(features.count()),
      dim_(features.dim),
      exact_(exact),
      values_(static_cast<std::size_t>(panels() * kTile * dim_), 0.0F),
      norms_(static_cast<std::size_t>(count_)) {
  for (std::int64_t i = 0; i < count_; ++i) {
    const auto row = features.row(i);
    float* out = values_.data() + (i / kTile) * kTile * dim_ + i % kTile;
    for (const float v : row) {
      *out = v;
      out += kTile;
    }
  }
  TileBuffer buffer;
  for (std::int64_t p = 0; p < panels(); ++p) {
    const Tile tile = product_tile(features, p * kTile, *this, p, buffer);
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      norms_[static_cast<std::size_t>(p * kTile + i)] = tile.row(i)[static_cast<std::size_t>(i)];
    }
  }
}

Tile product_tile(const Features& rows, std::int64_t first_row, const PackedFeatures& columns, std::int64_t p,
                  TileBuffer& buffer) {
  const std::int64_t count = std::min(kTile, rows.count() - first_row);
  const auto add = columns.exact() ? add_exact_products : add_products;
  add(rows.values.data() + first_row * rows.dim, count, rows.dim, columns.panel(p), buffer);
  return {.first_row = first_row,
          .rows = count,
          .first_column = p * kTile,
          .columns = std::min(kTile, columns.count() - p * kTile),
          .values = buffer.sum.data()};
}

Tile distance_tile(const Features& rows, std::span<const double> norms, std::int64_t first_row,
                   const PackedFeatures& columns, std::int64_t p, TileBuffer& buffer) {
  const Tile tile = product_tile(rows, first_row, columns, p, buffer);
  for (std::int64_t i = 0; i < tile.rows; ++i) {
    const double row_norm = norms[static_cast<std::size_t>(first_row + i)];
    const double* column_norm = columns.norms().data() + tile.first_column;
    double* out = buffer.sum.data() + i * kTile;
    for (std::int64_t j = 0; j < tile.columns; ++j) out[j] = std::max(0.0, row_norm + column_norm[j] - 2 * out[j]);
  }
  return tile;
}

}  // namespace ganymede::measure
