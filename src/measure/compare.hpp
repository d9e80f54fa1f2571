#pragma once

#include <cstdint>
#include <span>

#include "measure/resample.hpp"
#include "measure/score.hpp"

namespace ganymede::measure {

enum class Verdict { better, worse, cannot_tell };
/// "better", "worse", "cannot tell".
const char* name_of(Verdict verdict);

/// One score of several runs that differ in their seed alone.
struct SeedScores {
  std::span<const double> candidate;
  std::span<const double> baseline;
};

struct CompareOptions {
  Better better = Better::lower;  ///< half compares |value - 1/2|; neither never says more than cannot_tell
  double alpha = 0.05;
  int permutations = 20000;  ///< all rearrangements if they are no more than that, else so many random ones
  std::uint64_t seed = 1;    ///< stream "measure.permutations"
};

struct Comparison {
  Verdict verdict = Verdict::cannot_tell;  ///< of the candidate, from Welch's p against alpha
  double candidate_mean = 0;
  double baseline_mean = 0;
  double difference = 0;  ///< candidate - baseline; for Better::half of the distances from 1/2
  Interval interval;      ///< of the difference, Welch, 1 - alpha; NaN for fewer than two seeds a side
  double p_value = 1;     ///< two-sided, Welch's t (unequal variances, Satterthwaite's degrees of freedom)
  /// Two-sided permutation p of |difference of means|: needs no normal law, but never falls below
  /// 2 n! m! / (n + m)! (0.1 for three seeds against three).
  double permutation_p = 1;
  double least_permutation_p = 1;  ///< that bound, 1 / rearrangements where they are drawn
};
/// @throws DataError for an empty side or a value that is not finite; ConfigError for alpha outside (0, 1).
Comparison compare_over_seeds(const SeedScores& scores, const CompareOptions& options = {});

}  // namespace ganymede::measure
