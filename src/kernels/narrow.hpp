#pragma once

#include <cstdint>

namespace ganymede::kernels {

// Products with a single column, as of a logit, or of few features: bound by memory, so each reads (or writes) its
// matrix once. Rows are `row` floats
// apart, columns a multiple of 16. The same bits at every vector level.

/// lanes[r][l] (+)= sum over c = l, l + 16, ... of x[r][c] w[c]: sixteen partial sums a row, one fused multiply-add
/// each.
void dot_lanes(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* w, bool accumulate,
               float* lanes);
/// y[r * stride] = the sum of the row's sixteen lanes in a fixed tree: halves added to each other.
void fold_lanes(const float* lanes, std::int64_t rows, float* y, std::int64_t stride);

/// out[r][c] = g[r * stride] w[c].
void scale_rows(const float* g, std::int64_t stride, const float* w, std::int64_t rows, int columns, float* out,
                std::int64_t row);

/// out[c] = sum over r in order of g[r * stride] x[r][c].
void sum_scaled_rows(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* g,
                     std::int64_t stride, float* out);

/// y[r][c] = sum over k in order of x[r][k] w[k][c] for up to kMostFeatures features: the same bits as a panel_product
/// of that depth, but that rows of x may be anything apart. Columns beyond `columns` are left.
constexpr int kMostFeatures = 4;
void expand_rows(const float* x, std::int64_t x_row, int features, std::int64_t rows, const float* w,
                 std::int64_t w_row, int columns, float* y, std::int64_t y_row);

}  // namespace ganymede::kernels
