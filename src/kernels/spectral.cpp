#include "kernels/spectral.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/spectral.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// cos(2 pi j / L), sin(2 pi j / L).
template <int L>
struct Circle;
template <>
struct Circle<8> {
  static constexpr float kCos[8] = {1,  0.70710678118654752F,  0, -0.70710678118654752F,
                                    -1, -0.70710678118654752F, 0, 0.70710678118654752F};
  static constexpr float kSin[8] = {0, 0.70710678118654752F,  1,  0.70710678118654752F,
                                    0, -0.70710678118654752F, -1, -0.70710678118654752F};
};
template <>
struct Circle<9> {
  static constexpr float kCos[9] = {1,     0.76604444311897804F,  0.17364817766693035F,
                                    -0.5F, -0.93969262078590838F, -0.93969262078590838F,
                                    -0.5F, 0.17364817766693035F,  0.76604444311897804F};
  static constexpr float kSin[9] = {0,
                                    0.64278760968653933F,
                                    0.98480775301220806F,
                                    0.86602540378443865F,
                                    0.34202014332566873F,
                                    -0.34202014332566873F,
                                    -0.86602540378443865F,
                                    -0.98480775301220806F,
                                    -0.64278760968653933F};
};

template <int L>
struct Half {
  static constexpr int kReal = L % 2 == 0 ? 2 : 1;  // frequencies 0 and L / 2
  static constexpr int kPairs = (L - 1) / 2;        // frequencies 1 .. kPairs and their conjugates
  static constexpr int kComplexPlanes = kReal * kPairs + kPairs * L;
};

constexpr int kSide = kSpectralImage;

// The transform of 7 real values: frequencies 0 (and L / 2) in real[], 1 .. kPairs in re[], im[].
template <int L>
HWY_INLINE void real_transform(const Floats* x, Floats* real, Floats* re, Floats* im) {
  using C = Circle<L>;
  Floats even = hn::Add(hn::Add(x[0], x[2]), hn::Add(x[4], x[6]));
  Floats odd = hn::Add(hn::Add(x[1], x[3]), x[5]);
  real[0] = hn::Add(even, odd);
  if constexpr (Half<L>::kReal == 2) real[1] = hn::Sub(even, odd);
#pragma GCC unroll 8
  for (int k = 1; k <= Half<L>::kPairs; ++k) {
    Floats a = x[0];
    Floats b = hn::Mul(x[1], set(-C::kSin[k % L]));
    a = mul_add(x[1], set(C::kCos[k % L]), a);
#pragma GCC unroll 8
    for (int j = 2; j < kSide; ++j) {
      a = mul_add(x[j], set(C::kCos[k * j % L]), a);
      b = mul_add(x[j], set(-C::kSin[k * j % L]), b);
    }
    re[k - 1] = a;
    im[k - 1] = b;
  }
}

// The inverse of a Hermitian line, 7 values of it: real[] + 2 sum (re cos - im sin).
template <int L>
HWY_INLINE void real_inverse(const Floats* real, const Floats* re, const Floats* im, Floats* x) {
  using C = Circle<L>;
  const Floats even = Half<L>::kReal == 2 ? hn::Add(real[0], real[Half<L>::kReal - 1]) : real[0];
  const Floats odd = Half<L>::kReal == 2 ? hn::Sub(real[0], real[Half<L>::kReal - 1]) : real[0];
#pragma GCC unroll 8
  for (int j = 0; j < kSide; ++j) {
    Floats sum = re[0];
    if (j > 0) sum = neg_mul_add(im[0], set(C::kSin[j % L]), hn::Mul(re[0], set(C::kCos[j % L])));
#pragma GCC unroll 8
    for (int k = 2; k <= Half<L>::kPairs; ++k) {
      sum = mul_add(re[k - 1], set(C::kCos[k * j % L]), sum);
      if (j > 0) sum = neg_mul_add(im[k - 1], set(C::kSin[k * j % L]), sum);
    }
    x[j] = mul_add(sum, set(2.0F), j % 2 == 0 ? even : odd);
  }
}

template <int L>
HWY_NOINLINE void forward(const Grid& grid, const Planes& planes, std::int64_t row, int first_column, int columns) {
  using H = Half<L>;
  for (int c = 0; c < columns; c += kLanes) {
    // Along x: real columns, then complex ones, each over y.
    Floats real[H::kReal][kSide];
    Floats re[H::kPairs][kSide];
    Floats im[H::kPairs][kSide];
    for (int y = 0; y < kSide; ++y) {
      Floats x[kSide], line_real[H::kReal], line_re[H::kPairs], line_im[H::kPairs];
      if (y < grid.height) {
        const float* from = grid.data + (grid.first + y * grid.y_step) * grid.position + c;
#pragma GCC unroll 8
        for (int i = 0; i < kSide; ++i)
          x[i] = i < grid.width ? load(from + i * grid.x_step * grid.position) : hn::Zero(kFloats);
      } else {
        for (int i = 0; i < kSide; ++i) x[i] = hn::Zero(kFloats);
      }
      real_transform<L>(x, line_real, line_re, line_im);
      for (int r = 0; r < H::kReal; ++r) real[r][y] = line_real[r];
      for (int k = 0; k < H::kPairs; ++k) {
        re[k][y] = line_re[k];
        im[k][y] = line_im[k];
      }
    }
    float* out = planes.base + row * planes.row + first_column + c;
    const auto put = [&](int plane, Floats value_re, Floats value_im) HWY_ATTR {
      hn::Stream(value_re, kFloats, out + plane * planes.plane);
      hn::Stream(value_im, kFloats, out + plane * planes.plane + planes.imaginary);
    };
    Floats line_real[H::kReal], line_re[H::kPairs], line_im[H::kPairs];
    for (int r = 0; r < H::kReal; ++r) {
      real_transform<L>(real[r], line_real, line_re, line_im);
      for (int s = 0; s < H::kReal; ++s)
        hn::Stream(line_real[s], kFloats, out + (H::kComplexPlanes + r * H::kReal + s) * planes.plane);
      for (int k = 0; k < H::kPairs; ++k) put(r * H::kPairs + k, line_re[k], line_im[k]);
    }
    for (int q = 0; q < H::kPairs; ++q) {
      Floats other_real[H::kReal], other_re[H::kPairs], other_im[H::kPairs];
      real_transform<L>(re[q], line_real, line_re, line_im);
      real_transform<L>(im[q], other_real, other_re, other_im);
      const int first = H::kReal * H::kPairs + q * L;
      put(first, line_real[0], other_real[0]);
      if constexpr (H::kReal == 2) put(first + L / 2, line_real[H::kReal - 1], other_real[H::kReal - 1]);
      for (int k = 1; k <= H::kPairs; ++k) {
        put(first + k, hn::Sub(line_re[k - 1], other_im[k - 1]), hn::Add(line_im[k - 1], other_re[k - 1]));
        put(first + L - k, hn::Add(line_re[k - 1], other_im[k - 1]), hn::Sub(other_re[k - 1], line_im[k - 1]));
      }
    }
  }
}

// 7 values of the inverse of a complex line of L frequencies.
template <int L>
HWY_INLINE void complex_inverse(const Floats* zr, const Floats* zi, Floats* xr, Floats* xi) {
  using C = Circle<L>;
  using H = Half<L>;
  Floats sum_re[H::kPairs], sum_im[H::kPairs], difference_re[H::kPairs], difference_im[H::kPairs];
#pragma GCC unroll 8
  for (int k = 1; k <= H::kPairs; ++k) {
    sum_re[k - 1] = hn::Add(zr[k], zr[L - k]);
    sum_im[k - 1] = hn::Add(zi[k], zi[L - k]);
    difference_re[k - 1] = hn::Sub(zr[k], zr[L - k]);
    difference_im[k - 1] = hn::Sub(zi[k], zi[L - k]);
  }
#pragma GCC unroll 8
  for (int j = 0; j < kSide; ++j) {
    Floats a = zr[0];
    Floats b = zi[0];
    if constexpr (H::kReal == 2) {
      a = j % 2 == 0 ? hn::Add(a, zr[L / 2]) : hn::Sub(a, zr[L / 2]);
      b = j % 2 == 0 ? hn::Add(b, zi[L / 2]) : hn::Sub(b, zi[L / 2]);
    }
#pragma GCC unroll 8
    for (int k = 1; k <= H::kPairs; ++k) {
      const Floats cosine = set(C::kCos[k * j % L]);
      a = mul_add(sum_re[k - 1], cosine, a);
      b = mul_add(sum_im[k - 1], cosine, b);
      if (j > 0) {
        const Floats sine = set(C::kSin[k * j % L]);
        a = neg_mul_add(difference_im[k - 1], sine, a);
        b = mul_add(difference_re[k - 1], sine, b);
      }
    }
    xr[j] = a;
    xi[j] = b;
  }
}

template <int L>
HWY_NOINLINE void inverse(const Grid& grid, const Planes& planes, std::int64_t row, int first_column, int columns) {
  using H = Half<L>;
  for (int c = 0; c < columns; c += kLanes) {
    const float* in = planes.base + row * planes.row + first_column + c;
    const auto get_re = [&](int plane) HWY_ATTR { return load(in + plane * planes.plane); };
    const auto get_im = [&](int plane) HWY_ATTR { return load(in + plane * planes.plane + planes.imaginary); };
    Floats real[H::kReal][kSide];
    Floats re[H::kPairs][kSide];
    Floats im[H::kPairs][kSide];
    for (int r = 0; r < H::kReal; ++r) {
      Floats line_real[H::kReal], line_re[H::kPairs], line_im[H::kPairs];
      for (int s = 0; s < H::kReal; ++s) line_real[s] = get_re(H::kComplexPlanes + r * H::kReal + s);
      for (int k = 0; k < H::kPairs; ++k) {
        line_re[k] = get_re(r * H::kPairs + k);
        line_im[k] = get_im(r * H::kPairs + k);
      }
      real_inverse<L>(line_real, line_re, line_im, real[r]);
    }
    for (int q = 0; q < H::kPairs; ++q) {
      Floats zr[L], zi[L];
      for (int k = 0; k < L; ++k) {
        zr[k] = get_re(H::kReal * H::kPairs + q * L + k);
        zi[k] = get_im(H::kReal * H::kPairs + q * L + k);
      }
      complex_inverse<L>(zr, zi, re[q], im[q]);
    }
    const Floats scale = set(1.0F / (L * L));
    for (int y = 0; y < grid.height; ++y) {
      Floats line_real[H::kReal], line_re[H::kPairs], line_im[H::kPairs], x[kSide];
      for (int r = 0; r < H::kReal; ++r) line_real[r] = hn::Mul(real[r][y], scale);
      for (int k = 0; k < H::kPairs; ++k) {
        line_re[k] = hn::Mul(re[k][y], scale);
        line_im[k] = hn::Mul(im[k][y], scale);
      }
      real_inverse<L>(line_real, line_re, line_im, x);
      float* to = grid.data + (grid.first + y * grid.y_step) * grid.position + c;
#pragma GCC unroll 8
      for (int i = 0; i < kSide; ++i) {
        if (i < grid.width) store(to + i * grid.x_step * grid.position, x[i]);
      }
    }
  }
}

HWY_INLINE int turn(int frequency, int shift, int length) {
  return ((frequency * shift) % length + length) % length;
}

template <int L>
HWY_NOINLINE void weights(const Taps& taps, const float* w, std::int64_t tap_stride, float* out, std::int64_t plane,
                          std::int64_t part, int columns) {
  using C = Circle<L>;
  using H = Half<L>;
  for (int c = 0; c < columns; c += kLanes) {
    // Along x for each row of taps: frequencies 0 .. L / 2.
    Floats line_re[H::kPairs + H::kReal][5];
    Floats line_im[H::kPairs + H::kReal][5];
    for (int a = 0; a < taps.rows; ++a) {
      for (int k = 0; k < H::kPairs + H::kReal; ++k) line_re[k][a] = line_im[k][a] = hn::Zero(kFloats);
      for (int b = 0; b < taps.columns; ++b) {
        const Floats value = load(w + (taps.row_tap[a] * taps.kernel_width + taps.column_tap[b]) * tap_stride + c);
        for (int k = 0; k < H::kPairs + H::kReal; ++k) {
          const int t = turn(k, taps.column_shift[b], L);
          line_re[k][a] = mul_add(value, set(C::kCos[t]), line_re[k][a]);
          line_im[k][a] = mul_add(value, set(C::kSin[t]), line_im[k][a]);
        }
      }
    }
    const auto at = [&](int kx, int ky, Floats& re, Floats& im) HWY_ATTR {
      re = im = hn::Zero(kFloats);
      for (int a = 0; a < taps.rows; ++a) {
        const int t = turn(ky, taps.row_shift[a], L);
        const Floats cosine = set(C::kCos[t]);
        const Floats sine = set(C::kSin[t]);
        re = neg_mul_add(line_im[kx][a], sine, mul_add(line_re[kx][a], cosine, re));
        im = mul_add(line_im[kx][a], cosine, mul_add(line_re[kx][a], sine, im));
      }
    };
    const auto put = [&](int f, Floats re, Floats im) HWY_ATTR {
      float* to = out + f * plane + c;
      hn::Stream(re, kFloats, to);
      hn::Stream(im, kFloats, to + part);
      hn::Stream(hn::Add(re, im), kFloats, to + 2 * part);
    };
    Floats re, im;
    for (int r = 0; r < H::kReal; ++r) {
      const int kx = r * (L / 2);
      for (int s = 0; s < H::kReal; ++s) {
        at(kx, s * (L / 2), re, im);
        hn::Stream(re, kFloats, out + (H::kComplexPlanes + r * H::kReal + s) * plane + c);
      }
      for (int k = 1; k <= H::kPairs; ++k) {
        at(kx, k, re, im);
        put(r * H::kPairs + k - 1, re, im);
      }
    }
    for (int q = 1; q <= H::kPairs; ++q) {
      for (int k = 0; k < L; ++k) {
        at(q, k, re, im);
        put(H::kReal * H::kPairs + (q - 1) * L + k, re, im);
      }
    }
  }
}

template <int L>
HWY_NOINLINE void weight_gradient(const Taps& taps, const float* z, std::int64_t plane, std::int64_t part, float* g,
                                  std::int64_t tap_stride, int columns) {
  using C = Circle<L>;
  using H = Half<L>;
  for (int c = 0; c < columns; c += kLanes) {
    // Over ky for each row of taps; a real column is Hermitian in ky.
    Floats line_re[H::kPairs + H::kReal][5];
    Floats line_im[H::kPairs + H::kReal][5];
    for (int a = 0; a < taps.rows; ++a) {
      for (int r = 0; r < H::kReal; ++r) {
        Floats sum = hn::Zero(kFloats);
        for (int k = 1; k <= H::kPairs; ++k) {
          const float* at = z + (r * H::kPairs + k - 1) * plane + c;
          const int t = turn(k, taps.row_shift[a], L);
          sum = neg_mul_add(load(at + part), set(C::kSin[t]), mul_add(load(at), set(C::kCos[t]), sum));
        }
        sum = hn::Add(sum, sum);
        for (int s = 0; s < H::kReal; ++s) {
          const Floats value = load(z + (H::kComplexPlanes + r * H::kReal + s) * plane + c);
          sum = mul_add(value, set(C::kCos[turn(s * (L / 2), taps.row_shift[a], L)]), sum);
        }
        line_re[r == 0 ? 0 : H::kPairs + r][a] = sum;
        line_im[r == 0 ? 0 : H::kPairs + r][a] = hn::Zero(kFloats);
      }
      for (int q = 1; q <= H::kPairs; ++q) {
        Floats re = hn::Zero(kFloats);
        Floats im = hn::Zero(kFloats);
        for (int k = 0; k < L; ++k) {
          const float* at = z + (H::kReal * H::kPairs + (q - 1) * L + k) * plane + c;
          const int t = turn(k, taps.row_shift[a], L);
          const Floats zr = load(at);
          const Floats zi = load(at + part);
          re = neg_mul_add(zi, set(C::kSin[t]), mul_add(zr, set(C::kCos[t]), re));
          im = mul_add(zi, set(C::kCos[t]), mul_add(zr, set(C::kSin[t]), im));
        }
        line_re[q][a] = re;
        line_im[q][a] = im;
      }
    }
    const Floats scale = set(1.0F / (L * L));
    for (int a = 0; a < taps.rows; ++a) {
      for (int b = 0; b < taps.columns; ++b) {
        Floats sum = hn::Zero(kFloats);
        for (int q = 1; q <= H::kPairs; ++q) {
          const int t = turn(q, taps.column_shift[b], L);
          sum = neg_mul_add(line_im[q][a], set(C::kSin[t]), mul_add(line_re[q][a], set(C::kCos[t]), sum));
        }
        sum = hn::Add(hn::Add(sum, sum), line_re[0][a]);
        if constexpr (H::kReal == 2) {
          sum = mul_add(line_re[H::kPairs + 1][a], set(C::kCos[turn(L / 2, taps.column_shift[b], L)]), sum);
        }
        store(g + (taps.row_tap[a] * taps.kernel_width + taps.column_tap[b]) * tap_stride + c, hn::Mul(sum, scale));
      }
    }
  }
}

void forward_any(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column, int columns) {
  (length == 8 ? forward<8> : forward<9>)(grid, planes, row, first_column, columns);
  hwy::FlushStream();
}
void inverse_any(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column, int columns) {
  (length == 8 ? inverse<8> : inverse<9>)(grid, planes, row, first_column, columns);
}
void weights_any(int length, const Taps& taps, const float* w, std::int64_t tap_stride, float* out, std::int64_t plane,
                 std::int64_t part, int columns) {
  (length == 8 ? weights<8> : weights<9>)(taps, w, tap_stride, out, plane, part, columns);
  hwy::FlushStream();
}
void weight_gradient_any(int length, const Taps& taps, const float* z, std::int64_t plane, std::int64_t part, float* g,
                         std::int64_t tap_stride, int columns) {
  (length == 8 ? weight_gradient<8> : weight_gradient<9>)(taps, z, plane, part, g, tap_stride, columns);
}

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

HWY_EXPORT(forward_any);
HWY_EXPORT(inverse_any);
HWY_EXPORT(weights_any);
HWY_EXPORT(weight_gradient_any);
HWY_EXPORT(third_any);
HWY_EXPORT(combine_any);
HWY_EXPORT(stream_any);
HWY_EXPORT(transpose_any);

void spectral_forward(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column,
                      int columns) {
  HWY_DYNAMIC_DISPATCH(forward_any)(length, grid, planes, row, first_column, columns);
}
void spectral_inverse(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column,
                      int columns) {
  HWY_DYNAMIC_DISPATCH(inverse_any)(length, grid, planes, row, first_column, columns);
}
void spectral_weights(int length, const Taps& taps, const float* w, std::int64_t tap_stride, float* out,
                      std::int64_t plane, std::int64_t part, int columns) {
  HWY_DYNAMIC_DISPATCH(weights_any)(length, taps, w, tap_stride, out, plane, part, columns);
}
void spectral_weight_gradient(int length, const Taps& taps, const float* z, std::int64_t plane, std::int64_t part,
                              float* g, std::int64_t tap_stride, int columns) {
  HWY_DYNAMIC_DISPATCH(weight_gradient_any)(length, taps, z, plane, part, g, tap_stride, columns);
}
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
