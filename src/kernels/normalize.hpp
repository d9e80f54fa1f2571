#pragma once

#include <cstdint>

namespace ganymede::kernels {

/// Mean and sum of squared deviations of each column of a block [rows][columns] (row stride = columns, a multiple of
/// 16), in two passes.
void column_moments(const float* x, std::int64_t rows, int columns, float* mean, float* squares);

/// g[r][c] = a[c] g[r][c] + (b[c] (x[r][c] - centre[c]) + d[c]): BatchNorm's backward pass, once its sums are known.
void combine_columns(float* g, const float* x, const float* a, const float* b, const float* d, const float* centre,
                     std::int64_t rows, int columns);

namespace plain {
void column_moments(const float* x, std::int64_t rows, int columns, float* mean, float* squares);
void combine_columns(float* g, const float* x, const float* a, const float* b, const float* d, const float* centre,
                     std::int64_t rows, int columns);
}  // namespace plain

}  // namespace ganymede::kernels
