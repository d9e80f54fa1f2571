#pragma once

#include <memory>
#include <string>

#include "explore/class_map.hpp"
#include "fit/classifier.hpp"
#include "play/backend.hpp"
#include "run/snapshot.hpp"

namespace ganymede::explore {

/// The trained generator of a snapshot and a classifier, as make_class_map wants them. precision:
/// play::Precision, of the generator (the classifier has its own). Pictures are rounded to 8 bits before
/// they are classified, as everywhere. The classifier must outlive it.
MapSource map_source(const play::Backend& backend, const run::Snapshot& snapshot, fit::Classifier& classifier,
                     int threads = 0, play::Precision precision = play::Precision::f32);

}  // namespace ganymede::explore
