#include "kernels/pair_product_ways.hpp"

#if defined(__x86_64__)

#include "kernels/pair_tiles.hpp"

namespace ganymede::kernels {
namespace {

// Every tile has 16 rows of 64 bytes; the configuration belongs to the thread.
void configure_tiles() {
  static thread_local bool done = false;
  if (done) return;
  struct alignas(64) Configuration {
    std::uint8_t palette = 1;
    std::uint8_t start_row = 0;
    std::uint8_t reserved[14] = {};
    std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
  } configuration;
  static_assert(sizeof configuration == 64);
  asm volatile("ldtilecfg %0" : : "m"(configuration));
  done = true;
}

// Own assembly: the intrinsics of GCC 12 do not tell the compiler that tiles read memory.
struct HardwareTiles {
  template <int kTile>
  static void load(const void* from, std::int64_t stride) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(stride), "i"(kTile) : "memory");
  }
  template <int kTile>
  static void store(void* to, std::int64_t stride) {
    asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(stride), "i"(kTile) : "memory");
  }
  template <int kTile>
  static void zero() {
    asm volatile("tilezero %%tmm%c0" : : "i"(kTile));
  }
  template <int kC, int kA, int kB>
  static void dot() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(kC), "i"(kA), "i"(kB));
  }
};

constexpr int kPeakChains = 4;

void run_tiles(long rounds) {
  configure_tiles();
  HardwareTiles::zero<0>();
  HardwareTiles::zero<1>();
  HardwareTiles::zero<2>();
  HardwareTiles::zero<3>();
  HardwareTiles::zero<4>();
  HardwareTiles::zero<6>();
  for (long round = 0; round < rounds; ++round) {
    HardwareTiles::dot<0, 4, 6>();
    HardwareTiles::dot<1, 4, 6>();
    HardwareTiles::dot<2, 4, 6>();
    HardwareTiles::dot<3, 4, 6>();
  }
}

}  // namespace

void pair_product_amx(const PairProduct& p) {
  configure_tiles();
  TileProduct<HardwareTiles>(p).run();
}

PeakLoop tile_peak_loop() {
  return {run_tiles, kPeakChains * 16.0 * 16 * 32 * 2};
}

}  // namespace ganymede::kernels

#else

#include "base/error.hpp"

namespace ganymede::kernels {

void pair_product_amx(const PairProduct&) {
  fail<Error>("this build has no AMX");
}

PeakLoop tile_peak_loop() {
  return {};
}

}  // namespace ganymede::kernels

#endif
