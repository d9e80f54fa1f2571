#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "run/recipe.hpp"
#include "run/run_directory.hpp"
#include "train/session.hpp"

namespace ganymede::train {

/// A run of a set: seeds of one recipe, or the arms of a study.
struct PlannedRun {
  std::string name;  ///< of its folder
  run::Recipe recipe;
};

/// The recipe `count` times, with seeds seed, seed + 1 ... and names "<name>-s1", "<name>-s2" ... (the seed's number).
std::vector<PlannedRun> seeds_of(const std::string& name, const run::Recipe& recipe, int count);

/// Whether a run has nothing left to be trained: finished (at the length that is planned), or diverged.
bool is_settled(const std::filesystem::path& root, const PlannedRun& planned);

/// @throws ConfigError if a folder of the set holds a run of another recipe; a shorter run of the same one is gone on
/// with, if it left the snapshots that are wanted.
void check_set(const std::filesystem::path& root, const std::vector<PlannedRun>& plan);

struct RunSetOptions {
  SessionOptions session;
  /// Before a run begins or goes on: its number from 0.
  std::function<void(std::size_t number, const PlannedRun& planned)> on_run;
  /// Others may train runs of the same set at the same time, here or on machines that share the folder: a run is
  /// claimed first (base/claim.hpp), and one that somebody else is at is left to them.
  bool shared = false;
  /// Numbers of the runs to be trained, in this order; none: all, in theirs.
  std::optional<std::vector<std::size_t>> order{};
};

/// How the runs of a set stand, by their order.
struct RunSet {
  std::vector<std::filesystem::path> paths;
  std::vector<run::RunState> states;  ///< finished, diverged, or paused where it was interrupted
  bool complete = false;              ///< none is left to be trained
  std::size_t elsewhere = 0;          ///< runs that somebody else was at
};

/// What training a run costs, up to a factor: samples times multiplications a sample.
double effort_of(const run::Recipe& recipe, const run::ImageFacts& facts, std::int64_t images);
/// The share of part `part` of `parts` (from 1): the runs by falling effort, dealt out in turn. Equal efforts stay in
/// their order, so that every part deals alike.
std::vector<std::size_t> share_of(const std::vector<double>& efforts, int part, int parts);

/// Trains what is missing, one after the other, under `root`; goes on where an earlier call was interrupted, and leaves
/// settled runs as they are. Ends early, with complete = false, on a signal.
/// @throws as check_set; GuardError for a full disk.
RunSet train_set(const std::filesystem::path& root, const std::vector<PlannedRun>& plan, const RunSetOptions& options);

}  // namespace ganymede::train
