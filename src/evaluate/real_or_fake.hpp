#pragma once

#include <string>
#include <vector>

#include "evaluate/measures.hpp"

namespace ganymede::evaluate {

// Who can tell reals from fakes (S-LATENT L5): a classifier trained from scratch, weak or strong, and the GAN's own D.
// All judge the same samples: held-out reals in the reference's order, fakes named kJudgeValidationSeed ...

/// Two names, two measures: "val_loss<N>_<protocol>_<data>", mean binary cross-entropy in nats on the validation
/// samples (chance log 2; what the study's tables hold; interval: Student's over samples), and "error_rate<N>_...",
/// share judged wrongly (chance 1/2; exact interval, p-value of the two-sample test in the protocol). N: training
/// samples a side. protocol: nk_weak_v1 (up to 10,000 + 10,000 to train, 5,000 + 5,000 to judge; floor: the same fit
/// between two halves of the training reals) or nk_strong_v1, nk_strong_raw_v1 (no floor: it would take as long again).
std::vector<measure::Score> real_or_generated_scores(TrainedGenerator& generator, Reference& reference,
                                                     const run::Recipe& recipe, const std::string& protocol,
                                                     const EvaluateOptions& options);

/// How well the run's own discriminator tells the same samples: "d_accuracy<N>_<data>" at its own threshold (logit 0;
/// least squares 1/2; none for wasserstein) and "d_best_accuracy<N>_<data>" at the threshold that is best on every
/// second sample, judged on the others. N: samples a side.
std::vector<measure::Score> discriminator_scores(const run::Snapshot& snapshot, TrainedGenerator& generator,
                                                 const Reference& reference, const EvaluateOptions& options);

/// The threshold that tells most of the logits rightly when those above it count as real; half way between two
/// neighbours, the lowest of equals. Both lists hold a value or more.
double best_threshold(std::vector<double> real, std::vector<double> fake);

}  // namespace ganymede::evaluate
