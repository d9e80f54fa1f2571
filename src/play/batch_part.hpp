#pragma once

#include "play/step.hpp"

namespace ganymede::play {

/// The `count` samples of a batch from `first` on, within its own; of the batches of an unrolled D the same ones.
Batch part_of(const Batch& batch, std::int64_t first, std::int64_t count);

}  // namespace ganymede::play
