#pragma once

#include <functional>
#include <memory>
#include <string>

#include "train/observer.hpp"
#include "train/session.hpp"

namespace ganymede::evaluate {

/// Takes a check-up (checkup.hpp) after every `evaluate.doctor_every` epochs, an event "checkup", and tells what the
/// run has by then (diagnosis.hpp): once when a failure begins to show, as an event "warning" and a sentence to `say`
/// (none if empty), and once when it no longer does, as an event "recovered". Of small epochs it waits until 20 images
/// a value of a sample (10,000 at least, 16,000 at most) have been seen since the last. A resumed run tells the same.
///
/// For SessionOptions::observers. None (null) if evaluate.doctor_every is 0 or there are fewer than kFewestForAll
/// training samples.
std::unique_ptr<train::Observer> make_doctor(const train::ObserverContext& context, int threads,
                                             std::function<void(const std::string& line)> say);

}  // namespace ganymede::evaluate
