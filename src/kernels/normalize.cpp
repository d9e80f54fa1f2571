#include "kernels/normalize.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/normalize.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// Columns in steps of `width` vectors so that sums stay in registers.
template <int kVectors>
HWY_INLINE void moments_of(const float* x, std::int64_t rows, int columns, int first, float* mean, float* squares) {
  Floats sum[kVectors];
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) sum[j] = hn::Zero(kFloats);
  for (std::int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) sum[j] = hn::Add(sum[j], load(x + r * columns + first + j * kLanes));
  }
  const Floats share = set(1.0F / static_cast<float>(rows));
  Floats square[kVectors];
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) {
    sum[j] = hn::Mul(sum[j], share);
    square[j] = hn::Zero(kFloats);
  }
  for (std::int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      const Floats d = hn::Sub(load(x + r * columns + first + j * kLanes), sum[j]);
      square[j] = mul_add(d, d, square[j]);
    }
  }
#pragma GCC unroll 4
  for (int j = 0; j < kVectors; ++j) {
    store(mean + first + j * kLanes, sum[j]);
    store(squares + first + j * kLanes, square[j]);
  }
}

void column_moments_any(const float* x, std::int64_t rows, int columns, float* mean, float* squares) {
  int first = 0;
  for (; first + 4 * kLanes <= columns; first += 4 * kLanes) moments_of<4>(x, rows, columns, first, mean, squares);
  for (; first < columns; first += kLanes) moments_of<1>(x, rows, columns, first, mean, squares);
}

void combine_columns_any(float* g, const float* x, const float* a, const float* b, const float* d, const float* centre,
                         std::int64_t rows, int columns) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; c += kLanes) {
      const std::int64_t e = r * columns + c;
      store(g + e, mul_add(load(a + c), load(g + e),
                           mul_add(load(b + c), hn::Sub(load(x + e), load(centre + c)), load(d + c))));
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(column_moments_any);
HWY_EXPORT(combine_columns_any);

void column_moments(const float* x, std::int64_t rows, int columns, float* mean, float* squares) {
  HWY_DYNAMIC_DISPATCH(column_moments_any)(x, rows, columns, mean, squares);
}
void combine_columns(float* g, const float* x, const float* a, const float* b, const float* d, const float* centre,
                     std::int64_t rows, int columns) {
  HWY_DYNAMIC_DISPATCH(combine_columns_any)(g, x, a, b, d, centre, rows, columns);
}

namespace plain {

void column_moments(const float* x, std::int64_t rows, int columns, float* mean, float* squares) {
  for (int c = 0; c < columns; ++c) {
    double sum = 0;
    for (std::int64_t r = 0; r < rows; ++r) sum += x[r * columns + c];
    sum /= static_cast<double>(rows);
    double square = 0;
    for (std::int64_t r = 0; r < rows; ++r) square += (x[r * columns + c] - sum) * (x[r * columns + c] - sum);
    mean[c] = static_cast<float>(sum);
    squares[c] = static_cast<float>(square);
  }
}

void combine_columns(float* g, const float* x, const float* a, const float* b, const float* d, const float* centre,
                     std::int64_t rows, int columns) {
  for (std::int64_t e = 0; e < rows * columns; ++e) {
    const std::int64_t c = e % columns;
    g[e] = static_cast<float>(double{a[c]} * g[e] + double{b[c]} * (double{x[e]} - centre[c]) + d[c]);
  }
}

}  // namespace plain
}  // namespace ganymede::kernels
#endif
