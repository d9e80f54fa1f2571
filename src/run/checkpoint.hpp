#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "run/recipe.hpp"
#include "run/snapshot.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::run {

/// Everything that a run needs to go on as if it had never stopped. One safetensors file: the tensors, and as metadata
/// "schema" = "ganymede.checkpoint/1", the fields below as text, and "crc32" over the whole file.
struct Checkpoint {
  NamedTensors tensors;  ///< Executor::state(): parameters, running statistics, moments, EMA
  Recipe recipe;
  net::Network generator;
  net::Network discriminator;
  std::vector<std::string> class_names{};     ///< of the data, by number; empty without classes, and in older files
  std::string plan;                           ///< the arithmetic plan that made it (Executor::plan_name())
  std::uint64_t step = 0;                     ///< finished training steps (G's updates)
  std::uint64_t ticks = 0;                    ///< calls of Executor::step so far: the `step` of the random streams
  std::uint64_t epoch = 0;                    ///< finished epochs
  std::uint64_t batch_in_epoch = 0;           ///< batches of the current epoch already used
  std::uint64_t images = 0;                   ///< real images seen
  std::uint64_t events_bytes = 0;             ///< length of events.jsonl that belongs to this state
  std::optional<std::uint32_t> events_crc32;  ///< of those bytes; none in files of version 0.1
  NamedTensors monitors;   ///< what the observers of the loop remember, in the file as "monitor.<name>"
  std::string loop_state;  ///< JSON text of the training loop's own (running means, criteria); "" if none
  double seconds = 0;      ///< time trained so far
};

/// "step-0000001200.safetensors"
std::string checkpoint_name(std::uint64_t step);

/// Writes one file: aside, fsynced, renamed. Throws GuardError when the disk is full.
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Writes checkpoints/step-N.safetensors (N = checkpoint.step, ten digits) in one pass: written aside, fsynced,
/// renamed. Then removes the older ones except the last two and those that end an epoch that
/// recipe.checkpoint.keep_every divides. Throws GuardError when the disk is full; the checkpoints before are never
/// touched then. Returns the file's path.
std::filesystem::path save_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// Removes what save_checkpoint would remove beside a checkpoint of `step`, but no file of a later step: a process
/// killed between its last checkpoint and this leaves one too many.
void remove_old_checkpoints(const std::filesystem::path& folder, std::uint64_t step, std::int64_t keep_every);

/// Reads one file and verifies length, form and CRC; throws DataError that names file and fault.
Checkpoint load_checkpoint(const std::filesystem::path& path);

/// Its weights, for whoever draws with them.
Snapshot as_snapshot(Checkpoint checkpoint);
/// The weights in a checkpoint or a snapshot, whichever the file is. @throws DataError that names file and fault
Snapshot load_weights_of(const std::filesystem::path& path);

struct LoadedCheckpoint {
  Checkpoint checkpoint;
  std::filesystem::path path;
  std::vector<std::string> warnings;  ///< one for each damaged newer file that was passed over
};
/// The newest good checkpoint of the folder. Throws DataError if there is none, or none that is whole (naming each
/// one's fault).
LoadedCheckpoint load_latest_checkpoint(const std::filesystem::path& folder);

/// @throws ConfigError if the recipe of a run that goes on from it has another train.from: what a run begins with.
void check_same_beginning(const Checkpoint& checkpoint, const Recipe& recipe);

/// Files of the folder by rising step; those that a killed writer left aside are not among them (RunDirectory::lock
/// removes those).
std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& folder);

/// Size of a checkpoint file in bytes, about: parameters, moments and EMA in f32.
std::int64_t checkpoint_bytes(const Recipe& recipe, const net::Network& generator, const net::Network& discriminator);

}  // namespace ganymede::run
