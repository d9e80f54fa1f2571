#pragma once

#include <memory>

#include "train/observer.hpp"
#include "train/session.hpp"

namespace ganymede::evaluate {

/// Counts the modes of points from a known mixture after every `evaluate.mixture_every` epochs, by the samples named
/// kScoreSeed ... (`evaluate.mixture_count` of them) of the moving average where there is one, as the measure mixture
/// does at the end: an event "mixture" with modes, of (so many there are), high_quality, reverse_kl, count, and a few
/// words in the console's line of the epoch. A function of G alone, so a resumed run tells the same.
///
/// For SessionOptions::observers. None (null) of other data, or if evaluate.mixture_every is 0.
std::unique_ptr<train::Observer> make_mixture_monitor(const train::ObserverContext& context);

}  // namespace ganymede::evaluate
