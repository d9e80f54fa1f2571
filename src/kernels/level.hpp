#pragma once

#include <string>
#include <vector>

namespace ganymede::kernels {

// Vector levels by name: scalar avx2 avx512 neon (later avx512bf16 and amx, which are plans rather than levels of these
// kernels). avx2, avx512 and neon give the same bits for every kernel of this room; scalar has no fused multiply-add
// and is for emergencies.

/// What this machine offers, best first; "scalar" comes last.
std::vector<std::string> available_levels();

/// The level in use. On the first call it is the best one, or what GANYMEDE_CPU names.
/// Throws ConfigError for an unknown or missing level, and on an x86-64 CPU without AVX2 and FMA when none is named.
const std::string& level();

/// Uses another level from now on (tests, benchmarks). No kernel may be running.
void set_level(const std::string& name);

}  // namespace ganymede::kernels
