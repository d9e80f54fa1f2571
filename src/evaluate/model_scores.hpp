#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <vector>

#include "evaluate/measures.hpp"

namespace ganymede::evaluate {

/// What the scores of one model have in common.
struct ScoreContext {
  const explore::Weights& weights;
  explore::TrainedGenerator& generator;
  Reference& reference;
  const EvaluateOptions& options;
  std::int64_t count;  ///< samples a side
  /// "<measure><count>_<features>"
  std::string name(const char* measure) const {
    return fmt::format("{}{}_{}", measure, measure::short_count(count), reference.name());
  }
};

/// "modes": classes that the classifier sees among the fakes (no interval: a resample can lose a class and never gain
/// one); "class_js": Jensen-Shannon divergence in nats between the shares of the classes of both sides.
std::vector<measure::Score> mode_scores(const ScoreContext& context, const Classified& fake);

/// Share of fakes that the classifier takes for the class they were drawn for; floor: the same of the reals.
measure::Score class_accuracy_score(const ScoreContext& context, const Classified& fake);

/// "msd", "nrmsd" of the first 100 samples of each class; `classes` of the fakes. Floor: the reals' own.
std::vector<measure::Score> pair_scores(const ScoreContext& context, std::span<const std::int32_t> classes);

/// Perceptual path length by the classifier's features. No floor: reals have no z.
measure::Score path_length_score(const ScoreContext& context);

}  // namespace ganymede::evaluate
