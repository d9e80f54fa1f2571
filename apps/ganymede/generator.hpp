#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "engine/executor.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"
#include "train/samples.hpp"

namespace ganymede::app {

/// The trained generator of a run at some moment, ready to draw.
class Generator {
 public:
  /// From a snapshot of the run in `folder`. @throws DataError if it does not fit.
  Generator(const run::Snapshot& snapshot, const std::filesystem::path& folder, int threads);

  /// Pictures [N, C, H, W] in [-1, 1] of the samples named seed, seed + 1 ...
  Tensor draw(const train::Samples& samples);
  train::Samples samples(std::uint64_t seed, std::int64_t count, std::optional<int> only = {});

 private:
  net::Network network_;
  train::Noise noise_;
  engine::Model model_;
};

/// The weights of an epoch's snapshot, of a checkpoint (a path, or the name of a file of the run), or by default of
/// whichever of both is the newest. `file` receives where they came from.
run::Snapshot load_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch,
                           const std::string& checkpoint, std::filesystem::path& file);

}  // namespace ganymede::app
