#pragma once

#include "kernels/pair_product.hpp"

namespace ganymede::kernels {

// The ways of pair_product, one a unit. The hardware's must not be entered where it is missing; in builds for other
// CPUs they throw.
void pair_product_avx512bf16(const PairProduct& p);
void pair_product_amx(const PairProduct& p);
void pair_product_emulated_dot(const PairProduct& p);
void pair_product_emulated_tiles(const PairProduct& p);

// Parts of measure_peak: `rounds` times kPeakChains instructions; 0 as the flops of one round where the build lacks
// them.
struct PeakLoop {
  void (*run)(long rounds) = nullptr;
  double flops = 0;  // of one round
};
PeakLoop dot_peak_loop();
PeakLoop tile_peak_loop();

}  // namespace ganymede::kernels
