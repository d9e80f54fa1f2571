#pragma once

#include "evaluate/model_scores.hpp"

namespace ganymede::evaluate {

/// "frechet_positions<N>_<features>": Fréchet distance of the classifier's last feature maps over samples AND spatial
/// positions (S-THEORY T7), apart from the pooled habit of "frechet". `classes` of the fakes.
measure::Score positions_score(const ScoreContext& context, std::span<const std::int32_t> classes);

/// "separability<N>_<features>": linear separability of the latent space by the classifier's classes (Karras et al.
/// 2019); for generators that take no class. No floor: reals have no z.
measure::Score separability_score(const ScoreContext& context);

}  // namespace ganymede::evaluate
