#pragma once

#include <filesystem>

#include "bench/repeat.hpp"
#include "bench/spread.hpp"
#include "kernels/peak.hpp"

namespace ganymede::bench {

/// Flops/s that so many threads reach together (kernels/peak.hpp), several rounds; all zero where there is no such
/// unit. threads as of ThreadPool.
Spread measure_peak(kernels::PeakKind kind, int threads, const Budget& budget);

/// Seconds from starting a program with the argument --version to its end. Throws Error if it does not succeed.
Spread measure_start(const std::filesystem::path& program, const Budget& budget);

/// The running program.
std::filesystem::path this_program();

}  // namespace ganymede::bench
