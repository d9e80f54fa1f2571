#pragma once

#include <string>
#include <vector>

#include "evaluate/measures.hpp"

namespace ganymede::evaluate {

/// How well the run's own discriminator tells the samples that weak and strong classifiers judge:
/// "d_accuracy<N>_<data>" at its own threshold (logit 0; least squares 1/2; none for wasserstein) and
/// "d_best_accuracy<N>_<data>" at the threshold that is best on every second sample, judged on the others. N: samples a
/// side. Floor: the same D, in the same way, between two halves of the reals, one of which stands for fakes; about 1/2.
std::vector<measure::Score> discriminator_scores(const run::Snapshot& snapshot, explore::TrainedGenerator& generator,
                                                 const Reference& reference, const EvaluateOptions& options);

/// The same from logits, [N] each. `loss`: game.loss; `ending` of the names. Fewer than two a side: no best threshold;
/// fewer than four: no floor.
std::vector<measure::Score> scores_of_logits(const std::vector<double>& real, const std::vector<double>& fake,
                                             play::Loss loss, const std::string& ending);

/// The threshold that tells most of the logits rightly when those above it count as real; half way between two
/// neighbours, the lowest of equals. Both lists hold a value or more.
double best_threshold(std::vector<double> real, std::vector<double> fake);

}  // namespace ganymede::evaluate
