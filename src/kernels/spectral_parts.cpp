#include "kernels/spectral.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/spectral_parts.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/spectral-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

void third_any(const float* a, const float* b, std::int64_t stride, std::int64_t rows, int columns, bool minus,
               float* out, std::int64_t out_stride) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; c += kLanes) {
      const Floats left = load(a + r * stride + c);
      const Floats right = load(b + r * stride + c);
      store(out + r * out_stride + c, minus ? hn::Sub(left, right) : hn::Add(left, right));
    }
  }
}

template <Complex kKind>
void combine(const float* p1, const float* p2, const float* p3, std::int64_t rows, int columns, float* re, float* im,
             std::int64_t stride) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; c += kLanes) {
      const Floats a = load(p1 + r * 64 + c);
      const Floats b = load(p2 + r * 64 + c);
      const Floats t = load(p3 + r * 64 + c);
      const Floats value_re = kKind == Complex::forward ? hn::Sub(a, b) : hn::Add(a, b);
      const Floats value_im = kKind == Complex::forward ? hn::Sub(t, hn::Add(a, b))
                              : kKind == Complex::data  ? hn::Sub(hn::Sub(a, b), t)
                                                        : hn::Add(hn::Sub(t, a), b);
      hn::Stream(value_re, kFloats, re + r * stride + c);
      hn::Stream(value_im, kFloats, im + r * stride + c);
    }
  }
  hwy::FlushStream();
}

void combine_any(Complex kind, const float* p1, const float* p2, const float* p3, std::int64_t rows, int columns,
                 float* re, float* im, std::int64_t stride) {
  switch (kind) {
    case Complex::forward:
      return combine<Complex::forward>(p1, p2, p3, rows, columns, re, im, stride);
    case Complex::data:
      return combine<Complex::data>(p1, p2, p3, rows, columns, re, im, stride);
    case Complex::weights:
      return combine<Complex::weights>(p1, p2, p3, rows, columns, re, im, stride);
  }
}

void stream_any(const float* p1, std::int64_t rows, int columns, float* re, std::int64_t stride) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; c += kLanes) hn::Stream(load(p1 + r * 64 + c), kFloats, re + r * stride + c);
  }
  hwy::FlushStream();
}

void transpose_any(const float* a, std::int64_t a_stride, int rows, int columns, float* b, std::int64_t b_stride) {
#if HWY_TARGET == HWY_SCALAR
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) b[j * b_stride + i] = a[i * a_stride + j];
  }
#else
  const hn::CappedTag<float, 4> quad;
  const hn::RepartitionToWide<decltype(quad)> pairs;
  for (int i = 0; i < rows; i += 4) {
    for (int j = 0; j < columns; j += 4) {
      const float* from = a + i * a_stride + j;
      const auto r0 = hn::LoadU(quad, from);
      const auto r1 = hn::LoadU(quad, from + a_stride);
      const auto r2 = hn::LoadU(quad, from + 2 * a_stride);
      const auto r3 = hn::LoadU(quad, from + 3 * a_stride);
      const auto t0 = hn::BitCast(pairs, hn::InterleaveLower(quad, r0, r1));
      const auto t1 = hn::BitCast(pairs, hn::InterleaveUpper(quad, r0, r1));
      const auto t2 = hn::BitCast(pairs, hn::InterleaveLower(quad, r2, r3));
      const auto t3 = hn::BitCast(pairs, hn::InterleaveUpper(quad, r2, r3));
      float* to = b + j * b_stride + i;
      hn::StoreU(hn::BitCast(quad, hn::InterleaveLower(pairs, t0, t2)), quad, to);
      hn::StoreU(hn::BitCast(quad, hn::InterleaveUpper(pairs, t0, t2)), quad, to + b_stride);
      hn::StoreU(hn::BitCast(quad, hn::InterleaveLower(pairs, t1, t3)), quad, to + 2 * b_stride);
      hn::StoreU(hn::BitCast(quad, hn::InterleaveUpper(pairs, t1, t3)), quad, to + 3 * b_stride);
    }
  }
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(third_any);
HWY_EXPORT(combine_any);
HWY_EXPORT(stream_any);
HWY_EXPORT(transpose_any);

void third(const float* a, const float* b, std::int64_t stride, std::int64_t rows, int columns, bool minus, float* out,
           std::int64_t out_stride) {
  HWY_DYNAMIC_DISPATCH(third_any)(a, b, stride, rows, columns, minus, out, out_stride);
}
void combine_products(Complex kind, const float* p1, const float* p2, const float* p3, std::int64_t rows, int columns,
                      float* re, float* im, std::int64_t stride) {
  HWY_DYNAMIC_DISPATCH(combine_any)(kind, p1, p2, p3, rows, columns, re, im, stride);
}
void stream_product(const float* p1, std::int64_t rows, int columns, float* re, std::int64_t stride) {
  HWY_DYNAMIC_DISPATCH(stream_any)(p1, rows, columns, re, stride);
}
void transpose(const float* a, std::int64_t a_stride, int rows, int columns, float* b, std::int64_t b_stride) {
  HWY_DYNAMIC_DISPATCH(transpose_any)(a, a_stride, rows, columns, b, b_stride);
}

}  // namespace ganymede::kernels
#endif
