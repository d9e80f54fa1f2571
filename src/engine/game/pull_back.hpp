#pragma once

#include <cstdint>

#include "kernels/update.hpp"
#include "play/game.hpp"

namespace ganymede::engine {

/// One update by an optimiser's rule (play::Optimizer), of some elements, as it went: gradient and moments after it.
struct PastUpdate {
  const float* gradient = nullptr;
  const float* first = nullptr;   ///< null where the rule has none
  const float* second = nullptr;  ///< likewise
  std::int64_t count = 0;
};

/// Derivatives of a later loss by what an update left, which become those by what it found: its parameters (the same
/// numbers), its moments, and its gradient.
struct Adjoints {
  const float* parameter = nullptr;
  float* first = nullptr;
  float* second = nullptr;
  float* gradient = nullptr;  ///< out
};

/// The rule backwards, element by element, in double. The root of a second moment of 0 has no slope: taken for 0.
/// `rates`: of adam and nadam in that update (OptimizerRule::last_rates).
void pull_back(const play::Optimizer& rule, const kernels::Moments& rates, const PastUpdate& update,
               const Adjoints& adjoints);

}  // namespace ganymede::engine
