#pragma once

#include "kernels/pair_product.hpp"

namespace ganymede::kernels {

// The ways of pair_product, one a unit. The hardware's must not be entered where it is missing; in builds for other
// CPUs they throw.
void pair_product_avx512bf16(const PairProduct& p);
void pair_product_amx(const PairProduct& p);
void pair_product_emulated_dot(const PairProduct& p);
void pair_product_emulated_tiles(const PairProduct& p);

// The inside of measure_peak: rounds of independent instructions, nothing but registers. Empty where the build lacks
// the unit.
struct PeakLoop {
  void (*run)(long rounds) = nullptr;
  double flops = 0;  // a round
};
PeakLoop dot_peak_loop();
PeakLoop tile_peak_loop();

}  // namespace ganymede::kernels
