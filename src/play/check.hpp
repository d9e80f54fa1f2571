#pragma once

#include <map>
#include <string>
#include <vector>

#include "play/executor.hpp"

namespace ganymede::play {

/// How far one number or tensor of an executor is from the reference's.
struct Deviation {
  std::string name;  ///< "loss of generator", "generator.conv1.weight"
  /// |a - b| / max(|b|, floor) with L2 norms, b the reference's. The floor of a tensor is a thousandth of the largest
  /// norm of its kind in its network (docs/contract.md, 2), that of a loss 1, that of a bias of a single number the sum
  /// of its gradient's terms in magnitude. Infinite where either is not finite.
  double difference = 0;
};

/// One step by both, each list from the worst on.
struct StepCheck {
  Phase phase = Phase::both;
  std::int64_t tick = 0;
  StepResult result;  ///< the executor's
  std::vector<Deviation> losses;
  std::vector<Deviation> gradients;   ///< before clipping
  std::vector<Deviation> parameters;  ///< after the update, running statistics and moving averages included
  /// The worst of all three.
  double worst() const;
};

/// How far two sets of tensors are apart; tensors of whole numbers are left out. `floors`: of some tensors, by name,
/// where they are higher. @throws DataError if one holds what the other has not
std::vector<Deviation> deviations(const NamedTensors& found, const NamedTensors& wanted,
                                  const std::map<std::string, double>& floors = {});

/// Takes one step with both, what the layers drew in the first replayed in the second. Both must have begun from the
/// same state.
StepCheck check_step(Executor& executor, Reference& reference, const Batch& batch, Phase phase);

/// The largest difference that rounding explains. f32: sums of some thousand products of 24 bits, and what Adam makes
/// of the smallest gradients; mixed: products of 8 bits.
double tolerance(Precision precision);

}  // namespace ganymede::play
