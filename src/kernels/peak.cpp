#include "kernels/peak.hpp"

#include <algorithm>
#include <chrono>

#include "kernels/pair_product_ways.hpp"
#include "kernels/unit.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

constexpr int kChains = 12;

// Sums that tend to 1: never denormal.
void run_floats(long rounds) {
  Floats sum[kChains];
#pragma GCC unroll 16
  for (int i = 0; i < kChains; ++i) sum[i] = set(static_cast<float>(i));
  const Floats factor = set(0.5F);
  const Floats addend = set(0.5F);
  for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (int i = 0; i < kChains; ++i) sum[i] = mul_add(sum[i], factor, addend);
  }
  alignas(64) float result[16];
  volatile float kept = 0;
#pragma GCC unroll 16
  for (int i = 0; i < kChains; ++i) {
    store(result, sum[i]);
    kept = kept + result[0];
  }
}

double floats_a_round() {
  return 2.0 * kChains * kLanes;
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(run_floats);
HWY_EXPORT(floats_a_round);

namespace {

bool present(Unit unit) {
  const auto units = hardware_units();
  return std::find(units.begin(), units.end(), unit) != units.end();
}

PeakLoop loop_of(PeakKind kind) {
  switch (kind) {
    case PeakKind::f32:
      return {HWY_DYNAMIC_DISPATCH(run_floats), HWY_DYNAMIC_DISPATCH(floats_a_round)()};
    case PeakKind::dot:
      return present(Unit::avx512bf16) ? dot_peak_loop() : PeakLoop{};
    case PeakKind::tiles:
      return present(Unit::amx) ? tile_peak_loop() : PeakLoop{};
  }
  return {};
}

}  // namespace

double measure_peak(PeakKind kind, double seconds) {
  using Clock = std::chrono::steady_clock;
  const PeakLoop loop = loop_of(kind);
  if (loop.run == nullptr) return 0;
  constexpr long kRounds = 20000;  // some tens of microseconds: too short to be interrupted every time
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  double best = 0;
  do {
    const auto start = Clock::now();
    loop.run(kRounds);
    const double took = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, loop.flops * kRounds / took);
  } while (Clock::now() < end);
  return best;
}

}  // namespace ganymede::kernels
#endif
