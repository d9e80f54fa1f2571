#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/points/mixture.hpp"
#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// sum p log(p / q) in nats, 0 log 0 = 0, for weights that are first divided by their sums; infinite where q lacks
/// what p has. @throws ShapeError if lengths differ; DataError for a negative weight or a sum of 0.
double kl_divergence(std::span<const double> p, std::span<const double> q);
/// KL(p || m)/2 + KL(q || m)/2, m = (p + q)/2: in [0, log 2].
double js_divergence(std::span<const double> p, std::span<const double> q);

/// Which modes of known data are met, and how evenly.
struct ModeCoverage {
  std::int64_t modes = 0;            ///< with `least` samples or more
  std::vector<std::int64_t> counts;  ///< [K], samples of each mode
  double reverse_kl = 0;             ///< KL(counts || the modes' true weights), nats; NaN without a sample
  double js = 0;                     ///< Jensen-Shannon of the same two, nats
  /// Of the modes that sets of this size meet on average: modes -+ 1.96 sqrt(f1), at most K, where f1 counts the modes
  /// met once: the number of modes varies by at most E f1 (a mode of s expected samples is met or not with variance
  /// e^-s (1 - e^-s), and is met once with chance s e^-s). NaN where least > 1.
  Interval modes_interval;
  /// Of KL(law || weights): reverse_kl less its bias, both by the delete-one jackknife, and (modes met - 1)/(2 N^2)
  /// added to its variance; stretched to hold reverse_kl.
  Interval kl_interval;
};
/// Of samples already counted by mode, such as a classifier's answers (stacked digits: 1000 modes). `weights` [K] are
/// the true shares, uniform where empty. A perfect model's KL is about (K - 1)/(2 N), not 0.
ModeCoverage mode_coverage(std::vector<std::int64_t> counts, std::int64_t least = 1,
                           std::span<const double> weights = {});

/// Jensen-Shannon divergence between the shares of classes among two sets.
struct ClassDivergence {
  double value = 0;
  /// Of the divergence between the laws: jackknife over groups of both sets (sample i: group i mod groups), about the
  /// value without the bias that counting brings, so that it holds 0 where both laws are one; stretched to hold
  /// `value`.
  Interval interval;
};
/// Labels in [0, classes). @throws DataError for fewer than 2 samples a group in either set.
ClassDivergence class_divergence(std::span<const std::int32_t> real, std::span<const std::int32_t> fake, int classes,
                                 int groups = 20, double level = 0.95);

struct MixtureCoverage {
  ModeCoverage modes;  ///< of the samples of high quality
  std::int64_t count = 0;
  std::int64_t high_quality = 0;
  double high_quality_share = 0;  ///< a perfect 2-D generator has 1 - exp(-within^2 / 2), 98.9 % at 3
  Interval interval;              ///< of the share, exact
};
/// Each sample goes to the centre nearest in that mode's deviations, and is of high quality nearer than `within` of
/// them (VEEGAN, Srivastava et al. 2017; PacGAN, Lin et al. 2018: 2500 samples, 3 deviations, least 1).
/// @throws as check; ShapeError if the mixture's parts do not fit.
MixtureCoverage mixture_coverage(const Features& fake, const data::Mixture& mixture, double within = 3,
                                 std::int64_t least = 1);

}  // namespace ganymede::measure
