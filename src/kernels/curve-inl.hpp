// Included once per target by the kernel sources of activations, as vector-inl.hpp is.
#if defined(GANYMEDE_KERNELS_CURVE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GANYMEDE_KERNELS_CURVE_INL
#undef GANYMEDE_KERNELS_CURVE_INL
#else
#define GANYMEDE_KERNELS_CURVE_INL
#endif

#include <type_traits>

#include "kernels/activation.hpp"
#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

HWY_INLINE Mask positive(Floats x) {
  return hn::Gt(x, hn::Zero(kFloats));
}

HWY_INLINE Mask mask_of(std::uint16_t bits, int part) {
  const std::uint32_t shifted = static_cast<std::uint32_t>(bits) >> (part * kLanes);
  const std::uint8_t bytes[8] = {static_cast<std::uint8_t>(shifted), static_cast<std::uint8_t>(shifted >> 8)};
  return hn::LoadMaskBits(kFloats, bytes);
}

// f(x).
template <Curve kCurve>
HWY_INLINE Floats apply(const Activation& f, Floats x, Floats slope) {
  if constexpr (kCurve == Curve::relu) {
    const Floats below = hn::Mul(set(f.negative_slope), hn::Sub(x, set(f.threshold)));
    return hn::Min(hn::IfThenElse(hn::Ge(x, set(f.threshold)), x, below), set(f.max_value));
  } else if constexpr (kCurve == Curve::leaky_relu) {
    return hn::IfThenElse(positive(x), x, hn::Mul(x, set(f.negative_slope)));
  } else if constexpr (kCurve == Curve::prelu || kCurve == Curve::rrelu) {
    return hn::IfThenElse(positive(x), x, hn::Mul(x, slope));
  } else if constexpr (kCurve == Curve::elu) {
    return hn::IfThenElse(positive(x), x, hn::Mul(set(f.alpha), vector_expm1(hn::Min(x, hn::Zero(kFloats)))));
  } else if constexpr (kCurve == Curve::tanh) {
    return vector_tanh(x);
  } else if constexpr (kCurve == Curve::sigmoid) {
    return vector_sigmoid(x);
  } else {
    static_assert(kCurve == Curve::linear);
    return x;
  }
}

// df/dx. `from_x`: pre is valid; y is the output before dropout.
template <Curve kCurve>
HWY_INLINE Floats derivative(const Activation& f, bool from_x, Floats pre, Floats y, Floats slope) {
  const Floats one = set(1.0F);
  if constexpr (kCurve == Curve::relu) {
    if (!from_x) return hn::IfThenElse(positive(y), one, set(f.negative_slope));
    const Floats inner = hn::IfThenElse(hn::Ge(pre, set(f.threshold)), one, set(f.negative_slope));
    return hn::IfThenZeroElse(hn::Ge(pre, set(f.max_value)), inner);
  } else if constexpr (kCurve == Curve::leaky_relu) {
    return hn::IfThenElse(positive(from_x ? pre : y), one, set(f.negative_slope));
  } else if constexpr (kCurve == Curve::prelu) {
    return hn::IfThenElse(positive(pre), one, slope);
  } else if constexpr (kCurve == Curve::elu) {
    return hn::IfThenElse(positive(y), one, hn::Add(y, set(f.alpha)));
  } else if constexpr (kCurve == Curve::tanh) {
    return neg_mul_add(y, y, one);
  } else if constexpr (kCurve == Curve::sigmoid) {
    return hn::Mul(y, hn::Sub(one, y));
  } else if constexpr (kCurve == Curve::rrelu) {
    return one;  // unused: what stands in x and y says the slope
  } else {
    static_assert(kCurve == Curve::linear);
    return one;
  }
}

template <class F>
void with_curve(Curve curve, F&& f) {
  switch (curve) {
    case Curve::linear:
      return f(std::integral_constant<Curve, Curve::linear>());
    case Curve::relu:
      return f(std::integral_constant<Curve, Curve::relu>());
    case Curve::leaky_relu:
      return f(std::integral_constant<Curve, Curve::leaky_relu>());
    case Curve::prelu:
      return f(std::integral_constant<Curve, Curve::prelu>());
    case Curve::elu:
      return f(std::integral_constant<Curve, Curve::elu>());
    case Curve::rrelu:
      return f(std::integral_constant<Curve, Curve::rrelu>());
    case Curve::tanh:
      return f(std::integral_constant<Curve, Curve::tanh>());
    case Curve::sigmoid:
      return f(std::integral_constant<Curve, Curve::sigmoid>());
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();
#endif
