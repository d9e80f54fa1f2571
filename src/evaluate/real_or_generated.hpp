#pragma once

#include <span>
#include <string>
#include <vector>

#include "evaluate/classified.hpp"
#include "evaluate/measures.hpp"
#include "fit/real_or_generated.hpp"
#include "measure/judge_curve.hpp"

namespace ganymede::evaluate {

// Who can tell reals from fakes (S-LATENT L5): a classifier trained from scratch, weak or strong, and the GAN's own D
// (own_discriminator.hpp). All judge the same samples: held-out reals in the reference's order, fakes named
// kJudgeValidationSeed ...

/// Two names, two measures: "val_loss<N>_<protocol>_<data>", mean binary cross-entropy in nats on the validation
/// samples (chance log 2; what the study's tables hold; interval: Student's over samples), and "error_rate<N>_...",
/// share judged wrongly (chance 1/2; exact interval, p-value of the two-sample test in the protocol). N: training
/// samples a side. protocol: nk_weak_v1 (up to 10,000 + 10,000 to train, 5,000 + 5,000 to judge; floor: the same fit
/// between two halves of the training reals) or nk_strong_v1, nk_strong_raw_v1 (no floor: it would take as long again).
/// Of data with one split the judged reals come first in the reference's order, and the others train: no judge is asked
/// about what it has learned from. The curve bears the name of val_loss. @throws Error if options.stop or on_fit's
/// callback ends it.
struct RealOrGeneratedScores {
  std::vector<measure::Score> scores;
  measure::JudgeCurve curve;
};
RealOrGeneratedScores judge_real_or_generated(explore::TrainedGenerator& generator, Reference& reference,
                                              const run::Recipe& recipe, const std::string& protocol,
                                              const EvaluateOptions& options);

/// The curve of a finished fit.
measure::JudgeCurve curve_of(const std::string& name, const fit::RealOrGeneratedProtocol& protocol,
                             const fit::RealOrGeneratedResult& result);

/// Why a protocol cannot judge on a recipe's data, a sentence; empty: it can.
std::string judge_obstacle(const Reference& reference, const run::Recipe& recipe, const std::string& protocol);

/// Classes of the fakes that face the first `count` held-out reals: theirs, or 0, 1, 2 ... in turn where they have
/// none; empty for a generator that takes none.
std::vector<std::int32_t> facing_classes(const explore::TrainedGenerator& generator, const Reference& reference,
                                         std::int64_t count);

/// What the judge of a protocol sees of a generator: pictures at 8-bit levels, or as they were generated.
SampleSource fakes_for(const fit::RealOrGeneratedProtocol& protocol, explore::TrainedGenerator& generator,
                       std::uint64_t seed, std::span<const std::int32_t> classes);

}  // namespace ganymede::evaluate
