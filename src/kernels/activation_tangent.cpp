#include "kernels/activation_tangent.hpp"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/activation_tangent.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/curve-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

constexpr bool is_bent(Curve curve) {
  return curve == Curve::elu || curve == Curve::tanh || curve == Curve::sigmoid;
}

// d2f/dx2 of a curve that is bent; y is the output before dropout.
template <Curve kCurve>
HWY_INLINE Floats second_derivative(const Activation& f, Floats y) {
  const Floats one = set(1.0F);
  if constexpr (kCurve == Curve::elu) {
    return hn::IfThenZeroElse(positive(y), hn::Add(y, set(f.alpha)));
  } else if constexpr (kCurve == Curve::tanh) {
    return hn::Mul(hn::Mul(set(-2.0F), y), neg_mul_add(y, y, one));
  } else {
    static_assert(kCurve == Curve::sigmoid);
    return hn::Mul(hn::Mul(y, hn::Sub(one, y)), neg_mul_add(set(2.0F), y, one));
  }
}

struct DropScales {
  explicit DropScales(float rate) : threshold(static_cast<int>(std::lround(rate * 65536))) {}
  int threshold;
  float keep() const { return static_cast<float>(1 / (1 - threshold / 65536.0)); }
  float unkeep() const { return static_cast<float>(1 - threshold / 65536.0); }
};

// What both directions read of one vector.
struct Point {
  Point() {}  // NOLINT: an implicit constructor would not have the target's attributes
  Floats pre, pre_tangent, y, first, slope, slope_tangent;
};

template <Curve kCurve>
HWY_INLINE Point point_at(const ActivateTangent& a, std::int64_t e, int column, Floats unkeep) {
  Point p;
  p.pre = load(a.x + e);
  p.pre_tangent = load(a.x_tangent + e);
  if (a.shift != nullptr) p.pre = hn::Add(p.pre, load(a.shift + column));
  if (a.shift_tangent != nullptr) p.pre_tangent = hn::Add(p.pre_tangent, load(a.shift_tangent + column));
  p.y = p.slope = p.slope_tangent = hn::Zero(kFloats);
  if constexpr (is_bent(kCurve)) p.y = hn::Mul(load(a.y + e), unkeep);
  if constexpr (kCurve == Curve::prelu) {
    p.slope = load(a.slope + column);
    if (a.slope_tangent != nullptr) p.slope_tangent = load(a.slope_tangent + column);
  }
  if constexpr (kCurve == Curve::rrelu) {  // y / x is the slope, dropout's factor included
    p.first = hn::IfThenElseZero(hn::Ne(p.pre, hn::Zero(kFloats)), hn::Div(load(a.y + e), p.pre));
  } else {
    p.first = derivative<kCurve>(a.f, true, p.pre, p.y, p.slope);
  }
  return p;
}

template <Curve kCurve>
HWY_INLINE Floats dropped(Floats v, bool drops, std::uint16_t kept, int part, Floats keep) {
  if (kCurve == Curve::rrelu || !drops) return v;
  return hn::IfThenElseZero(mask_of(kept, part), hn::Mul(v, keep));
}

template <Curve kCurve>
void forward_tangent(const ActivateTangent& given) {
  const ActivateTangent a = given;  // no store of floats changes it, as the compiler sees
  const DropScales scales(a.rate);
  const Floats keep = set(scales.keep());
  const Floats unkeep = set(scales.unkeep());
  const bool drops = a.kept != nullptr;
  int column = 0;
  for (std::int64_t e = 0; e < a.count; e += 16) {
    const std::uint16_t kept = drops ? a.kept[e / 16] : 0;
    for (int part = 0; part < kParts; ++part) {
      const int lane = part * kLanes;
      const Point p = point_at<kCurve>(a, e + lane, column + lane, unkeep);
      Floats v = hn::Mul(p.first, p.pre_tangent);
      if constexpr (kCurve == Curve::prelu) v = mul_add(p.slope_tangent, hn::Min(p.pre, hn::Zero(kFloats)), v);
      store(a.y_tangent + e + lane, dropped<kCurve>(v, drops, kept, part, keep));
    }
    column += 16;
    if (column == a.period) column = 0;
  }
}

struct TangentSums {
  TangentSums() {}  // NOLINT
  Floats plain[kParts];
  Floats slope[kParts];
};

HWY_INLINE Floats within(Floats v, std::int64_t valid, int lane) {
  if (valid >= 16) return v;
  return hn::IfThenElseZero(hn::FirstN(kFloats, valid > lane ? static_cast<std::size_t>(valid - lane) : 0), v);
}

template <Curve kCurve>
HWY_INLINE void backward_tangent_piece(const ActivateBackwardTangent& b, std::int64_t e, int column, Floats keep,
                                       Floats unkeep, std::int64_t valid, TangentSums& sums) {
  const ActivateTangent& a = b.forward;
  const bool drops = a.kept != nullptr;
  const std::uint16_t kept = drops ? a.kept[e / 16] : 0;
  for (int part = 0; part < kParts; ++part) {
    const int lane = part * kLanes;
    const Point p = point_at<kCurve>(a, e + lane, column + lane, unkeep);
    const float* const from = b.from != nullptr ? b.from : b.g_tangent;
    const Floats g_tangent = dropped<kCurve>(load(from + e + lane), drops, kept, part, keep);
    Floats v = hn::Mul(p.first, g_tangent);
    if constexpr (is_bent(kCurve)) {
      const Floats g = dropped<kCurve>(load(b.g + e + lane), drops, kept, part, keep);
      v = mul_add(hn::Mul(second_derivative<kCurve>(a.f, p.y), p.pre_tangent), g, v);
    }
    if constexpr (kCurve == Curve::prelu) {
      const Floats g =
          hn::IfThenZeroElse(positive(p.pre), dropped<kCurve>(load(b.g + e + lane), drops, kept, part, keep));
      v = mul_add(p.slope_tangent, g, v);
      Floats of_slope = hn::Mul(g_tangent, hn::Min(p.pre, hn::Zero(kFloats)));
      of_slope = mul_add(g, p.pre_tangent, of_slope);
      sums.slope[part] = hn::Add(sums.slope[part], within(of_slope, valid, lane));
    }
    store(b.g_tangent + e + lane, v);
    sums.plain[part] = hn::Add(sums.plain[part], within(v, valid, lane));
  }
}

// So many vectors of sixteen lanes side by side keep their sums in registers.
constexpr int kTangentPieces = kParts == 1 ? 4 : 2;

template <Curve kCurve, int kCount>
HWY_INLINE void backward_tangent_columns(const ActivateBackwardTangent& b, int column, Floats keep, Floats unkeep) {
  const std::int64_t count = b.forward.count;
  TangentSums sums[kCount];
  for (TangentSums& of : sums) {
    for (int part = 0; part < kParts; ++part) of.plain[part] = of.slope[part] = hn::Zero(kFloats);
  }
  std::int64_t e = column;
  for (; e + 16 * kCount <= count; e += b.forward.period) {
    for (int i = 0; i < kCount; ++i)
      backward_tangent_piece<kCurve>(b, e + 16 * i, column + 16 * i, keep, unkeep, 16, sums[i]);
  }
  for (int i = 0; i < kCount && e + 16 * i < count; ++i) {
    backward_tangent_piece<kCurve>(b, e + 16 * i, column + 16 * i, keep, unkeep,
                                   std::min<std::int64_t>(16, count - e - 16 * i), sums[i]);
  }
  for (int i = 0; i < kCount; ++i) {
    for (int part = 0; part < kParts; ++part) {
      const int lane = column + 16 * i + part * kLanes;
      if (b.sum != nullptr) store(b.sum + lane, sums[i].plain[part]);
      if (b.sum_slope != nullptr) store(b.sum_slope + lane, sums[i].slope[part]);
    }
  }
}

template <Curve kCurve>
void backward_tangent(const ActivateBackwardTangent& given) {
  const ActivateBackwardTangent b = given;
  const DropScales scales(b.forward.rate);
  const Floats keep = set(scales.keep());
  const Floats unkeep = set(scales.unkeep());
  int column = 0;
  for (; column + 16 * kTangentPieces <= b.forward.period; column += 16 * kTangentPieces)
    backward_tangent_columns<kCurve, kTangentPieces>(b, column, keep, unkeep);
  for (; column < b.forward.period; column += 16) backward_tangent_columns<kCurve, 1>(b, column, keep, unkeep);
}

void activate_tangent_any(const ActivateTangent& a) {
  with_curve(a.f.curve, [&](auto curve) { forward_tangent<decltype(curve)::value>(a); });
}
void activate_backward_tangent_any(const ActivateBackwardTangent& a) {
  with_curve(a.forward.f.curve, [&](auto curve) { backward_tangent<decltype(curve)::value>(a); });
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(activate_tangent_any);
HWY_EXPORT(activate_backward_tangent_any);

void activate_tangent(const ActivateTangent& a) {
  HWY_DYNAMIC_DISPATCH(activate_tangent_any)(a);
}
void activate_backward_tangent(const ActivateBackwardTangent& a) {
  HWY_DYNAMIC_DISPATCH(activate_backward_tangent_any)(a);
}

namespace plain {
namespace {

struct Slopes {
  double first, second;
};

Slopes slopes_of(const Activation& f, double x, double slope) {
  switch (f.curve) {
    case Curve::linear:
      return {1, 0};
    case Curve::relu:
      return {x >= f.max_value ? 0.0 : x >= f.threshold ? 1.0 : f.negative_slope, 0};
    case Curve::leaky_relu:
      return {x > 0 ? 1.0 : f.negative_slope, 0};
    case Curve::prelu:
    case Curve::rrelu:
      return {x > 0 ? 1.0 : slope, 0};
    case Curve::elu:
      return x > 0 ? Slopes{1, 0} : Slopes{f.alpha * std::exp(x), f.alpha * std::exp(x)};
    case Curve::tanh: {
      const double y = std::tanh(x);
      return {1 - y * y, -2 * y * (1 - y * y)};
    }
    case Curve::sigmoid: {
      const double y = 1 / (1 + std::exp(-x));
      return {y * (1 - y), y * (1 - y) * (1 - 2 * y)};
    }
  }
  return {0, 0};
}

// One element as both directions see it.
struct Element {
  double pre, pre_tangent, first, second, keep, slope_tangent;
};

Element element_of(const ActivateTangent& a, std::int64_t e) {
  const std::int64_t column = e % a.period;
  const auto at = [&](const float* row) { return row != nullptr ? double{row[column]} : 0.0; };
  const double pre = a.x[e] + at(a.shift);
  double keep = 1;
  if (a.kept != nullptr)
    keep = (a.kept[e / 16] >> (e % 16) & 1) != 0 ? 1 / (1 - std::lround(a.rate * 65536) / 65536.0) : 0;
  double slope = at(a.slope);
  if (a.f.curve == Curve::rrelu && keep > 0 && pre != 0) slope = a.y[e] / keep / pre;
  const Slopes s = slopes_of(a.f, pre, slope);
  const double turn = a.f.curve == Curve::prelu ? at(a.slope_tangent) : 0;
  return {pre, a.x_tangent[e] + at(a.shift_tangent), s.first, s.second, keep, turn};
}

}  // namespace

void activate_tangent(const ActivateTangent& a) {
  for (std::int64_t e = 0; e < a.count; ++e) {
    const Element at = element_of(a, e);
    a.y_tangent[e] =
        static_cast<float>(at.keep * (at.first * at.pre_tangent + at.slope_tangent * std::min(at.pre, 0.0)));
  }
}

void activate_backward_tangent(const ActivateBackwardTangent& b) {
  const int period = b.forward.period;
  for (int column = 0; column < period; ++column) {
    double sum = 0, sum_slope = 0;
    for (std::int64_t e = column; e < b.forward.count; e += period) {
      const Element at = element_of(b.forward, e);
      const double g = at.keep * b.g[e], g_tangent = at.keep * (b.from != nullptr ? b.from : b.g_tangent)[e];
      const double below = at.pre > 0 ? 0 : g;
      const double v = at.first * g_tangent + at.second * at.pre_tangent * g + at.slope_tangent * below;
      b.g_tangent[e] = static_cast<float>(v);
      sum += v;
      sum_slope += g_tangent * std::min(at.pre, 0.0) + below * at.pre_tangent;
    }
    if (b.sum != nullptr) b.sum[column] = static_cast<float>(sum);
    if (b.sum_slope != nullptr) b.sum_slope[column] = static_cast<float>(sum_slope);
  }
}

}  // namespace plain
}  // namespace ganymede::kernels
#endif
