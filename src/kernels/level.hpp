#pragma once

#include <string>
#include <vector>

namespace ganymede::kernels {

// Vector levels by name: scalar avx2 avx512 neon (the units of unit.hpp, avx512bf16 and amx, come on top of avx512).
// avx2, avx512 and neon give the same bits for every kernel of this room; scalar has no fused multiply-add
// and is for emergencies.

/// What this machine offers, best first; "scalar" comes last.
std::vector<std::string> available_levels();

/// What GANYMEDE_CPU may name on this machine: the hardware units of unit.hpp, then the levels, best first.
std::vector<std::string> choices();

/// The level in use. On the first call it is the best one, or what GANYMEDE_CPU names (avx512
/// where that is a unit).
/// Throws ConfigError for an unknown or missing level, and on an x86-64 CPU without AVX2 and FMA when none is named.
const std::string& level();

/// Uses another level from now on (tests, benchmarks). No kernel may be running.
void set_level(const std::string& name);

}  // namespace ganymede::kernels
