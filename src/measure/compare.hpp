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

/// Which test a p-value is of.
enum class SeedTest {
  none,         ///< fewer than two seeds on a side
  welch,        ///< Student's t for unequal variances, Satterthwaite's degrees of freedom: takes scores as normal
  permutation,  ///< no spread within either side, where Welch's t has no error to divide by
};
/// "none", "Welch", "permutation".
const char* name_of(SeedTest test);

struct Comparison {
  Verdict verdict = Verdict::cannot_tell;  ///< of the candidate: verdict_of(difference, p_value)
  double candidate_mean = 0;
  double baseline_mean = 0;
  double difference = 0;  ///< candidate - baseline; for Better::half of the distances from 1/2
  Interval interval;      ///< of the difference, Welch, 1 - alpha; NaN where the test is not Welch's
  SeedTest test = SeedTest::none;
  double p_value = 1;  ///< two-sided, of that test
  /// Two-sided permutation p of |difference of means|: needs no normal law, but never falls below
  /// 2 n! m! / (n + m)! (0.1 for three seeds against three).
  double permutation_p = 1;
  double least_permutation_p = 1;  ///< that bound, 1 / rearrangements where they are drawn
  /// p_value is Welch's, of so few seeds that no rearrangement of them could reach alpha: it is as good as the claim
  /// that scores over seeds are normal.
  bool rests_on_normality = false;
};
/// What a difference (candidate - baseline, as in Comparison) says where its p is `p`: that of its own test, or one
/// corrected for the tests beside it (`holm`).
Verdict verdict_of(double difference, double p, const CompareOptions& options = {});

/// @throws DataError for an empty side or a value that is not finite; ConfigError for alpha outside (0, 1).
Comparison compare_over_seeds(const SeedScores& scores, const CompareOptions& options = {});

}  // namespace ganymede::measure
