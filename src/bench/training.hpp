#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/repeat.hpp"
#include "bench/spread.hpp"
#include "play/backend.hpp"
#include "run/networks.hpp"
#include "run/recipe.hpp"

namespace ganymede::bench {

/// The time of one pass of a training step.
struct PassShare {
  play::PassInfo pass;
  double seconds = 0;           ///< a step
  double share = 0;             ///< of the whole step
  double flops_per_second = 0;  ///< of useful work, convolutions counted as direct ones; 0 where it is memory bound
};

struct Training {
  std::string plan;
  Spread step_seconds;
  Spread images_per_second;       ///< real images that D learnt from
  double flops_per_image = 0;     ///< useful work of a step, counted as direct products, over its images
  std::vector<PassShare> passes;  ///< those that ran, longest first
  double outside_passes = 0;      ///< seconds of a step that belong to none
  std::int64_t buffer_bytes = 0;
  std::uint64_t peak_memory_bytes = 0;  ///< of the process while it trained
};

/// Steps of the recipe's game on made-up data: noise as the prior says, images in [-1, 1), classes in turn.
/// `precision` replaces the recipe's. Throws ConfigError where the engine lacks something.
Training measure_training(const play::Backend& backend, const run::Recipe& recipe, const run::Networks& networks,
                          play::Precision precision, int threads, const Budget& budget);

}  // namespace ganymede::bench
