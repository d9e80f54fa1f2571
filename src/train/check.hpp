#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "play/check.hpp"
#include "run/checkpoint.hpp"
#include "train/setup.hpp"

namespace ganymede::train {

using ReferenceFactory = std::function<std::unique_ptr<play::Reference>(
    const net::Network& generator, const net::Network& discriminator, const play::Game& game)>;

struct CheckOptions {
  std::int64_t steps = 3;     ///< of the run, each with all updates of D that belong to it
  std::int64_t batch = 0;     ///< the first so many samples of every batch; 0: all
  double most_seconds = 300;  ///< what the reference may take
  ReferenceFactory make_reference;
};

/// A run's next steps by its executor and by the reference.
struct Check {
  std::vector<play::StepCheck> steps;
  std::int64_t batch = 0;  ///< samples of the largest batch
  std::string plan, reference;
  double tolerance = 0;
  double worst() const;
  bool within() const { return worst() <= tolerance; }
};

/// Takes the steps that follow the checkpoint, on the run's own data and noise; nothing is written. The set-up's
/// executor has moved on afterwards. @throws ConfigError if the reference, timed on two samples, would take too long,
/// naming what it could do in the time.
Check check(Setup& setup, const run::LoadedCheckpoint& from, const CheckOptions& options);

}  // namespace ganymede::train
