#include "kernels/narrow.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/narrow.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

void dot_lanes_any(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* w, bool accumulate,
                   float* lanes) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (int part = 0; part < kParts; ++part) {
      float* to = lanes + r * 16 + part * kLanes;
      Floats sum = accumulate ? load(to) : hn::Zero(kFloats);
      for (int c = part * kLanes; c < columns; c += 16) sum = mul_add(load(x + r * row + c), load(w + c), sum);
      store(to, sum);
    }
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

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(dot_lanes_any);
HWY_EXPORT(scale_rows_any);
HWY_EXPORT(sum_scaled_rows_any);

void dot_lanes(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* w, bool accumulate,
               float* lanes) {
  HWY_DYNAMIC_DISPATCH(dot_lanes_any)(x, row, rows, columns, w, accumulate, lanes);
}

void fold_lanes(const float* lanes, std::int64_t rows, float* y, std::int64_t stride) {
  for (std::int64_t r = 0; r < rows; ++r) {
    float sum[16];
    for (int l = 0; l < 16; ++l) sum[l] = lanes[r * 16 + l];
    for (int half = 8; half > 0; half /= 2) {
      for (int l = 0; l < half; ++l) sum[l] += sum[l + half];
    }
    y[r * stride] = sum[0];
  }
}

void scale_rows(const float* g, std::int64_t stride, const float* w, std::int64_t rows, int columns, float* out,
                std::int64_t row) {
  HWY_DYNAMIC_DISPATCH(scale_rows_any)(g, stride, w, rows, columns, out, row);
}

void sum_scaled_rows(const float* x, std::int64_t row, std::int64_t rows, int columns, const float* g,
                     std::int64_t stride, float* out) {
  HWY_DYNAMIC_DISPATCH(sum_scaled_rows_any)(x, row, rows, columns, g, stride, out);
}

}  // namespace ganymede::kernels
#endif
