#include "kernels/narrow_head.hpp"

#include <algorithm>

#include "kernels/narrow.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/narrow_head.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/curve-inl.hpp"

// How it works. A hidden layer of a small perceptron is written once and read once each way; everything between it and
// the logit happens in registers. Forward, lanes run over columns and four rows go side by side, so that their sums do
// not wait for each other. Backward, a few vectors of columns go down all rows with their sums in registers.

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

constexpr int kRowsAtOnce = 4;

// Curves as the loops see them. One of straight lines has no second derivative, and its first costs no output.
struct PlainRelu {
  HWY_INLINE Floats at(Floats pre) const { return hn::Max(pre, hn::Zero(kFloats)); }
  HWY_INLINE Floats times_slope(Floats v, Floats pre) const {
    return hn::IfThenElseZero(hn::Ge(pre, hn::Zero(kFloats)), v);
  }
  HWY_INLINE Floats times_slope_of_output(Floats v, Floats a) const { return hn::IfThenElseZero(positive(a), v); }
};

struct LeakyRelu {
  explicit LeakyRelu(const Activation& of) : f(of) {}
  HWY_INLINE Floats at(Floats pre) const { return apply<Curve::leaky_relu>(f, pre, pre); }
  HWY_INLINE Floats times_slope(Floats v, Floats pre) const {
    return hn::Mul(v, derivative<Curve::leaky_relu>(f, true, pre, pre, pre));
  }
  HWY_INLINE Floats times_slope_of_output(Floats v, Floats a) const {
    return hn::Mul(v, derivative<Curve::leaky_relu>(f, false, a, a, a));
  }
  Activation f;
};

template <class F>
void with_lines(const Activation& f, F&& use) {
  if (f.curve == Curve::relu) return use(PlainRelu());
  use(LeakyRelu(f));
}

template <int kRows, class Lines>
HWY_INLINE void dot_rows(Lines curve, const NarrowHead& h, std::int64_t r, float* lanes) {
  const float* const x = h.x + r * h.row;
  for (int part = 0; part < kParts; ++part) {
    Floats sum[kRows];
    for (int i = 0; i < kRows; ++i) sum[i] = hn::Zero(kFloats);
    for (int c = part * kLanes; c < h.columns; c += 16) {
      const Floats shift = load(h.shift + c), w = load(h.w + c);
      for (int i = 0; i < kRows; ++i) {
        const Floats pre = hn::Add(load(x + i * h.row + c), shift);
        sum[i] = mul_add(curve.at(pre), w, sum[i]);
      }
    }
    for (int i = 0; i < kRows; ++i) store(lanes + i * 16 + part * kLanes, sum[i]);
  }
}

void head_lanes(const NarrowHead& given, std::int64_t first, std::int64_t rows, float* lanes) {
  const NarrowHead h = given;  // no store of floats changes it, as the compiler sees
  with_lines(h.f, [&](auto curve) {
    std::int64_t r = 0;
    for (; r + kRowsAtOnce <= rows; r += kRowsAtOnce) dot_rows<kRowsAtOnce>(curve, h, first + r, lanes + 16 * r);
    for (; r < rows; ++r) dot_rows<1>(curve, h, first + r, lanes + 16 * r);
  });
}

// The lanes of a' w and of a w', each if wanted.
template <bool kWeightMoves, int kRows, class Lines>
HWY_INLINE void dot_tangents(Lines curve, const NarrowHeadTangent& t, std::int64_t r, float* of_input,
                             float* of_weight) {
  const NarrowHead& h = t.head;
  const float* const x = h.x + r * h.row;
  const float* const moved = t.x + r * h.row;
  for (int part = 0; part < kParts; ++part) {
    Floats sum[kRows], other[kRows];
    for (int i = 0; i < kRows; ++i) sum[i] = other[i] = hn::Zero(kFloats);
    for (int c = part * kLanes; c < h.columns; c += 16) {
      const Floats shift = load(h.shift + c), w = load(h.w + c);
      const Floats shift_tangent = t.shift != nullptr ? load(t.shift + c) : hn::Zero(kFloats);
      Floats w_tangent = w;
      if constexpr (kWeightMoves) w_tangent = load(t.w + c);
      for (int i = 0; i < kRows; ++i) {
        const Floats pre = hn::Add(load(x + i * h.row + c), shift);
        Floats pre_tangent = load(moved + i * h.row + c);
        if (t.shift != nullptr) pre_tangent = hn::Add(pre_tangent, shift_tangent);
        sum[i] = mul_add(curve.times_slope(pre_tangent, pre), w, sum[i]);
        if constexpr (kWeightMoves) other[i] = mul_add(curve.at(pre), w_tangent, other[i]);
      }
    }
    for (int i = 0; i < kRows; ++i) {
      store(of_input + i * 16 + part * kLanes, sum[i]);
      if constexpr (kWeightMoves) store(of_weight + i * 16 + part * kLanes, other[i]);
    }
  }
}

template <bool kWeightMoves, class Lines>
void tangent_rows(Lines curve, const NarrowHeadTangent& t, std::int64_t first, std::int64_t rows, float* of_input,
                  float* of_weight) {
  std::int64_t r = 0;
  for (; r + kRowsAtOnce <= rows; r += kRowsAtOnce) {
    dot_tangents<kWeightMoves, kRowsAtOnce>(curve, t, first + r, of_input + 16 * r, of_weight + 16 * r);
  }
  for (; r < rows; ++r) dot_tangents<kWeightMoves, 1>(curve, t, first + r, of_input + 16 * r, of_weight + 16 * r);
}

void head_tangent_lanes(const NarrowHeadTangent& given, std::int64_t first, std::int64_t rows, float* of_input,
                        float* of_weight) {
  const NarrowHeadTangent t = given;
  with_lines(t.head.f, [&](auto curve) {
    if (t.w != nullptr) {
      tangent_rows<true>(curve, t, first, rows, of_input, of_weight);
    } else {
      tangent_rows<false>(curve, t, first, rows, of_input, of_weight);
    }
  });
}

// So many vectors of sixteen lanes go down the rows side by side.
constexpr int kBackwardPieces = kParts == 1 ? 4 : 1;
constexpr int kTangentPieces = kParts == 1 ? 2 : 1;

template <bool kSums, int kCount, class Lines>
HWY_INLINE void backward_columns(Lines curve, const NarrowHeadBackward& b, int column) {
  constexpr int kVectors = kCount * kParts;
  const NarrowHead& h = b.head;
  Floats shift[kVectors], w[kVectors], sum_shift[kVectors], sum_w[kVectors];
  for (int i = 0; i < kVectors; ++i) {
    shift[i] = load(h.shift + column + i * kLanes);
    w[i] = load(h.w + column + i * kLanes);
    sum_shift[i] = sum_w[i] = hn::Zero(kFloats);
  }
  for (std::int64_t r = 0; r < h.rows; ++r) {
    const Floats g = set(b.g[r * b.stride]);
    const std::int64_t at = r * h.row + column;
    for (int i = 0; i < kVectors; ++i) {
      const Floats pre = hn::Add(load(h.x + at + i * kLanes), shift[i]);
      const Floats a = curve.at(pre), ga = hn::Mul(g, w[i]);
      const Floats gx = b.from_output ? curve.times_slope_of_output(ga, a) : curve.times_slope(ga, pre);
      store(b.gx + at + i * kLanes, gx);
      if constexpr (kSums) {
        sum_shift[i] = hn::Add(sum_shift[i], gx);
        sum_w[i] = mul_add(g, a, sum_w[i]);
      }
    }
  }
  if constexpr (kSums) {
    for (int i = 0; i < kVectors; ++i) {
      store(b.sum_shift + column + i * kLanes, sum_shift[i]);
      store(b.sum_w + column + i * kLanes, sum_w[i]);
    }
  }
}

template <bool kSums, class Lines>
void backward_range(Lines curve, const NarrowHeadBackward& b, int first, int last) {
  int column = first;
  for (; column + 16 * kBackwardPieces <= last; column += 16 * kBackwardPieces)
    backward_columns<kSums, kBackwardPieces>(curve, b, column);
  for (; column < last; column += 16) backward_columns<kSums, 1>(curve, b, column);
}

void head_backward(const NarrowHeadBackward& given, int first, int last) {
  const NarrowHeadBackward b = given;
  with_lines(b.head.f, [&](auto curve) {
    if (b.sum_w != nullptr) {
      backward_range<true>(curve, b, first, last);
    } else {
      backward_range<false>(curve, b, first, last);
    }
  });
}

template <bool kSums, bool kWeightMoves, int kCount, class Lines>
HWY_INLINE void backward_tangent_columns(Lines curve, const NarrowHeadBackwardTangent& b, int column) {
  constexpr int kVectors = kCount * kParts;
  const NarrowHeadTangent& t = b.tangent;
  const NarrowHead& h = t.head;
  Floats shift[kVectors], w[kVectors], sum_shift[kVectors], sum_w[kVectors], sum_moved[kVectors];
  for (int i = 0; i < kVectors; ++i) {
    shift[i] = load(h.shift + column + i * kLanes);
    w[i] = load(h.w + column + i * kLanes);
    sum_shift[i] = sum_w[i] = sum_moved[i] = hn::Zero(kFloats);
  }
  for (std::int64_t r = 0; r < h.rows; ++r) {
    const Floats g = set(b.g[r * b.stride]), g_tangent = set(b.g_tangent[r * b.stride]);
    const std::int64_t at = r * h.row + column;
    for (int i = 0; i < kVectors; ++i) {
      const int c = column + i * kLanes;
      const Floats pre = hn::Add(load(h.x + at + i * kLanes), shift[i]);
      Floats ga = hn::Mul(g_tangent, w[i]);
      if constexpr (kWeightMoves) ga = hn::Add(ga, hn::Mul(g, load(t.w + c)));
      const Floats gx = curve.times_slope(ga, pre);
      store(b.gx + at + i * kLanes, gx);
      if constexpr (kSums) {
        sum_shift[i] = hn::Add(sum_shift[i], gx);
        sum_w[i] = mul_add(g_tangent, curve.at(pre), sum_w[i]);
        Floats pre_tangent = load(t.x + at + i * kLanes);
        if (t.shift != nullptr) pre_tangent = hn::Add(pre_tangent, load(t.shift + c));
        sum_moved[i] = mul_add(g, curve.times_slope(pre_tangent, pre), sum_moved[i]);
      }
    }
  }
  if constexpr (kSums) {
    for (int i = 0; i < kVectors; ++i) {
      store(b.sum_shift + column + i * kLanes, sum_shift[i]);
      store(b.sum_w + column + i * kLanes, hn::Add(sum_w[i], sum_moved[i]));
    }
  }
}

template <bool kSums, bool kWeightMoves, class Lines>
void backward_tangent_range(Lines curve, const NarrowHeadBackwardTangent& b, int first, int last) {
  int column = first;
  for (; column + 16 * kTangentPieces <= last; column += 16 * kTangentPieces)
    backward_tangent_columns<kSums, kWeightMoves, kTangentPieces>(curve, b, column);
  for (; column < last; column += 16) backward_tangent_columns<kSums, kWeightMoves, 1>(curve, b, column);
}

void head_backward_tangent(const NarrowHeadBackwardTangent& given, int first, int last) {
  const NarrowHeadBackwardTangent b = given;
  with_lines(b.tangent.head.f, [&](auto curve) {
    if (b.sum_w != nullptr && b.tangent.w != nullptr) {
      backward_tangent_range<true, true>(curve, b, first, last);
    } else if (b.sum_w != nullptr) {
      backward_tangent_range<true, false>(curve, b, first, last);
    } else if (b.tangent.w != nullptr) {
      backward_tangent_range<false, true>(curve, b, first, last);
    } else {
      backward_tangent_range<false, false>(curve, b, first, last);
    }
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(head_lanes);
HWY_EXPORT(head_tangent_lanes);
HWY_EXPORT(head_backward);
HWY_EXPORT(head_backward_tangent);

namespace {

constexpr std::int64_t kRowsOfLanes = 32;

}  // namespace

bool has_narrow_head(const Activation& f) {
  if (f.curve == Curve::relu) return f.threshold == 0 && f.negative_slope == 0 && f.max_value > 3e38F;
  return f.curve == Curve::leaky_relu;
}

void narrow_head(const NarrowHead& h, float* y, std::int64_t stride) {
  float lanes[16 * kRowsOfLanes];
  for (std::int64_t first = 0; first < h.rows; first += kRowsOfLanes) {
    const std::int64_t rows = std::min(kRowsOfLanes, h.rows - first);
    HWY_DYNAMIC_DISPATCH(head_lanes)(h, first, rows, lanes);
    fold_lanes(lanes, rows, y + first * stride, stride);
  }
}

void narrow_head_backward(const NarrowHeadBackward& b, int first, int last) {
  HWY_DYNAMIC_DISPATCH(head_backward)(b, first, last);
}

void narrow_head_tangent(const NarrowHeadTangent& t, float* y, std::int64_t stride) {
  float lanes[2][16 * kRowsOfLanes];
  float of_weight[kRowsOfLanes];
  for (std::int64_t first = 0; first < t.head.rows; first += kRowsOfLanes) {
    const std::int64_t rows = std::min(kRowsOfLanes, t.head.rows - first);
    float* const to = y + first * stride;
    HWY_DYNAMIC_DISPATCH(head_tangent_lanes)(t, first, rows, lanes[0], lanes[1]);
    fold_lanes(lanes[0], rows, to, stride);
    if (t.w == nullptr) continue;
    fold_lanes(lanes[1], rows, of_weight, 1);
    for (std::int64_t r = 0; r < rows; ++r) to[r * stride] += of_weight[r];
  }
}

void narrow_head_backward_tangent(const NarrowHeadBackwardTangent& b, int first, int last) {
  HWY_DYNAMIC_DISPATCH(head_backward_tangent)(b, first, last);
}

}  // namespace ganymede::kernels
#endif
