#include "kernels/spectral.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/spectral_transform.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/spectral-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

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

template <int L, class P>
HWY_NOINLINE void forward(const Grid& grid, const P& planes, std::int64_t row, int first_column, int columns) {
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
    const std::int64_t at = row * planes.row + first_column + c;
    const auto put_at = [&](int plane, Floats value_re, Floats value_im)
                            HWY_ATTR { put(planes, at + plane * planes.plane, value_re, value_im); };
    Floats line_real[H::kReal], line_re[H::kPairs], line_im[H::kPairs];
    for (int r = 0; r < H::kReal; ++r) {
      real_transform<L>(real[r], line_real, line_re, line_im);
      for (int s = 0; s < H::kReal; ++s)
        put_real(planes, at + (H::kComplexPlanes + r * H::kReal + s) * planes.plane, line_real[s]);
      for (int k = 0; k < H::kPairs; ++k) put_at(r * H::kPairs + k, line_re[k], line_im[k]);
    }
    for (int q = 0; q < H::kPairs; ++q) {
      Floats other_real[H::kReal], other_re[H::kPairs], other_im[H::kPairs];
      real_transform<L>(re[q], line_real, line_re, line_im);
      real_transform<L>(im[q], other_real, other_re, other_im);
      const int first = H::kReal * H::kPairs + q * L;
      put_at(first, line_real[0], other_real[0]);
      if constexpr (H::kReal == 2) put_at(first + L / 2, line_real[H::kReal - 1], other_real[H::kReal - 1]);
      for (int k = 1; k <= H::kPairs; ++k) {
        put_at(first + k, hn::Sub(line_re[k - 1], other_im[k - 1]), hn::Add(line_im[k - 1], other_re[k - 1]));
        put_at(first + L - k, hn::Add(line_re[k - 1], other_im[k - 1]), hn::Sub(other_re[k - 1], line_im[k - 1]));
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

template <int L, class P>
HWY_NOINLINE void inverse(const Grid& grid, const P& planes, std::int64_t row, int first_column, int columns) {
  using H = Half<L>;
  for (int c = 0; c < columns; c += kLanes) {
    const std::int64_t at = row * planes.row + first_column + c;
    const auto re_of = [&](int plane) HWY_ATTR { return get_re(planes, at + plane * planes.plane); };
    const auto im_of = [&](int plane) HWY_ATTR { return get_im(planes, at + plane * planes.plane); };
    Floats real[H::kReal][kSide];
    Floats re[H::kPairs][kSide];
    Floats im[H::kPairs][kSide];
    for (int r = 0; r < H::kReal; ++r) {
      Floats line_real[H::kReal], line_re[H::kPairs], line_im[H::kPairs];
      for (int s = 0; s < H::kReal; ++s) line_real[s] = re_of(H::kComplexPlanes + r * H::kReal + s);
      for (int k = 0; k < H::kPairs; ++k) {
        line_re[k] = re_of(r * H::kPairs + k);
        line_im[k] = im_of(r * H::kPairs + k);
      }
      real_inverse<L>(line_real, line_re, line_im, real[r]);
    }
    for (int q = 0; q < H::kPairs; ++q) {
      Floats zr[L], zi[L];
      for (int k = 0; k < L; ++k) {
        zr[k] = re_of(H::kReal * H::kPairs + q * L + k);
        zi[k] = im_of(H::kReal * H::kPairs + q * L + k);
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

void forward_any(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column, int columns) {
  (length == 8 ? forward<8, Planes> : forward<9, Planes>)(grid, planes, row, first_column, columns);
  hwy::FlushStream();
}
void inverse_any(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column, int columns) {
  (length == 8 ? inverse<8, Planes> : inverse<9, Planes>)(grid, planes, row, first_column, columns);
}
void forward_pairs(int length, const Grid& grid, const PairPlanes& planes, std::int64_t row, int first_column,
                   int columns) {
  (length == 8 ? forward<8, PairPlanes> : forward<9, PairPlanes>)(grid, planes, row, first_column, columns);
  hwy::FlushStream();
}
void inverse_pairs(int length, const Grid& grid, const PairPlanes& planes, std::int64_t row, int first_column,
                   int columns) {
  (length == 8 ? inverse<8, PairPlanes> : inverse<9, PairPlanes>)(grid, planes, row, first_column, columns);
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(forward_any);
HWY_EXPORT(inverse_any);
HWY_EXPORT(forward_pairs);
HWY_EXPORT(inverse_pairs);

void spectral_forward(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column,
                      int columns) {
  HWY_DYNAMIC_DISPATCH(forward_any)(length, grid, planes, row, first_column, columns);
}
void spectral_forward(int length, const Grid& grid, const PairPlanes& planes, std::int64_t row, int first_column,
                      int columns) {
  HWY_DYNAMIC_DISPATCH(forward_pairs)(length, grid, planes, row, first_column, columns);
}
void spectral_inverse(int length, const Grid& grid, const Planes& planes, std::int64_t row, int first_column,
                      int columns) {
  HWY_DYNAMIC_DISPATCH(inverse_any)(length, grid, planes, row, first_column, columns);
}
void spectral_inverse(int length, const Grid& grid, const PairPlanes& planes, std::int64_t row, int first_column,
                      int columns) {
  HWY_DYNAMIC_DISPATCH(inverse_pairs)(length, grid, planes, row, first_column, columns);
}

}  // namespace ganymede::kernels
#endif
