#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/run_directory.hpp"

namespace ganymede::run {

/// A new run, paused, that goes on from a checkpoint of another one: a copy of the checkpoint, of the events up to it
/// and of the run's partition (unless `sets` want another one), the recipe with `sets` (key=value) applied, and in
/// run.json the parent and its step. `resume --accept-changes` trains it; whether the checkpoint fits a changed recipe
/// is found out there. The parent is only read. `name` "": the recipe's name with -001 counting up.
/// @throws ConfigError for keys or a name that cannot be, DataError for a checkpoint that is not whole.
RunDirectory fork_run(const RunDirectory& parent, const std::filesystem::path& checkpoint,
                      const std::filesystem::path& root, const std::string& name, const std::vector<std::string>& sets);

}  // namespace ganymede::run
