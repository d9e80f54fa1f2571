#pragma once

#include <string>
#include <vector>

#include "evaluate/model_scores.hpp"

namespace ganymede::evaluate {

// What makes a mode covered: points within so many deviations, so many of them.
inline constexpr double kWithin = 3;
inline constexpr std::int64_t kLeast = 1;

/// Of points from a mixture of Gaussians that is known: "mixture_modes", its modes that the fakes meet; "high_quality",
/// the share of fakes within three deviations of one; "reverse_kl", of the shares of modes among those. Floor: the same
/// of as many held-out reals, which a perfect sampler drew.
std::vector<measure::Score> mixture_scores(const ScoreContext& context);
/// Why there is no such mixture; "": there is.
std::string needs_mixture(const ScoreContext& context);

/// "density_js": Jensen-Shannon divergence in nats between histograms of fakes and held-out reals. Floor: the same
/// between a perfect sampler and them: training samples, or halves of the reals where there is one split.
measure::Score density_score(const ScoreContext& context);
/// Why the points cannot be counted in cells; "": they can.
std::string needs_few_dimensions(const ScoreContext& context);

}  // namespace ganymede::evaluate
