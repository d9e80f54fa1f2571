#include "explore/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "run/checkpoint.hpp"

namespace ganymede::explore {
namespace {

/// A path, or the name of a file of the run.
std::filesystem::path path_of(const run::RunDirectory& directory, const std::string& checkpoint) {
  if (checkpoint.find('/') != std::string::npos) return checkpoint;
  std::error_code ignored;
  const std::filesystem::path snapshot = directory.snapshots() / checkpoint;
  return std::filesystem::is_regular_file(snapshot, ignored) ? snapshot : directory.checkpoints() / checkpoint;
}

std::string stamp_of_file(const std::filesystem::path& file) {
  std::error_code fault;
  const auto size = std::filesystem::file_size(file, fault);
  const auto time = std::filesystem::last_write_time(file, fault).time_since_epoch().count();
  return fmt::format("{}|{}|{}\n", file.string(), size, time);
}

Weights find_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch,
                     const std::string& checkpoint) {
  if (epoch) {
    const std::filesystem::path file = run::find_snapshot(directory.snapshots(), *epoch).path;
    return {.snapshot = run::load_snapshot(file), .file = file, .warnings = {}};
  }
  if (!checkpoint.empty()) {
    const std::filesystem::path file = path_of(directory, checkpoint);
    return {.snapshot = run::load_weights_of(file), .file = file, .warnings = {}};
  }
  Weights weights;
  const auto snapshots = run::list_snapshots(directory.snapshots());
  if (!run::list_checkpoints(directory.checkpoints()).empty()) {
    run::LoadedCheckpoint latest = run::load_latest_checkpoint(directory.checkpoints());
    weights.warnings = std::move(latest.warnings);
    if (snapshots.empty() || snapshots.back().epoch <= latest.checkpoint.epoch) {
      weights.file = latest.path;
      weights.snapshot = run::as_snapshot(std::move(latest.checkpoint));
      return weights;
    }
  }
  if (snapshots.empty())
    fail<DataError>("{}: there is neither a checkpoint nor a snapshot yet", directory.path().string());
  weights.file = snapshots.back().path;
  weights.snapshot = run::load_snapshot(weights.file);
  return weights;
}

}  // namespace

std::string fault_of_weights(const run::Snapshot& snapshot, const std::filesystem::path& file) {
  for (const auto& [name, tensor] : snapshot.tensors) {
    if (tensor.dtype() != DType::f32 || name.find("generator.") == std::string::npos || name.starts_with("optimizer."))
      continue;
    const auto values = tensor.values<float>();
    if (std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) continue;
    return fmt::format("{}: {} holds values that are no numbers (NaN or infinite): what is drawn with it shows nothing",
                       file.string(), name);
  }
  return {};
}

std::string stamp_of_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch,
                             const std::string& checkpoint) {
  if (epoch) return stamp_of_file(run::find_snapshot(directory.snapshots(), *epoch).path);
  if (!checkpoint.empty()) return stamp_of_file(path_of(directory, checkpoint));
  std::string stamp;
  for (const std::filesystem::path& file : run::list_checkpoints(directory.checkpoints())) stamp += stamp_of_file(file);
  if (const auto snapshots = run::list_snapshots(directory.snapshots()); !snapshots.empty())
    stamp += stamp_of_file(snapshots.back().path);
  return directory.path().string() + "\n" + stamp;
}

Weights load_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch,
                     const std::string& checkpoint) {
  Weights weights = find_weights(directory, epoch, checkpoint);
  if (std::string fault = fault_of_weights(weights.snapshot, weights.file); !fault.empty())
    weights.warnings.push_back(std::move(fault));
  return weights;
}

}  // namespace ganymede::explore
