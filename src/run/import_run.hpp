#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "run/run_directory.hpp"
#include "run/snapshot.hpp"

namespace ganymede::run {

/// A run of weights that were trained elsewhere: finished, without a checkpoint, its one snapshot (of epoch 0) that
/// one. Its discriminator has a description and need not have weights. `info.imported` must say where they came from.
/// `fill` puts more into its folder. @throws as RunDirectory::create; nothing is left behind then.
RunDirectory import_run(const std::filesystem::path& root, const std::string& name, const Snapshot& snapshot,
                        RunInfo info, const std::function<void(const RunDirectory&)>& fill = {});

/// The discriminator of a run whose file has none and whose recipe names none: the logit of a flat sample and, if it is
/// one of several classes or has a condition, of that.
net::Network stand_in_discriminator(const ImageFacts& facts, const net::Network& generator);

}  // namespace ganymede::run
