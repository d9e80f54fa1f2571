#pragma once

#include <memory>

#include "evaluate/reference.hpp"
#include "train/observer.hpp"
#include "train/session.hpp"

namespace ganymede::evaluate {

/// After every `evaluate.frechet_every` epochs the Fréchet distance between `evaluate.frechet_count` fakes (the moving
/// average's, where there is one) and as many held-out reals by the features of the data's classifier, as `evaluate`
/// has it but for its interval. Told in an event "frechet": value, count, features, best (no epoch of the run was
/// better); the weights of the best are snapshots/best.safetensors. A function of the networks and the epoch alone: a
/// resumed run tells the same. The classifier is looked up or fitted before the first update.
///
/// For SessionOptions::observers. None (null) if evaluate.frechet_every is 0. @throws ConfigError for points and for
/// data without classes, which have no classifier.
std::unique_ptr<train::Observer> make_best_monitor(const train::ObserverContext& context,
                                                   const ReferenceOptions& options);

}  // namespace ganymede::evaluate
