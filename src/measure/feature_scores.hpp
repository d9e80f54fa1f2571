#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.hpp"
#include "measure/features.hpp"
#include "measure/manifold.hpp"
#include "measure/score.hpp"

namespace ganymede::measure {

/// Scores of features that another program made, computed as published protocols are, so that torch-fidelity and prdc
/// find the same: all samples of both sets, whose counts may differ; subsets and splits as NumPy draws them; distances
/// between samples in float64. What is not the usual stands in a score's name: "kernel10k_<features>-100x500_v1".
struct PeerProtocol {
  std::int64_t count_real = 10000;  ///< FeatureProtocol::count are the fakes
  int subsets = 100;                ///< of kernel
  std::int64_t subset_size = 1000;  ///< of kernel
  std::int64_t neighbours = 5;      ///< k of precision ... coverage
  Ball ball = Ball::open;           ///< prdc's; torch-fidelity's are closed, with k = 3
  int splits = 10;                  ///< of inception
  std::uint32_t numpy_seed = 2020;  ///< of subsets and splits; torch-fidelity's
  bool intervals = true;            ///< intervals and floors, which cost the larger part
};

/// What fixes the scores between two sets of features. Measure, `count` and `features` form the name
/// ("kernel10k_digits_v1"); k, subsets, seed and the rest belong to its version and stand in the protocol.
struct FeatureProtocol {
  std::string features = "features";  ///< which features, with their version: "digits_v1"
  std::int64_t count = 10000;         ///< samples taken of each set, the first ones
  std::uint64_t seed = 1;
  std::optional<PeerProtocol> peer{};
};

/// A score between features of real and fake samples.
struct FeatureMeasure {
  const char* name;             ///< "frechet"
  const char* sentence;         ///< for a list
  bool needs_manifold = false;  ///< the balls of both sets, computed once for all that are asked for together
  bool of_points = false;       ///< says something of points by their coordinates, too
};
/// frechet, kernel, precision, recall, density, coverage, one_nn, sliced_wasserstein.
std::span<const FeatureMeasure> list_feature_measures();

/// The scores `measures` (all, if empty), in the order of the list, what several need computed once. Protocol: frechet
/// in float64, N - 1; kernel cubic, 100 subsets of min(1000, count/2); precision ... coverage with k = 5 and open
/// balls; one_nn leave one out, ties half; sliced_wasserstein of order 2 over 512 directions. Intervals of 95 %, of the
/// value that sets of this count have on average: jackknife of 20 groups (frechet, kernel, sliced_wasserstein),
/// subsampling (the others). Floor: the same between two halves of the first 2 count reals (of all, if there are
/// fewer).
/// @throws ConfigError for an unknown measure, with the nearest name, and for a count below 100; DataError for fewer
/// samples than `count`; as check.
std::vector<Score> feature_scores(const RealAndFake& sets, const FeatureProtocol& protocol, ThreadPool& pool,
                                  std::span<const std::string> measures = {});

/// Fréchet distance over samples and spatial positions (S-THEORY T7), "frechet_positions..." in its name: rows of
/// `rows_of_positions`, `positions` to a sample; protocol.count counts samples.
Score frechet_positions_score(const RealAndFake& rows, std::int64_t positions, const FeatureProtocol& protocol,
                              ThreadPool& pool);

/// Inception-style score of the fakes from class probabilities [N, K], 10 shuffled splits; its floor is that of the
/// reals: what good pictures reach. By a peer protocol of the fakes alone, without floor; `real` is not looked at.
Score inception_score_of(const RealAndFake& probabilities, const FeatureProtocol& protocol);

}  // namespace ganymede::measure
