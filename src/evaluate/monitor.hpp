#pragma once

#include <memory>
#include <vector>

#include "data/catalogue.hpp"
#include "run/events.hpp"
#include "train/observer.hpp"
#include "train/session.hpp"

namespace ganymede::evaluate {

/// Watches a run by a weak real-or-generated classifier (nk_weak_v1, S-LATENT L5) after every `evaluate.every` epochs
/// of its recipe: up to 5,000 training reals and as many fakes to train with, 2,000 held-out reals and as many fresh
/// fakes to judge; of data with one split those judged, half of it at most, are others than those of training. Each
/// result is an event "weak" with val_loss, error_rate, real_errors, fake_errors, count, p_value. A function of the
/// networks and the epoch alone, so a resumed run tells the same. One epoch's value is no measure of another's progress
/// beyond its plateau (the study warns): compare with scores of the end.
///
/// For SessionOptions::observers. None (null) if evaluate.every is 0. `places` find the held-out split.
std::unique_ptr<train::Observer> make_monitor(const train::ObserverContext& context, const play::Backend& backend,
                                              const std::vector<data::SearchPlace>& places, int threads);

}  // namespace ganymede::evaluate
