#include "kernels/activation.hpp"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/activation.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/curve-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

constexpr int kGroup = 128;

// The kept bits of sixteen virtual lanes, one vector at a time.
HWY_INLINE std::uint16_t bits_of(Mask mask, int part) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(kFloats, mask, bytes);
  return static_cast<std::uint16_t>((bytes[0] | bytes[1] << 8) << (part * kLanes));
}

HWY_INLINE Words half_of(Words word, int half) {
  return half == 0 ? hn::And(word, hn::Set(kWords, 0xFFFFU)) : hn::ShiftRight<16>(word);
}

PhiloxCounter counter_of(const RandomBits& bits) {
  return {static_cast<std::uint32_t>(bits.seed), static_cast<std::uint32_t>(bits.seed >> 32), bits.step, bits.stream,
          bits.block};
}

template <Curve kCurve, bool kDropout>
void forward(const Activate& given) {
  const Activate a = given;  // no store of floats changes it, as the compiler sees
  const bool random_slope = kCurve == Curve::rrelu && a.random_slope;
  const PhiloxCounter dropout = counter_of(a.dropout);
  const PhiloxCounter slopes = counter_of(a.slopes);
  const int threshold = static_cast<int>(std::lround(a.rate * 65536));
  const Floats keep_scale = set(static_cast<float>(1 / (1 - threshold / 65536.0)));
  const Floats slope_step = set((a.f.upper - a.f.lower) / 65536);
  const Floats slope_first = set(a.f.lower + (a.f.upper - a.f.lower) / 131072);
  int column = 0;
  for (std::int64_t begin = 0; begin < a.count; begin += kGroup) {
    Words drop_word[kParts][4];
    Words slope_word[kParts][4];
    const auto index = static_cast<std::uint32_t>(begin / kGroup * 16);
    for (int part = 0; part < kParts; ++part) {
      if constexpr (kDropout) philox(dropout, 16 * a.dropout.first + index, part, drop_word[part]);
      if (random_slope) philox(slopes, 16 * a.slopes.first + index, part, slope_word[part]);
    }
    const int pieces = static_cast<int>(std::min<std::int64_t>(kGroup, a.count - begin) + 15) / 16;
    for (int piece = 0; piece < pieces; ++piece) {
      const std::int64_t e = begin + piece * 16;
      std::uint16_t kept = 0;
      for (int part = 0; part < kParts; ++part) {
        const int lane = part * kLanes;
        Floats x = load(a.x + e + lane);
        if (a.scale != nullptr) {
          x = mul_add(load(a.scale + column + lane), x, load(a.shift + column + lane));
        } else if (a.shift != nullptr) {
          x = hn::Add(x, load(a.shift + column + lane));
        }
        Floats slope = hn::Zero(kFloats);
        if constexpr (kCurve == Curve::prelu) slope = load(a.slope + column + lane);
        if constexpr (kCurve == Curve::rrelu) {
          slope = set((a.f.lower + a.f.upper) / 2);
          if (random_slope) {
            const Words half = half_of(slope_word[part][piece / 2], piece % 2);
            slope = mul_add(hn::ConvertTo(kFloats, hn::BitCast(kInts, half)), slope_step, slope_first);
          }
        }
        Floats y = apply<kCurve>(a.f, x, slope);
        if constexpr (kDropout) {
          const Ints half = hn::BitCast(kInts, half_of(drop_word[part][piece / 2], piece % 2));
          const Mask keep = hn::RebindMask(kFloats, hn::Gt(half, hn::Set(kInts, threshold - 1)));
          y = hn::IfThenElseZero(keep, hn::Mul(y, keep_scale));
          kept = static_cast<std::uint16_t>(kept | bits_of(keep, part));
        }
        store(a.y + e + lane, y);
      }
      if constexpr (kDropout) a.kept[e / 16] = kept;
      column += 16;
      if (column == a.period) column = 0;
    }
  }
}

struct Sums {
  Sums() {}  // NOLINT: an implicit constructor would not have the target's attributes
  Floats plain[kParts];
  Floats scaled[kParts];
  Floats slope[kParts];
};

template <Curve kCurve>
HWY_INLINE void backward_piece(const ActivateBackward& a, std::int64_t e, int column, Floats keep_scale, Floats unscale,
                               bool from_x, bool reads_y, std::int64_t valid, Sums* sums) {
  const std::uint16_t kept = a.kept != nullptr ? a.kept[e / 16] : 0;
  for (int part = 0; part < kParts; ++part) {
    const int lane = part * kLanes;
    Floats g = load((a.from != nullptr ? a.from : a.g) + e + lane);
    const Floats x = a.x != nullptr ? load(a.x + e + lane) : hn::Zero(kFloats);
    Floats pre = x;
    if (from_x) {
      if (a.scale != nullptr) {
        pre = mul_add(load(a.scale + column + lane), x, load(a.shift + column + lane));
      } else if (a.shift != nullptr) {
        pre = hn::Add(x, load(a.shift + column + lane));
      }
    }
    const Floats raw = reads_y ? load(a.y + e + lane) : pre;
    if constexpr (kCurve == Curve::rrelu) {  // y / x is the slope, dropout's factor included
      g = hn::Mul(g, hn::IfThenElseZero(hn::Ne(pre, hn::Zero(kFloats)), hn::Div(raw, pre)));
    } else {
      if (a.kept != nullptr) g = hn::IfThenElseZero(mask_of(kept, part), hn::Mul(g, keep_scale));
      Floats slope = hn::Zero(kFloats);
      if constexpr (kCurve == Curve::prelu) {
        slope = load(a.slope + column + lane);
        if (sums != nullptr && a.sum_slope != nullptr) {
          Floats part_sum = hn::Mul(g, hn::Min(pre, hn::Zero(kFloats)));
          if (valid < 16) {
            part_sum = hn::IfThenElseZero(
                hn::FirstN(kFloats, valid > lane ? static_cast<std::size_t>(valid - lane) : 0), part_sum);
          }
          sums->slope[part] = hn::Add(sums->slope[part], part_sum);
        }
      }
      g = hn::Mul(g, derivative<kCurve>(a.f, from_x, pre, hn::Mul(raw, unscale), slope));
    }
    store(a.g + e + lane, g);
    if (sums == nullptr) continue;
    if (valid < 16)
      g = hn::IfThenElseZero(hn::FirstN(kFloats, valid > lane ? static_cast<std::size_t>(valid - lane) : 0), g);
    sums->plain[part] = hn::Add(sums->plain[part], g);
    if (a.sum_scaled != nullptr) {
      const Floats normed =
          hn::Mul(hn::Sub(x, load(a.centre + column + lane)), load(a.inverse_deviation + column + lane));
      sums->scaled[part] = mul_add(g, normed, sums->scaled[part]);
    }
  }
}

// So many vectors of sixteen lanes side by side keep their sums in registers.
constexpr int kPieces = kParts == 1 ? 4 : 2;

template <Curve kCurve, int kCount>
HWY_INLINE void backward_columns(const ActivateBackward& a, int column, Floats keep_scale, Floats unscale, bool from_x,
                                 bool reads_y) {
  Sums sums[kCount];
  for (Sums& of : sums) {
    for (int part = 0; part < kParts; ++part) of.plain[part] = of.scaled[part] = of.slope[part] = hn::Zero(kFloats);
  }
  std::int64_t e = column;
  for (; e + 16 * kCount <= a.count; e += a.period) {
    for (int i = 0; i < kCount; ++i) {
      backward_piece<kCurve>(a, e + 16 * i, column + 16 * i, keep_scale, unscale, from_x, reads_y, 16, &sums[i]);
    }
  }
  for (int i = 0; i < kCount && e + 16 * i < a.count; ++i) {
    const std::int64_t valid = std::min<std::int64_t>(16, a.count - e - 16 * i);
    backward_piece<kCurve>(a, e + 16 * i, column + 16 * i, keep_scale, unscale, from_x, reads_y, valid, &sums[i]);
  }
  for (int i = 0; i < kCount; ++i) {
    for (int part = 0; part < kParts; ++part) {
      const int lane = column + 16 * i + part * kLanes;
      if (a.sum != nullptr) store(a.sum + lane, sums[i].plain[part]);
      if (a.sum_scaled != nullptr) store(a.sum_scaled + lane, sums[i].scaled[part]);
      if (a.sum_slope != nullptr) store(a.sum_slope + lane, sums[i].slope[part]);
    }
  }
}

template <Curve kCurve>
HWY_INLINE void backward_rows(const ActivateBackward& a, Floats keep_scale, Floats unscale, bool from_x, bool reads_y) {
  int column = 0;
  if (a.sum == nullptr && a.sum_scaled == nullptr && a.sum_slope == nullptr) {
    for (std::int64_t e = 0; e < a.count; e += 16) {
      backward_piece<kCurve>(a, e, column, keep_scale, unscale, from_x, reads_y, 16, nullptr);
      column += 16;
      if (column == a.period) column = 0;
    }
    return;
  }
  for (; column + 16 * kPieces <= a.period; column += 16 * kPieces)
    backward_columns<kCurve, kPieces>(a, column, keep_scale, unscale, from_x, reads_y);
  for (; column < a.period; column += 16) backward_columns<kCurve, 1>(a, column, keep_scale, unscale, from_x, reads_y);
}

template <Curve kCurve>
void backward(const ActivateBackward& given) {
  constexpr bool kNeedsOutput =
      kCurve == Curve::elu || kCurve == Curve::tanh || kCurve == Curve::sigmoid || kCurve == Curve::rrelu;
  ActivateBackward a = given;  // no store of floats changes it, as the compiler sees
  if (a.rate == 0 && a.x == nullptr && a.kept == nullptr && a.sum_scaled == nullptr && a.sum_slope == nullptr) {
    // A bias, a curve and no more, as in perceptrons: said once more, so that the loop asks nothing.
    a.x = a.scale = a.shift = nullptr;
    a.kept = nullptr;
    a.sum_scaled = a.sum_slope = nullptr;
    if (a.from == nullptr) a.from = a.g;
    const Floats one = set(1.0F);
    return backward_rows<kCurve>(a, one, one, false, kNeedsOutput || kCurve != Curve::linear);
  }
  const bool from_x = a.x != nullptr;
  const bool reads_y = kNeedsOutput || (!from_x && kCurve != Curve::linear);
  const int threshold = static_cast<int>(std::lround(a.rate * 65536));
  const Floats keep_scale = set(static_cast<float>(1 / (1 - threshold / 65536.0)));
  const Floats unscale = set(static_cast<float>(1 - threshold / 65536.0));
  backward_rows<kCurve>(a, keep_scale, unscale, from_x, reads_y);
}

void activate_any(const Activate& a) {
  with_curve(a.f.curve, [&](auto curve) {
    if (a.rate > 0) {
      forward<decltype(curve)::value, true>(a);
    } else {
      forward<decltype(curve)::value, false>(a);
    }
  });
}

void activate_backward_any(const ActivateBackward& a) {
  with_curve(a.f.curve, [&](auto curve) { backward<decltype(curve)::value>(a); });
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "base/philox.hpp"

namespace ganymede::kernels {

HWY_EXPORT(activate_any);
HWY_EXPORT(activate_backward_any);

bool derivative_from_output(const Activation& f) {
  switch (f.curve) {
    case Curve::prelu:
    case Curve::rrelu:
      return false;
    case Curve::relu:
      return f.threshold >= 0 && f.negative_slope >= 0 && f.max_value > 3e38F;
    case Curve::leaky_relu:
      return f.negative_slope >= 0;
    case Curve::elu:
      return f.alpha >= 0;
    case Curve::linear:
    case Curve::tanh:
    case Curve::sigmoid:
      break;
  }
  return true;
}

void activate(const Activate& a) {
  HWY_DYNAMIC_DISPATCH(activate_any)(a);
}
void activate_backward(const ActivateBackward& a) {
  HWY_DYNAMIC_DISPATCH(activate_backward_any)(a);
}

namespace plain {
namespace {

std::uint32_t random_half(const RandomBits& bits, std::int64_t element) {
  const auto in_group = static_cast<std::uint32_t>(element % 128);
  const auto index = static_cast<std::uint32_t>(element / 128 * 16) + 16 * bits.first + in_group % 16;
  const PhiloxWords words =
      philox4x32({index, bits.step, bits.stream, bits.block},
                 {static_cast<std::uint32_t>(bits.seed), static_cast<std::uint32_t>(bits.seed >> 32)});
  const std::uint32_t word = words[in_group / 32];
  return in_group / 16 % 2 == 0 ? word & 0xFFFFU : word >> 16;
}

double curve(const Activation& f, double x, double slope) {
  switch (f.curve) {
    case Curve::relu:
      return x >= f.max_value ? f.max_value : x >= f.threshold ? x : f.negative_slope * (x - f.threshold);
    case Curve::leaky_relu:
      return x > 0 ? x : f.negative_slope * x;
    case Curve::prelu:
    case Curve::rrelu:
      return x > 0 ? x : slope * x;
    case Curve::elu:
      return x > 0 ? x : f.alpha * std::expm1(x);
    case Curve::tanh:
      return std::tanh(x);
    case Curve::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Curve::linear:
      break;
  }
  return x;
}

double curve_slope(const Activation& f, double x, double y, double slope) {
  switch (f.curve) {
    case Curve::relu:
      return x >= f.max_value ? 0 : x >= f.threshold ? 1 : f.negative_slope;
    case Curve::leaky_relu:
      return x > 0 ? 1 : f.negative_slope;
    case Curve::prelu:
      return x > 0 ? 1 : slope;
    case Curve::rrelu:
      return x != 0 ? y / x : 0;
    case Curve::elu:
      return x > 0 ? 1 : y + f.alpha;
    case Curve::tanh:
      return 1 - y * y;
    case Curve::sigmoid:
      return y * (1 - y);
    case Curve::linear:
      break;
  }
  return 1;
}

}  // namespace

void activate(const Activate& a) {
  const auto threshold = static_cast<std::uint32_t>(std::lround(a.rate * 65536));
  for (std::int64_t e = 0; e < a.count; ++e) {
    const std::int64_t column = e % a.period;
    const double x =
        (a.scale != nullptr ? double{a.scale[column]} : 1.0) * a.x[e] + (a.shift != nullptr ? a.shift[column] : 0);
    double slope = a.slope != nullptr ? a.slope[column] : (a.f.lower + a.f.upper) / 2;
    if (a.random_slope) slope = a.f.lower + (a.f.upper - a.f.lower) * (random_half(a.slopes, e) + 0.5) / 65536;
    double y = curve(a.f, x, slope);
    if (a.rate > 0) {
      const bool keep = random_half(a.dropout, e) >= threshold;
      y = keep ? y / (1 - threshold / 65536.0) : 0;
      const auto bit = static_cast<std::uint16_t>(1U << (e % 16));
      a.kept[e / 16] = static_cast<std::uint16_t>(keep ? a.kept[e / 16] | bit : a.kept[e / 16] & ~bit);
    }
    a.y[e] = static_cast<float>(y);
  }
}

void activate_backward(const ActivateBackward& a) {
  const double keep = 1 - std::lround(a.rate * 65536) / 65536.0;
  for (int column = 0; column < a.period; ++column) {
    double sum = 0;
    double sum_scaled = 0;
    double sum_slope = 0;
    for (std::int64_t e = column; e < a.count; e += a.period) {
      const double x = a.x != nullptr ? a.x[e] : 0;
      const double pre =
          (a.scale != nullptr ? double{a.scale[column]} : 1.0) * x + (a.shift != nullptr ? a.shift[column] : 0);
      const double y = a.y != nullptr ? a.y[e] : 0;
      const double slope = a.slope != nullptr ? a.slope[column] : 0;
      double g = (a.from != nullptr ? a.from : a.g)[e];
      if (a.kept != nullptr && a.f.curve != Curve::rrelu) g = (a.kept[e / 16] >> (e % 16) & 1) != 0 ? g / keep : 0;
      sum_slope += g * std::min(pre, 0.0);
      const bool rrelu = a.f.curve == Curve::rrelu;
      // Off the output alone, what is not above 0 was below the threshold.
      const double from = a.x != nullptr ? pre : y > 0 ? y : -1;
      g *= curve_slope(a.f, from, rrelu ? y : y * keep, slope);
      a.g[e] = static_cast<float>(g);
      sum += g;
      if (a.centre != nullptr) sum_scaled += g * (x - a.centre[column]) * a.inverse_deviation[column];
    }
    if (a.sum != nullptr) a.sum[column] = static_cast<float>(sum);
    if (a.sum_scaled != nullptr) a.sum_scaled[column] = static_cast<float>(sum_scaled);
    if (a.sum_slope != nullptr) a.sum_slope[column] = static_cast<float>(sum_slope);
  }
}

}  // namespace plain
}  // namespace ganymede::kernels
#endif
