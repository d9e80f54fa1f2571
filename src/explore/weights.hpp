#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/run_directory.hpp"
#include "run/snapshot.hpp"

namespace ganymede::explore {

struct Weights {
  run::Snapshot snapshot;
  std::filesystem::path file;         ///< where they came from
  std::vector<std::string> warnings;  ///< damaged newer checkpoints that were passed over; values that are no numbers
};
/// The weights of an epoch's snapshot, of a checkpoint or snapshot (a path, or the name of a file of the run: also
/// best.safetensors), or by default of whichever of both is the newest. @throws DataError if there are none, or none
/// of that epoch.
Weights load_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch = {},
                     const std::string& checkpoint = {});

/// A text that changes whenever load_weights might read something else: path, size and time of every file that it would
/// look at.
std::string stamp_of_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch = {},
                             const std::string& checkpoint = {});

/// "FILE: generator.conv1.weight holds ..." if one of the generator's weights is NaN or infinite; else nothing.
std::string fault_of_weights(const run::Snapshot& snapshot, const std::filesystem::path& file);

}  // namespace ganymede::explore
