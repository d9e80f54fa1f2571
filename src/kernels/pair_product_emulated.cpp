#include <cstring>

#include "kernels/flushing_denormals.hpp"
#include "kernels/pair_product_ways.hpp"
#include "kernels/pair_tiles.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pair_product_emulated.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

// The numbers of a pair as floats: low at even k, high at odd k.
HWY_INLINE Floats low_half(Words pairs) {
  return hn::BitCast(kFloats, hn::ShiftLeft<16>(pairs));
}
HWY_INLINE Floats high_half(Words pairs) {
  return hn::BitCast(kFloats, hn::And(pairs, hn::Set(kWords, 0xFFFF0000U)));
}
HWY_INLINE Words load_pairs(const Bf16* p) {
#if HWY_TARGET == HWY_SCALAR
  std::uint32_t pair;
  std::memcpy(&pair, p, sizeof pair);
  return hn::Set(kWords, pair);
#else
  return hn::LoadU(kWords, reinterpret_cast<const std::uint32_t*>(p));
#endif
}
HWY_INLINE Words broadcast_pair(const Bf16* p) {
  std::uint32_t pair;
  std::memcpy(&pair, p, sizeof pair);
  return hn::Set(kWords, pair);
}

// VDPBF16PS: sum = fma(low, low, fma(high, high, sum)).
void dots(const PairProduct& p) {
  for (std::int64_t i = 0; i < p.rows; ++i) {
    for (int j = 0; j < p.width; j += kLanes) {
      float* c = p.c + i * p.c_row + j;
      Floats sum = p.accumulate ? load(c) : set(0);
      for (const PairTerm& term : p.terms) {
        for (int k = 0; k < p.depth; k += 2) {
          const Words a = broadcast_pair(term.a + i * p.a_row + k);
          const Words b = load_pairs(term.b + k / 2 * p.b_row + 2 * j);
          sum = mul_add(high_half(a), high_half(b), sum);
          sum = mul_add(low_half(a), low_half(b), sum);
        }
      }
      store(c, sum);
    }
  }
}

// TDPBF16PS: even and odd k apart from zero, then both together, then C.
void tile_dot(float* c, const Bf16* a, const Bf16* b) {
  for (int i = 0; i < 16; ++i) {
    for (int j = 0; j < 16; j += kLanes) {
      Floats even = set(0);
      Floats odd = set(0);
      for (int k = 0; k < 16; ++k) {
        const Words left = broadcast_pair(a + 32 * i + 2 * k);
        const Words right = load_pairs(b + 32 * k + 2 * j);
        even = mul_add(low_half(left), low_half(right), even);
        odd = mul_add(high_half(left), high_half(right), odd);
      }
      store(c + 16 * i + j, hn::Add(load(c + 16 * i + j), hn::Add(even, odd)));
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(dots);
HWY_EXPORT(tile_dot);

namespace {

struct EmulatedTiles {
  static constexpr int kBytes = 1024;
  static unsigned char* tile(int index) {
    alignas(64) static thread_local unsigned char tiles[8 * kBytes];
    return tiles + index * kBytes;
  }

  template <int kTile>
  static void load(const void* from, std::int64_t stride) {
    for (int r = 0; r < 16; ++r) std::memcpy(tile(kTile) + 64 * r, static_cast<const char*>(from) + r * stride, 64);
  }
  template <int kTile>
  static void store(void* to, std::int64_t stride) {
    for (int r = 0; r < 16; ++r) std::memcpy(static_cast<char*>(to) + r * stride, tile(kTile) + 64 * r, 64);
  }
  template <int kTile>
  static void zero() {
    std::memset(tile(kTile), 0, kBytes);
  }
  template <int kC, int kA, int kB>
  static void dot() {
    HWY_DYNAMIC_DISPATCH(tile_dot)
    (reinterpret_cast<float*>(tile(kC)), reinterpret_cast<const Bf16*>(tile(kA)),
     reinterpret_cast<const Bf16*>(tile(kB)));
  }
};

}  // namespace

void pair_product_emulated_dot(const PairProduct& p) {
  const FlushingDenormals flushing;
  HWY_DYNAMIC_DISPATCH(dots)(p);
}

void pair_product_emulated_tiles(const PairProduct& p) {
  const FlushingDenormals flushing;
  TileProduct<EmulatedTiles>(p).run();
}

}  // namespace ganymede::kernels
#endif
