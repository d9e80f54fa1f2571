// Included once per target by the spectral kernels' sources.
#if defined(GANYMEDE_KERNELS_SPECTRAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GANYMEDE_KERNELS_SPECTRAL_INL
#undef GANYMEDE_KERNELS_SPECTRAL_INL
#else
#define GANYMEDE_KERNELS_SPECTRAL_INL
#endif

#include <hwy/cache_control.h>

#include "kernels/spectral.hpp"
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

// Complex values as planes keep them: real and imaginary parts apart in f32, or beside each other in bf16.
HWY_INLINE void put(const Planes& planes, std::int64_t at, Floats re, Floats im) {
  hn::Stream(re, kFloats, planes.base + at);
  hn::Stream(im, kFloats, planes.base + at + planes.imaginary);
}
HWY_INLINE void put_real(const Planes& planes, std::int64_t at, Floats re) {
  hn::Stream(re, kFloats, planes.base + at);
}
HWY_INLINE Floats get_re(const Planes& planes, std::int64_t at) {
  return load(planes.base + at);
}
HWY_INLINE Floats get_im(const Planes& planes, std::int64_t at) {
  return load(planes.base + at + planes.imaginary);
}

// Rounds to the nearest bf16, ties away from zero.
HWY_INLINE Words round_pair(Floats re, Floats im) {
  const Words half = hn::Set(kWords, 0x8000U);
  const Words low = hn::ShiftRight<16>(hn::Add(hn::BitCast(kWords, re), half));
  const Words high = hn::And(hn::Add(hn::BitCast(kWords, im), half), hn::Set(kWords, 0xFFFF0000U));
  return hn::Or(low, high);
}
HWY_INLINE void put(const PairPlanes& planes, std::int64_t at, Floats re, Floats im) {
  hn::Stream(round_pair(re, im), kWords, planes.base + at);
}
HWY_INLINE void put_real(const PairPlanes& planes, std::int64_t at, Floats re) {
  put(planes, at, re, hn::Zero(kFloats));
}
HWY_INLINE Floats get_re(const PairPlanes& planes, std::int64_t at) {
  return hn::BitCast(kFloats, hn::ShiftLeft<16>(hn::LoadU(kWords, planes.base + at)));
}
HWY_INLINE Floats get_im(const PairPlanes& planes, std::int64_t at) {
  return hn::BitCast(kFloats, hn::And(hn::LoadU(kWords, planes.base + at), hn::Set(kWords, 0xFFFF0000U)));
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();
#endif
