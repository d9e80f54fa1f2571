#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// What the root of the mean squared difference is divided by; there is no one definition of NRMSD.
enum class Normaliser {
  range,      ///< largest value - smallest
  deviation,  ///< standard deviation of the values (divided by N)
  mean,       ///< |mean| of the values: for positive data alone
  quartiles   ///< upper quartile - lower
};
/// "range", "deviation", "mean", "quartiles"; @throws ConfigError otherwise, naming them.
Normaliser normaliser_from(std::string_view name);
const char* name_of(Normaliser normaliser);
double normaliser_of(std::span<const float> values, Normaliser normaliser);

/// Whose values the normaliser is taken of.
enum class NormaliserScope {
  reference,  ///< of PairOptions::reference (real data: one number for all samplers), else of all samples measured
  pair        ///< of the two samples of the pair
};

/// What the interval resamples.
enum class ResampledUnit {
  samples,  ///< pairs share samples, so this is the honest one
  pairs     ///< as if pairs were independent: narrower
};

struct PairOptions {
  Normaliser normaliser = Normaliser::range;
  NormaliserScope scope = NormaliserScope::reference;
  std::optional<Features> reference;
  std::int64_t most_pairs = 10000;  ///< a class; beyond that they are drawn, with replacement
  ResampledUnit unit = ResampledUnit::samples;
  BootstrapOptions bootstrap;
  std::uint64_t seed = 1;  ///< stream "measure.pairs", index: the class
};

/// Mean difference of pairs of one class.
struct PairDifference {
  std::int32_t label = 0;
  std::int64_t pairs = 0;
  double msd = 0;    ///< mean over pairs of mean_f (x_f - y_f)^2
  double nrmsd = 0;  ///< mean over pairs of sqrt(mean_f (x_f - y_f)^2) / normaliser
  Interval msd_interval;
  Interval nrmsd_interval;
};
struct PairDifferences {
  std::vector<PairDifference> classes;  ///< by ascending label; those without a pair are left out
  PairDifference average;               ///< plain mean over these classes; label -1, pairs of all
  double normaliser = 0;                ///< of the reference; 0 for scope pair
};

struct Labelled {
  Features samples;                      ///< [N, F]
  std::span<const std::int32_t> labels;  ///< [N]
};
/// Diversity within classes (S-INK I7): all pairs i < j of one class within one draw.
/// @throws as check; ShapeError if counts differ; DataError if no class has two samples, or where the normaliser is 0
/// and the difference is not.
PairDifferences differences_within(const Labelled& draw, const PairOptions& options = {});
/// All pairs of a sample of the first draw with one of its class in the second.
PairDifferences differences_between(const Labelled& first, const Labelled& second, const PairOptions& options = {});

}  // namespace ganymede::measure
