#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bench/inference.hpp"
#include "bench/training.hpp"

namespace ganymede::app {

/// What was measured in one precision, or why nothing was.
struct PrecisionBench {
  std::string missing;  ///< a sentence; then the rest is empty
  bench::Training training;
  bench::Inference inference;
  double peak = 0;  ///< flops/s of the unit that multiplies in this precision, 0 if unknown

  bool measured() const { return missing.empty(); }
  /// Images/s that direct convolution could reach at that peak; 0 if unknown.
  double direct_limit() const;
};

struct BenchReport {
  std::string cpu, level, recipe;
  int threads = 0;
  int batch = 0;
  std::map<std::string, bench::Spread> peaks;          ///< "f32", "dot", "tiles": flops/s of all threads
  bench::Spread start;                                 ///< seconds of `ganymede --version`
  std::map<std::string, PrecisionBench> by_precision;  ///< "f32", "mixed"
};

/// Tables for a person; the longest passes, or all of them.
std::string as_text(const BenchReport& report, bool all_passes);
/// "ganymede.bench/1": numbers are medians, each with its spread beside it as "<name>_spread".
nlohmann::json as_json(const BenchReport& report);

}  // namespace ganymede::app
