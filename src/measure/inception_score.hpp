#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// Rows of logits [N, K] as probabilities: exp(l - max l) / sum, in double.
FeatureMatrix softmax(const Features& logits);

struct InceptionScoreOptions {
  int splits = 10;
  bool shuffle = true;     ///< without it, samples sorted by class make every split a score of 1
  std::uint64_t seed = 1;  ///< stream "measure.splits"
  /// Shuffled as torch-fidelity does instead: by NumPyOrder(this).
  std::optional<std::uint32_t> numpy_seed{};
  double level = 0.95;
};
struct InceptionScore {
  double value = 0;      ///< mean over splits
  double deviation = 0;  ///< between splits (ddof 0)
  Interval interval;     ///< Student's, of the mean over splits; both NaN for one split
  std::vector<double> splits;
};
/// exp(mean_x KL(p(y|x) || p(y))), p(y) the mean of its split (Salimans et al. 2016), from class probabilities [N, K]:
/// at most K, at least 1. Split s holds rows floor(s N / splits) ... of the (shuffled) rows; 0 log 0 = 0. Its samples
/// are one set: generated ones, or real ones to compare with.
/// @throws as check for fewer samples than splits; DataError for a row that is no distribution (sum 1 within 1e-3).
InceptionScore inception_score(const Features& probabilities, const InceptionScoreOptions& options = {});

}  // namespace ganymede::measure
