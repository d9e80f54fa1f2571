#include "kernels/narrow.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/narrow.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// kRows rows at a time, which read w once and whose sums do not wait for each other.
template <int kRows>
HWY_INLINE void dot_lanes_of(const float* x, std::int64_t row, int columns, const float* w, bool accumulate,
                             float* lanes) {
  for (int part = 0; part < kParts; ++part) {
    float* const to = lanes + part * kLanes;
    Floats sum[kRows];
    for (int r = 0; r < kRows; ++r) sum[r] = accumulate ? load(to + r * 16) : hn::Zero(kFloats);
    for (int c = part * kLanes; c < columns; c += 16) {
      const Floats factor = load(w + c);
      for (int r = 0; r < kRows; ++r) sum[r] = mul_add(load(x + r * row + c), factor, sum[r]);
    }
    for (int r = 0; r < kRows; ++r) store(to + r * 16, sum[r]);
  }
}

void dot_lanes_any(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* w, bool accumulate,
                   float* lanes) {
  constexpr int kRows = 4;
  std::int64_t r = 0;
  for (; r + kRows <= rows; r += kRows) dot_lanes_of<kRows>(x + r * row, row, columns, w, accumulate, lanes + r * 16);
  for (; r < rows; ++r) dot_lanes_of<1>(x + r * row, row, columns, w, accumulate, lanes + r * 16);
}

#if HWY_TARGET != HWY_SCALAR
// Halves of a vector added to each other until four lanes are left.
template <class D>
HWY_INLINE auto fold_to_four(D, hn::Vec<D> v) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    return v;
  } else {
    constexpr hn::Half<D> kHalf;
    return fold_to_four(kHalf, hn::Add(hn::LowerHalf(kHalf, v), hn::UpperHalf(kHalf, v)));
  }
}
#endif

void fold_lanes_any(const float* lanes, std::int64_t rows, float* y, std::int64_t stride) {
  for (std::int64_t r = 0; r < rows; ++r) {
#if HWY_TARGET != HWY_SCALAR
    Floats part[kParts];
    for (int i = 0; i < kParts; ++i) part[i] = load(lanes + r * 16 + i * kLanes);
    for (int half = kParts / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; ++i) part[i] = hn::Add(part[i], part[i + half]);
    }
    const auto four = fold_to_four(kFloats, part[0]);
    const auto two = hn::Add(four, hn::Shuffle1032(four));
    y[r * stride] = hn::GetLane(hn::Add(two, hn::Shuffle2301(two)));
#else
    float sum[16];
    for (int l = 0; l < 16; ++l) sum[l] = lanes[r * 16 + l];
    for (int half = 8; half > 0; half /= 2) {
      for (int l = 0; l < half; ++l) sum[l] += sum[l + half];
    }
    y[r * stride] = sum[0];
#endif
  }
}

void scale_rows_any(const float* g, std::int64_t stride, const float* w, std::int64_t rows, int columns, float* out,
                    std::int64_t row) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const Floats factor = set(g[r * stride]);
    for (int c = 0; c < columns; c += kLanes) store(out + r * row + c, hn::Mul(factor, load(w + c)));
  }
}

void sum_scaled_rows_any(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* g,
                         std::int64_t stride, float* out) {
  constexpr int kBlock = 128 / kLanes;  // sums in registers
  for (int first = 0; first < columns; first += kBlock * kLanes) {
    const int count = (columns - first < kBlock * kLanes ? columns - first : kBlock * kLanes) / kLanes;
    Floats sum[kBlock];
    for (int i = 0; i < kBlock; ++i) sum[i] = hn::Zero(kFloats);
    for (std::int64_t r = 0; r < rows; ++r) {
      const Floats factor = set(g[r * stride]);
      const float* from = x + r * row + first;
      if (count == kBlock) {
        for (int i = 0; i < kBlock; ++i) sum[i] = mul_add(factor, load(from + i * kLanes), sum[i]);
      } else {
        for (int i = 0; i < count; ++i) sum[i] = mul_add(factor, load(from + i * kLanes), sum[i]);
      }
    }
    for (int i = 0; i < count; ++i) store(out + first + i * kLanes, sum[i]);
  }
}

template <int kFeatures, int kVectors>
HWY_INLINE void expand_columns(const float* x, std::int64_t x_row, std::int64_t rows, const float* w,
                               std::int64_t w_row, float* y, std::int64_t y_row) {
  Floats weight[kFeatures][kVectors];
  for (int k = 0; k < kFeatures; ++k) {
    for (int i = 0; i < kVectors; ++i) weight[k][i] = load(w + k * w_row + i * kLanes);
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    Floats sum[kVectors];
    for (int i = 0; i < kVectors; ++i) sum[i] = hn::Zero(kFloats);
    for (int k = 0; k < kFeatures; ++k) {
      const Floats factor = set(x[r * x_row + k]);
      for (int i = 0; i < kVectors; ++i) sum[i] = mul_add(factor, weight[k][i], sum[i]);
    }
    for (int i = 0; i < kVectors; ++i) store(y + r * y_row + i * kLanes, sum[i]);
  }
}

template <int kFeatures>
void expand_features(const float* x, std::int64_t x_row, std::int64_t rows, const float* w, std::int64_t w_row,
                     int columns, float* y, std::int64_t y_row) {
  constexpr int kVectors = kParts == 1 ? 4 : 2;  // with their weights in registers
  int c = 0;
  for (; c + kVectors * kLanes <= columns; c += kVectors * kLanes)
    expand_columns<kFeatures, kVectors>(x, x_row, rows, w + c, w_row, y + c, y_row);
  for (; c < columns; c += kLanes) expand_columns<kFeatures, 1>(x, x_row, rows, w + c, w_row, y + c, y_row);
}

void expand_rows_any(const float* x, std::int64_t x_row, int features, std::int64_t rows, const float* w,
                     std::int64_t w_row, int columns, float* y, std::int64_t y_row) {
  static_assert(kMostFeatures == 4);
  if (features == 1) return expand_features<1>(x, x_row, rows, w, w_row, columns, y, y_row);
  if (features == 2) return expand_features<2>(x, x_row, rows, w, w_row, columns, y, y_row);
  if (features == 3) return expand_features<3>(x, x_row, rows, w, w_row, columns, y, y_row);
  expand_features<4>(x, x_row, rows, w, w_row, columns, y, y_row);
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(dot_lanes_any);
HWY_EXPORT(fold_lanes_any);
HWY_EXPORT(scale_rows_any);
HWY_EXPORT(sum_scaled_rows_any);
HWY_EXPORT(expand_rows_any);

void dot_lanes(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* w, bool accumulate,
               float* lanes) {
  HWY_DYNAMIC_DISPATCH(dot_lanes_any)(x, row, rows, columns, w, accumulate, lanes);
}

void fold_lanes(const float* lanes, std::int64_t rows, float* y, std::int64_t stride) {
  HWY_DYNAMIC_DISPATCH(fold_lanes_any)(lanes, rows, y, stride);
}

void scale_rows(const float* g, std::int64_t stride, const float* w, std::int64_t rows, int columns, float* out,
                std::int64_t row) {
  HWY_DYNAMIC_DISPATCH(scale_rows_any)(g, stride, w, rows, columns, out, row);
}

void sum_scaled_rows(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* g,
                     std::int64_t stride, float* out) {
  HWY_DYNAMIC_DISPATCH(sum_scaled_rows_any)(x, row, rows, columns, g, stride, out);
}

void expand_rows(const float* x, std::int64_t x_row, int features, std::int64_t rows, const float* w,
                 std::int64_t w_row, int columns, float* y, std::int64_t y_row) {
  HWY_DYNAMIC_DISPATCH(expand_rows_any)(x, x_row, features, rows, w, w_row, columns, y, y_row);
}

}  // namespace ganymede::kernels
#endif
