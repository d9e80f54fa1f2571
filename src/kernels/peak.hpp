#pragma once

namespace ganymede::kernels {

/// f32: fused multiply-add at the vector level in use. dot: AVX512_BF16's dot product. tiles: AMX on bf16.
enum class PeakKind { f32, dot, tiles };

/// Flops/s (an addition and a multiplication are two) of one thread in independent chains of register-only
/// instructions: the most that any product can reach. The best of several rounds within about `seconds`; 0 where the
/// machine has no such unit.
double measure_peak(PeakKind kind, double seconds);

}  // namespace ganymede::kernels
