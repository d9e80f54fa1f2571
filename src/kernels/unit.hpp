#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace ganymede::kernels {

/// What multiplies bf16 in mixed precision: nothing (it then runs as f32), the dot product of AVX-512 (AVX512_BF16),
/// AMX tiles, or plain C++ that gives the bits of either (for tests on any machine). Each is an arithmetic of its own.
enum class Unit { none, avx512bf16, amx, emulated_dot, emulated_tiles };

/// "none", "avx512bf16", "amx", "emulated-dot", "emulated-tiles".
const char* name_of(Unit unit);

/// Multiplies pairs by dot products: the instruction or its emulation.
constexpr bool is_dot(Unit unit) {
  return unit == Unit::avx512bf16 || unit == Unit::emulated_dot;
}

/// The unit of that name.
std::optional<Unit> unit_named(std::string_view name);

/// The hardware units of this machine, best first. AMX only where the system lets this process use it: asked once.
std::vector<Unit> hardware_units();

/// The unit in use. On the first call: what GANYMEDE_CPU names (a plain vector level means none), else the built-in
/// table: AMX where there is one; the dot product on AMD's CPUs; none on Intel's without AMX, where the dot product has
/// half the rate of f32 (measured). Throws ConfigError where GANYMEDE_CPU names a unit that this machine lacks.
Unit unit();

/// Uses another unit from now on (tests, benchmarks); ConfigError where the hardware lacks it. No kernel may be
/// running.
void set_unit(Unit unit);

}  // namespace ganymede::kernels
