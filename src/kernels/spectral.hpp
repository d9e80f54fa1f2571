#pragma once

#include <cstdint>

namespace ganymede::kernels {

// Convolution by a two-dimensional discrete Fourier transform of length 8 (stride 2 on up to 14 x 14, by phases) or 9
// (stride 1 on up to 7 x 7). Images of up to 7 x 7 lie in a circle of L x L, so that shifts of up to L - 7 pixels meet
// only zeros. Real images need a half plane of frequencies: complex planes first, then real ones.
//
// With S[k] the smaller image, X[k] the larger, W[k] = sum over shifts d of w[d] exp(+2 pi i k d / L):
//   forward         S = X W           (out[y] = sum over d of w[d] x[y + d])
//   data gradient   X = S conj(W)
//   weight gradient Z = X conj(S), summed over samples;  g[d] = 1 / L^2 sum over k of Z[k] exp(+2 pi i k d / L)
// Each complex product is made of three real ones: P1 = re re, P2 = im im, P3 = third third with third(X) = re + im,
// third(W) = re + im, third(S) = re - im.

constexpr int kSpectralImage = 7;  ///< largest image side

constexpr int complex_planes(int length) {
  return length == 8 ? 30 : 40;
}
constexpr int real_planes(int length) {
  return length == 8 ? 4 : 1;
}

/// Planes of one operand: real part of row r, column c in plane f at base[f * plane + r * row + c], the imaginary part
/// `imaginary` floats further.
struct Planes {
  float* base = nullptr;
  std::int64_t plane = 0;
  std::int64_t imaginary = 0;
  std::int64_t row = 0;
};

/// A complex number in bf16: the real part in the low half, the imaginary one in the high half.
using Pair = std::uint32_t;

/// Planes of bf16 pairs for mixed precision: element (f, r, c) at base[f * plane + r * row + c]; the imaginary part of
/// a real plane is zero. Values are rounded to the nearest, ties away from zero.
struct PairPlanes {
  Pair* base = nullptr;
  std::int64_t plane = 0;
  std::int64_t row = 0;
};

/// An image grid inside a field: pixel (y, x) of sample row at data[(first + y * y_step + x * x_step) * position]; y <
/// height, x < width <= 7.
struct Grid {
  float* data = nullptr;
  std::int64_t position = 0;
  int first = 0, y_step = 1, x_step = 1;
  int height = 7, width = 7;
};

/// Transforms `columns` (a multiple of 16) channels of one sample: from grid (its data at the sample's first channel)
/// to row `row` of the planes, columns first_column ...
void spectral_forward(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column,
                      int columns);
void spectral_forward(int length, const Grid& grid, const PairPlanes& planes, std::int64_t row, int first_column,
                      int columns);
/// The inverse, scaled by 1 / L^2.
void spectral_inverse(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column,
                      int columns);
void spectral_inverse(int length, const Grid& grid, const PairPlanes& planes, std::int64_t row, int first_column,
                      int columns);

/// A kernel's taps along both axes with their shifts, |shift| <= L - 7.
struct Taps {
  int rows = 0, columns = 0;
  int row_tap[5] = {}, row_shift[5] = {};
  int column_tap[5] = {}, column_shift[5] = {};
  int kernel_width = 5;  ///< a tap's number is row tap * kernel_width + column tap
};

/// W of one input row: from w[tap * tap_stride + c] to re, im and re + im at out[f * plane + {0, 1, 2} * part + c], c <
/// columns (a multiple of 16).
void spectral_weights(int length, const Taps& taps, const float* w, std::int64_t tap_stride, float* out,
                      std::int64_t plane, std::int64_t part, int columns);
/// The same to bf16 pairs at out[f * plane + c].
void spectral_weight_pairs(int length, const Taps& taps, const float* w, std::int64_t tap_stride, Pair* out,
                           std::int64_t plane, int columns);
/// g[tap * tap_stride + c] from Z at z[f * plane + {0, 1} * part + c].
void spectral_weight_gradient(int length, const Taps& taps, const float* z, std::int64_t plane, std::int64_t part,
                              float* g, std::int64_t tap_stride, int columns);

/// out = a + b or a - b over rows of `columns`.
void third(const float* a, const float* b, std::int64_t stride, std::int64_t rows, int columns, bool minus, float* out,
           std::int64_t out_stride);

enum class Complex { forward, data, weights };
/// re and im from P1, P2, P3 [rows][64], streamed past the caches to re[r * stride + c], im likewise; stride and
/// addresses are multiples of 16 floats.
///   forward: re = P1 - P2, im = P3 - (P1 + P2); data: re = P1 + P2, im = (P1 - P2) - P3; weights: re = P1 + P2, im =
///   (P3 - P1) + P2.
void combine_products(Complex kind, const float* p1, const float* p2, const float* p3, std::int64_t rows, int columns,
                      float* re, float* im, std::int64_t stride);
/// Streams P1 [rows][64] alone: a real plane.
void stream_product(const float* p1, std::int64_t rows, int columns, float* re, std::int64_t stride);

/// b[j][i] = a[i][j], i < rows, j < columns, both multiples of 4.
void transpose(const float* a, std::int64_t a_stride, int rows, int columns, float* b, std::int64_t b_stride);

}  // namespace ganymede::kernels
