#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "data/dataset.hpp"
#include "latent/partition.hpp"
#include "play/executor.hpp"
#include "run/networks.hpp"
#include "run/recipe.hpp"
#include "train/conditions.hpp"
#include "train/start_weights.hpp"

namespace ganymede::train {

/// Everything a run is made from, ready before its folder is.
struct Setup {
  run::Recipe recipe;
  data::Dataset dataset;
  std::uint32_t data_crc = 0;  ///< content_hash of the data set
  run::Networks networks;
  std::optional<latent::Partition> partition;  ///< where latent.sampler needs one
  Conditions conditions{};                     ///< where the generator takes a vector
  std::unique_ptr<play::Executor> executor;
  std::optional<StartWeights> start{};  ///< of a new run with train.from
};

}  // namespace ganymede::train
