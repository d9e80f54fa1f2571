#include "train/resume.hpp"

#include "base/checksum.hpp"
#include "base/error.hpp"

namespace ganymede::train {

Resumed resumed(const run::LoadedCheckpoint& from, const Setup& setup) {
  const run::Checkpoint& checkpoint = from.checkpoint;
  const std::string origin = from.path.string();
  const StoredState stored = stored_state_from_json(checkpoint.loop_state, origin);
  if (stored.data_crc != setup.data_crc && checkpoint.recipe.data == setup.recipe.data) {
    fail<DataError>(
        "{}: the run was trained on other data (content {}) than \"{}\" is now (content {}): put the first back, or "
        "start a new run",
        origin, hex(stored.data_crc), setup.recipe.data.source, hex(setup.data_crc));
  }
  const auto integer = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  return {.stored = stored,
          .loop = {.position = {.step = integer(checkpoint.step),
                                .tick = integer(checkpoint.ticks),
                                .epoch = integer(checkpoint.epoch),
                                .batch = integer(checkpoint.batch_in_epoch),
                                .images = integer(checkpoint.images)},
                   .schedule = stored.schedule,
                   .epoch = stored.epoch,
                   .settled = stored.settled && checkpoint.recipe.evaluate == setup.recipe.evaluate}};
}

}  // namespace ganymede::train
