#pragma once

#include <memory>

#include "evaluate/reference.hpp"
#include "train/observer.hpp"
#include "train/session.hpp"

namespace ganymede::evaluate {

/// Maps the latent space at the beginning of a run and after every `evaluate.map_every` epochs (S-LATENT L6) into
/// RUN/maps, and tells each map in an event "map": points, classes (that have an area), largest_share, wanted_share of
/// a conditional generator, changed_share since since_epoch. With `evaluate.map_stop` the run is finished once less
/// than that share changed, from epoch `evaluate.map_stop_from` on: a signal for stopping, not a proof of convergence.
/// The classifier (of the run's data, f32) is looked up or fitted before the first update.
///
/// For SessionOptions::observers. None (null) if evaluate.map_every is 0. That the latent space can be mapped and the
/// data have classes, run::check and train::prepare have seen to.
std::unique_ptr<train::Observer> make_map_monitor(const train::ObserverContext& context,
                                                  const ReferenceOptions& options);

}  // namespace ganymede::evaluate
