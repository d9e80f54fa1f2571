#pragma once

#include <cstdint>

namespace ganymede::kernels {

/// Memory that will be read soon: fetched into the second-level cache while a product runs.
struct Upcoming {
  const float* data = nullptr;
  std::int64_t count = 0;  ///< floats
};

/// C[i][j] (+)= sum over k of A[i][k] B[k][j], i < rows, j < width: k in ascending order, one fused multiply-add each,
/// from zero; then added to C. The same bits at every vector level; long sums in pieces lose fewer digits than in one
/// go. A[i][k] at a[i * a_row + k * a_k]; B[k][j] at b[k * b_k + j]; C[i][j] at c[i * c_row + j]. width: a multiple of
/// 16, at most 64.
struct PanelProduct {
  const float* a = nullptr;
  std::int64_t a_row = 0;
  std::int64_t a_k = 1;
  const float* b = nullptr;
  std::int64_t b_k = 64;
  float* c = nullptr;
  std::int64_t c_row = 0;
  std::int64_t rows = 0;
  std::int64_t depth = 0;  ///< number of k
  int width = 64;
  bool accumulate = false;
  Upcoming next[2] = {};
};
void panel_product(const PanelProduct& p);

/// The same with k gathered: A[i][k] at a[i * a_row + a_offsets[k]], B[k][j] at b[b_offsets[k] + j]. a_k, b_k, next are
/// ignored.
void gathered_depth_product(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* b_offsets);

/// The same, summed in double and rounded once: what a leaky unit's side of zero may hang on.
void exact_gathered_depth_product(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* b_offsets);

/// The same with rows gathered: A[i][k] at a[a_offsets[i] + k * a_k], C[i][j] at c[c_offsets[i] + j]. a_row, c_row are
/// ignored.
void gathered_rows_product(const PanelProduct& p, const std::int32_t* a_offsets, const std::int32_t* c_offsets);

}  // namespace ganymede::kernels
