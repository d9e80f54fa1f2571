#pragma once

#include <string>

#include "evaluate/model_scores.hpp"

namespace ganymede::evaluate {

/// "ms_ssim": mean MS-SSIM (measure::ms_ssim) of disjoint pairs of fakes, each sample with the next one (of its class,
/// where the generator takes one, `classes` being the fakes'); floor: that of as many reals, paired alike.
measure::Score similarity_score(const ScoreContext& context, std::span<const std::int32_t> classes);

/// Why the data have none: they are ink, or smaller than 3 pixels a side; "": they have.
std::string needs_pictures(const ScoreContext& context);

}  // namespace ganymede::evaluate
