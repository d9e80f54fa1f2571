#pragma once

#include <span>

namespace ganymede::explore {

/// How the values of a layer are spread.
struct Activity {
  double zero = 0;       ///< share of values that are exactly 0
  double near_zero = 0;  ///< share with |a| < kNearZero rms; of normally distributed values kNormalNearZero
  double mean = 0;
  double rms = 0;  ///< sqrt(mean a^2)
  double least = 0, most = 0;
};
inline constexpr double kNearZero = 0.1;
inline constexpr double kNormalNearZero = 0.0797;  ///< erf(kNearZero / sqrt 2)
/// Of f32 values. @throws DataError if there is none or one is not finite.
Activity activity_of(std::span<const float> values);

/// The mean over channels of a layer's values [C, H, W], to means [H, W].
void mean_over_channels(std::span<const float> values, std::span<float> means);

}  // namespace ganymede::explore
