// Included once per target by the kernel sources, inside HWY_BEFORE_NAMESPACE and namespace
// ganymede::kernels::HWY_NAMESPACE.
#if defined(GANYMEDE_KERNELS_VECTOR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GANYMEDE_KERNELS_VECTOR_INL
#undef GANYMEDE_KERNELS_VECTOR_INL
#else
#define GANYMEDE_KERNELS_VECTOR_INL
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr hn::CappedTag<float, 16> kFloats;
constexpr hn::CappedTag<std::int32_t, 16> kInts;
constexpr hn::CappedTag<std::uint32_t, 16> kWords;
using Floats = hn::Vec<decltype(kFloats)>;
using Ints = hn::Vec<decltype(kInts)>;
using Words = hn::Vec<decltype(kWords)>;
using Mask = hn::Mask<decltype(kFloats)>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(kFloats));
constexpr int kParts = 16 / kLanes;  // vectors in sixteen virtual lanes

HWY_INLINE Floats set(float value) {
  return hn::Set(kFloats, value);
}
HWY_INLINE Floats load(const float* p) {
  return hn::LoadU(kFloats, p);
}
HWY_INLINE void store(float* p, Floats v) {
  hn::StoreU(v, kFloats, p);
}

// a b + c and c - a b with one rounding, at the scalar level too: all levels give the same bits.
HWY_INLINE Floats mul_add(Floats a, Floats b, Floats c) {
#if HWY_TARGET == HWY_SCALAR
  return Floats(std::fma(a.raw, b.raw, c.raw));
#else
  return hn::MulAdd(a, b, c);
#endif
}
HWY_INLINE Floats neg_mul_add(Floats a, Floats b, Floats c) {
#if HWY_TARGET == HWY_SCALAR
  return Floats(std::fma(-a.raw, b.raw, c.raw));
#else
  return hn::NegMulAdd(a, b, c);
#endif
}

// exp(r) - 1 for |r| <= ln 2 / 2 (Taylor to r^8 / 8!; the first term left out is below 4e-10 of r).
HWY_INLINE Floats expm1_reduced(Floats r) {
  Floats sum = set(1.0F / 40320);
  sum = mul_add(sum, r, set(1.0F / 5040));
  sum = mul_add(sum, r, set(1.0F / 720));
  sum = mul_add(sum, r, set(1.0F / 120));
  sum = mul_add(sum, r, set(1.0F / 24));
  sum = mul_add(sum, r, set(1.0F / 6));
  sum = mul_add(sum, r, set(0.5F));
  return mul_add(hn::Mul(r, r), sum, r);
}

// exp(x) - 1 with a relative error of about 1e-7, also near 0; x is clamped to [-87, 88].
HWY_INLINE Floats vector_expm1(Floats x) {
  x = hn::Min(hn::Max(x, set(-87.0F)), set(88.0F));
  const Ints k = hn::NearestInt(hn::Mul(x, set(1.44269504F)));
  const Floats kf = hn::ConvertTo(kFloats, k);
  Floats r = neg_mul_add(kf, set(0.693359375F), x);  // ln 2 in two parts: the first has 10 bits
  r = neg_mul_add(kf, set(-2.12194440e-4F), r);
  const Floats power = hn::BitCast(kFloats, hn::ShiftLeft<23>(hn::Add(k, hn::Set(kInts, 127))));
  return mul_add(power, expm1_reduced(r), hn::Sub(power, set(1.0F)));
}

HWY_INLINE Floats vector_sigmoid(Floats x) {
  return hn::Div(set(1.0F), hn::Add(set(2.0F), vector_expm1(hn::Neg(x))));
}

// tanh |x| = -e / (2 + e) with e = exp(-2 |x|) - 1.
HWY_INLINE Floats vector_tanh(Floats x) {
  const Floats e = vector_expm1(hn::Mul(hn::Abs(x), set(-2.0F)));
  return hn::CopySign(hn::Div(hn::Neg(e), hn::Add(set(2.0F), e)), x);
}

// High and low halves of the products of 32-bit lanes.
HWY_INLINE void multiply_wide(Words a, std::uint32_t factor, Words& high, Words& low) {
#if HWY_TARGET == HWY_SCALAR
  const std::uint64_t product = std::uint64_t{hn::GetLane(a)} * factor;
  high = hn::Set(kWords, static_cast<std::uint32_t>(product >> 32));
  low = hn::Set(kWords, static_cast<std::uint32_t>(product));
#else
  const Words f = hn::Set(kWords, factor);
  const hn::RepartitionToWide<decltype(kWords)> wide;
  const Words even = hn::BitCast(kWords, hn::MulEven(a, f));
  const Words odd = hn::BitCast(kWords, hn::MulEven(hn::BitCast(kWords, hn::ShiftRight<32>(hn::BitCast(wide, a))), f));
  low = hn::OddEven(hn::BitCast(kWords, hn::ShiftLeft<32>(hn::BitCast(wide, odd))), even);
  high = hn::OddEven(odd, hn::BitCast(kWords, hn::ShiftRight<32>(hn::BitCast(wide, even))));
#endif
}

struct PhiloxCounter {
  std::uint32_t key0 = 0, key1 = 0, step = 0, stream = 0, block = 0;
};

// Philox 4x32-10 of the counters (index + lane, step, stream, block), lane = part * kLanes + l: word q of all lanes in
// word[q].
HWY_INLINE void philox(const PhiloxCounter& at, std::uint32_t index, int part, Words word[4]) {
  Words c0 = hn::Add(hn::Iota(kWords, static_cast<std::uint32_t>(part * kLanes)), hn::Set(kWords, index));
  Words c1 = hn::Set(kWords, at.step);
  Words c2 = hn::Set(kWords, at.stream);
  Words c3 = hn::Set(kWords, at.block);
  std::uint32_t key0 = at.key0;
  std::uint32_t key1 = at.key1;
  for (int round = 0; round < 10; ++round) {
    Words high0, low0, high1, low1;
    multiply_wide(c0, 0xD2511F53U, high0, low0);
    multiply_wide(c2, 0xCD9E8D57U, high1, low1);
    c0 = hn::Xor(hn::Xor(high1, c1), hn::Set(kWords, key0));
    c1 = low1;
    c2 = hn::Xor(hn::Xor(high0, c3), hn::Set(kWords, key1));
    c3 = low0;
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  word[0] = c0;
  word[1] = c1;
  word[2] = c2;
  word[3] = c3;
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();
#endif
