#include "kernels/spectral.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/spectral_weights.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/spectral-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

HWY_INLINE int turn(int frequency, int shift, int length) {
  return ((frequency * shift) % length + length) % length;
}

// Planes of weights: parts of f32 beside each other for three real products, or bf16 pairs.
struct ThreeParts {
  float* base;
  std::int64_t plane, part;
  HWY_INLINE void put(std::int64_t at, Floats re, Floats im) const {
    hn::Stream(re, kFloats, base + at);
    hn::Stream(im, kFloats, base + at + part);
    hn::Stream(hn::Add(re, im), kFloats, base + at + 2 * part);
  }
  HWY_INLINE void put_real(std::int64_t at, Floats re) const { hn::Stream(re, kFloats, base + at); }
};
struct Pairs {
  std::uint32_t* base;
  std::int64_t plane;
  HWY_INLINE void put(std::int64_t at, Floats re, Floats im) const {
    hn::StoreU(round_pair(re, im), kWords, base + at);
  }
  HWY_INLINE void put_real(std::int64_t at, Floats re) const { put(at, re, hn::Zero(kFloats)); }
};

template <int L, class Out>
HWY_NOINLINE void weights(const Taps& taps, const float* w, std::int64_t tap_stride, const Out& out, int columns) {
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
    Floats re, im;
    for (int r = 0; r < H::kReal; ++r) {
      const int kx = r * (L / 2);
      for (int s = 0; s < H::kReal; ++s) {
        at(kx, s * (L / 2), re, im);
        out.put_real((H::kComplexPlanes + r * H::kReal + s) * out.plane + c, re);
      }
      for (int k = 1; k <= H::kPairs; ++k) {
        at(kx, k, re, im);
        out.put((r * H::kPairs + k - 1) * out.plane + c, re, im);
      }
    }
    for (int q = 1; q <= H::kPairs; ++q) {
      for (int k = 0; k < L; ++k) {
        at(q, k, re, im);
        out.put((H::kReal * H::kPairs + (q - 1) * L + k) * out.plane + c, re, im);
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

void weights_any(int length, const Taps& taps, const float* w, std::int64_t tap_stride, float* out, std::int64_t plane,
                 std::int64_t part, int columns) {
  const ThreeParts to{out, plane, part};
  (length == 8 ? weights<8, ThreeParts> : weights<9, ThreeParts>)(taps, w, tap_stride, to, columns);
  hwy::FlushStream();
}
void weight_pairs(int length, const Taps& taps, const float* w, std::int64_t tap_stride, std::uint32_t* out,
                  std::int64_t plane, int columns) {
  const Pairs to{out, plane};
  (length == 8 ? weights<8, Pairs> : weights<9, Pairs>)(taps, w, tap_stride, to, columns);
}
void weight_gradient_any(int length, const Taps& taps, const float* z, std::int64_t plane, std::int64_t part, float* g,
                         std::int64_t tap_stride, int columns) {
  (length == 8 ? weight_gradient<8> : weight_gradient<9>)(taps, z, plane, part, g, tap_stride, columns);
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(weights_any);
HWY_EXPORT(weight_pairs);
HWY_EXPORT(weight_gradient_any);

void spectral_weights(int length, const Taps& taps, const float* w, std::int64_t tap_stride, float* out,
                      std::int64_t plane, std::int64_t part, int columns) {
  HWY_DYNAMIC_DISPATCH(weights_any)(length, taps, w, tap_stride, out, plane, part, columns);
}
void spectral_weight_pairs(int length, const Taps& taps, const float* w, std::int64_t tap_stride, Pair* out,
                           std::int64_t plane, int columns) {
  HWY_DYNAMIC_DISPATCH(weight_pairs)(length, taps, w, tap_stride, out, plane, columns);
}
void spectral_weight_gradient(int length, const Taps& taps, const float* z, std::int64_t plane, std::int64_t part,
                              float* g, std::int64_t tap_stride, int columns) {
  HWY_DYNAMIC_DISPATCH(weight_gradient_any)(length, taps, z, plane, part, g, tap_stride, columns);
}

}  // namespace ganymede::kernels
#endif
