#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "run/recipe.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::run {

/// The weights at the end of an epoch, for films, samples, maps and scores. One safetensors file, self-describing
/// ("schema" = "ganymede.snapshot/1"), with the same CRC as a checkpoint.
struct Snapshot {
  NamedTensors tensors;  ///< "generator.*", "discriminator.*" and, if kept, "ema.generator.*"; other names are left out
                         ///< by save_snapshot
  Recipe recipe;
  net::Network generator;
  net::Network discriminator;
  std::vector<std::string> class_names{};  ///< of the data, by number; empty without classes, and in older files
  std::uint64_t epoch = 0;                 ///< finished epochs
  std::uint64_t step = 0;
  std::uint64_t images = 0;
};

/// The generator's tensors for play::Model::load, keyed "generator.*": the moving average if there is one and `ema`
/// is true.
NamedTensors generator_weights(const Snapshot& snapshot, bool ema = true);

/// Writes one file like a checkpoint. Throws GuardError when the disk is full.
void write_snapshot(const std::filesystem::path& path, const Snapshot& snapshot);
/// Writes snapshots/epoch-N.safetensors (five digits) like a checkpoint and returns its path. Throws GuardError when
/// the disk is full.
std::filesystem::path save_snapshot(const std::filesystem::path& folder, const Snapshot& snapshot);
/// The same as snapshots/best.safetensors, in the place of the one before; it is in no list of epochs.
std::filesystem::path save_best_snapshot(const std::filesystem::path& folder, const Snapshot& snapshot);
inline constexpr const char* kBestSnapshot = "best.safetensors";
/// Throws DataError that names file and fault.
Snapshot load_snapshot(const std::filesystem::path& path);

struct SnapshotFile {
  std::uint64_t epoch = 0;
  std::filesystem::path path;
};
/// By rising epoch.
std::vector<SnapshotFile> list_snapshots(const std::filesystem::path& folder);
/// The snapshot of an epoch; throws DataError that names the nearest epochs there are.
SnapshotFile find_snapshot(const std::filesystem::path& folder, std::uint64_t epoch);
/// The last one; throws DataError if there is none.
SnapshotFile latest_snapshot(const std::filesystem::path& folder);

std::int64_t snapshot_bytes(const Recipe& recipe, const net::Network& generator, const net::Network& discriminator);

}  // namespace ganymede::run
