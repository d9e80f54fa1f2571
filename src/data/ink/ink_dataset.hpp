#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "data/ink/symbols.hpp"
#include "ink/prepare.hpp"

namespace ganymede::data {

/// How symbols become samples (S-INK I2, I3). What the study leaves open is inferred: the noise, and that the copies
/// replace the original.
struct InkOptions {
  ink::PrepareOptions prepare;
  std::int64_t per_class = 0;  ///< > 0: only the first so many symbols of every class
  int copies = 0;              ///< noisy copies of each sample (the study: 10); 0: the sample alone, without noise
  double noise = 0.01;         ///< their sigma, as a share of the symbol's longer side
  bool keep_original = false;  ///< the sample itself before its copies
};

/// What preparation did to a set of symbols.
struct InkStatistics {
  std::int64_t symbols = 0;
  std::array<std::int64_t, 4> fates{};                        ///< by ink::Fate
  std::array<std::int64_t, ink::kMoves + 1> moves{};          ///< kept symbols of 0 .. 10 moves in use
  std::array<std::int64_t, ink::kMostStrokes + 1> strokes{};  ///< kept symbols of 0 .. 5 strokes
  std::vector<double> tolerances;                             ///< of the kept symbols, ascending
  std::int64_t at_least_tolerance = 0;                        ///< kept symbols for which options.tolerance was enough
  std::vector<std::int64_t> dropped;                          ///< of each class, [K]

  std::int64_t kept() const { return fates[0]; }
  /// The tolerance that a share q in [0, 1] of the kept symbols did not need to exceed; 0 if none was kept.
  double tolerance_quantile(double q) const;
};

/// Prepares every symbol and forgets what comes of it but the statistics.
InkStatistics ink_statistics(const InkSet& set, const ink::PrepareOptions& options = {});

/// The prepared symbols as f32 [N, 10, 3] with classes and writers, in order, each followed by its copies (stream
/// "data.ink.noise", key seed, step = copy, index = place of the symbol in the set). Dropped symbols are missing; their
/// count stands in the provenance. @throws ConfigError for options outside their range; DataError if no symbol is left.
Dataset ink_dataset(const InkSet& set, const InkOptions& options = {}, std::uint64_t seed = 0);

/// The same set with every symbol prepared, dropped ones left out: for pictures of what the networks see.
InkSet prepared_symbols(const InkSet& set, const ink::PrepareOptions& options = {});

}  // namespace ganymede::data
