#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/philox.hpp"

namespace ganymede::measure {

/// An interval of confidence.
struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// 0 ... count - 1 in random order (Fisher and Yates), a function of (random, index).
std::vector<std::int64_t> permutation(std::int64_t count, const Random& random, std::uint32_t index);
/// `size` different numbers of [0, count): the beginning of a random order. @throws ConfigError if size > count.
std::vector<std::int64_t> subset(std::int64_t count, std::int64_t size, const Random& random, std::uint32_t index);

double mean_of(std::span<const double> values);
/// Root of the sum of squares about the mean over (N - ddof); NaN for N <= ddof.
double deviation_of(std::span<const double> values, int ddof = 0);
/// The quantile q of [0, 1] of ascending values: at q (n - 1), linear in between (NumPy's default).
double quantile(std::span<const double> ascending, double q);

/// The quantiles (1 -+ level)/2 of values in any order.
Interval percentiles(std::vector<double> values, double level);

struct BootstrapOptions {
  int resamples = 1000;
  double level = 0.95;
  std::uint64_t seed = 1;  ///< stream "measure.bootstrap", one index a resample
};

/// Percentile bootstrap (Efron 1979): the quantiles (1 -+ level)/2 of a statistic of `count` things drawn with
/// replacement; statistic(indices) gets `count` numbers of [0, count). @throws ConfigError for count < 1, resamples < 1
/// or a level outside (0, 1).
Interval bootstrap(std::int64_t count, const std::function<double(std::span<const std::int64_t>)>& statistic,
                   const BootstrapOptions& options = {});
/// Of the mean of independent values.
Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options = {});

/// Of statistic(first) - statistic(second) of independent samples: each is drawn again by itself. `statistic` gets
/// ascending values. @throws as bootstrap
Interval bootstrap_difference(std::span<const double> first, std::span<const double> second,
                              const std::function<double(std::span<const double>)>& statistic,
                              const BootstrapOptions& options = {});

/// Student's interval of the mean of independent values: mean -+ t(n - 1) s / sqrt(n); NaN for fewer than two.
Interval mean_interval(std::span<const double> values, double level = 0.95);

/// Delete-one-group jackknife (Quenouille, Tukey): value -+ t(G - 1) s with s^2 = (G - 1)/G sum (v_g - mean v)^2, where
/// v_g is the statistic without group g. For statistics whose bias depends on the number of samples (Fréchet), which a
/// bootstrap would double. @throws ConfigError for fewer than two groups.
Interval jackknife(double value, std::span<const double> without_group, double level = 0.95);

}  // namespace ganymede::measure
