#pragma once

#include "run/checkpoint.hpp"
#include "train/loop.hpp"
#include "train/setup.hpp"

namespace ganymede::train {

/// What a checkpoint says of the loop that wrote it.
struct Resumed {
  StoredState stored;
  Loop::State loop;
};
/// @throws DataError if it was written over other data than the set-up's.
Resumed resumed(const run::LoadedCheckpoint& from, const Setup& setup);

}  // namespace ganymede::train
