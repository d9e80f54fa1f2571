#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "latent/paths.hpp"
#include "latent/prior.hpp"
#include "measure/features.hpp"
#include "measure/resample.hpp"

namespace ganymede::measure {

/// z [n, Z] -> features [n, F] of the pictures that the generator makes of them, in float (pictures rounded to 8 bits
/// drown the small steps). Row i belongs to path first + i: both ends of a step come with the same `first`, so that a
/// conditional generator can give them one class.
using FeatureGenerator = std::function<FeatureMatrix(std::span<const float> z, std::int64_t first)>;

struct PathLengthOptions {
  latent::Prior prior;  ///< of both ends of a path
  latent::PathKind kind = latent::PathKind::slerp;
  std::int64_t count = 10000;
  /// Length of a step in t. Published values use 1e-4; float32 (and more so bf16) arithmetic leaves noise of
  /// (precision / epsilon)^2, so longer steps are safer for features that carry rounding.
  double epsilon = 1e-2;
  bool at_start = false;  ///< t = 0 rather than t ~ U[0, 1)
  double trim = 0.01;     ///< share left out at either end
  std::int64_t batch = 256;
  BootstrapOptions bootstrap;
  std::uint64_t seed = 1;  ///< streams "measure.path.from", ".to", ".t", index: the path
};

struct PathLength {
  double value = 0;
  Interval interval;            ///< bootstrap over the paths kept
  std::vector<double> lengths;  ///< |f(z_t) - f(z_t+eps)|^2 / eps^2 of every path, untrimmed
};
/// Perceptual path length (Karras et al. 2019): trimmed mean of |f(G(z_t)) - f(G(z_{t + eps}))|^2 / eps^2 along paths
/// between two draws of the prior. Depends on the scale of the features f: compare within one feature set alone.
/// @throws ConfigError for count, batch < 1, epsilon <= 0 or trim outside [0, 1/2); ShapeError if the callback returns
/// another number of rows; DataError if a feature is not finite.
PathLength perceptual_path_length(const FeatureGenerator& generator, const PathLengthOptions& options);

/// The same step between given ends: from, to [N, Z], t [N].
std::vector<double> path_lengths(const FeatureGenerator& generator, const Features& from, const Features& to,
                                 std::span<const double> t, double epsilon, latent::PathKind kind,
                                 std::int64_t first = 0);

/// Values v with q <= v <= q', q the (lower) quantile `trim` and q' the (higher) quantile 1 - trim: of 1 ... 200 and
/// 0.01, 2 ... 199. Leaves nothing out of fewer than 1/trim + 1 values.
std::vector<double> trimmed(std::vector<double> values, double trim);

}  // namespace ganymede::measure
