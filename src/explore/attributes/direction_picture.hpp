#pragma once

#include "picture/image.hpp"

namespace ganymede::explore {

struct KeptDirections;

/// Three matrices side by side under the verdict: the cosines N'N, the model's Sigma_s = Lambda N'N Lambda, and the
/// measured covariance of the scores, both in units of the measured deviations. Blue is below 0, white 0, red above; a
/// grey name is that of an attribute that z does not tell.
picture::Image draw_directions(const KeptDirections& kept);

}  // namespace ganymede::explore
