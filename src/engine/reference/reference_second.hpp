#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/executor.hpp"
#include "engine/game/penalty_rule.hpp"
#include "engine/reference/dual.hpp"
#include "engine/reference/interpreter.hpp"
#include "engine/reference/reference_optimizer.hpp"

namespace ganymede::engine {

// What the reference game knows of second derivatives, in dual numbers over double: D's interpreter holds its
// parameters, and carries whatever direction is asked for through values and gradients.

/// What D sees at once: [N, features] in NCHW, classes and conditions where it takes them, and what its layers
/// draw (Mode::noise).
struct ReferenceImages {
  std::int64_t count = 0;
  std::vector<double> real, fake;
  std::vector<std::int32_t> real_classes, fake_classes;
  std::vector<float> real_conditions, fake_conditions;
};
using ReferenceNoise = std::map<std::string, std::vector<Dual>>;

/// A gradient penalty (play::Penalty), `noise` [N] samples. Adds its gradient, penalty_interval times, to `gradients`,
/// by variable of D. @return the penalty
double add_reference_penalty(const Game& game, Interpreter<Dual>& d, const ReferenceImages& images,
                             const ReferenceNoise& noise, const PenaltyDraws& draws,
                             std::vector<std::vector<double>>& gradients);

/// Parameters and moments of D by variable, and how many updates it has behind it.
struct ReferenceState {
  std::vector<std::vector<double>> value, first, second;
  std::int64_t updates = 0;
};
struct UnrolledLoss {
  double loss = 0;                             ///< of G, at the fakes of the first batch
  std::vector<std::vector<double>> gradients;  ///< by the fakes of each batch
};
/// G's loss through game.unroll updates of D from `state`; one batch for all, or one for each. `noise`: [real; fake].
UnrolledLoss reference_unrolled(const Game& game, Interpreter<Dual>& d, const ReferenceState& state,
                                const std::vector<ReferenceImages>& batches, const ReferenceNoise& noise);

}  // namespace ganymede::engine
