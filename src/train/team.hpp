#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "train/run_set.hpp"

namespace ganymede::train {

/// Workers that play one game, each on data of its own (data.part), in rounds of so many steps (S-INK I9).
struct PlannedTeam {
  std::string name;                 ///< of its folder, in which the workers' runs lie
  std::vector<PlannedRun> workers;  ///< "w1", "w2" ...: recipes that differ in data.part, data.part_by and latent alone
  std::int64_t every = 0;           ///< steps of a round; the last one ends with the run
  /// After every round all go on from the mean of their states; false: each from its own, as if it were alone.
  bool averaged = true;

  std::int64_t steps() const { return workers.front().recipe.train.steps; }
  std::int64_t rounds() const { return (steps() + every - 1) / every; }
  /// The step at which round `round` (from 1) ends.
  std::int64_t end_of(std::int64_t round) const;
};

/// The workers' mean: of every f32 tensor (parameters, running statistics, moving average, both moments of Adam) the
/// plain mean, element by element, summed in double in the order of the workers and rounded once; so one worker, or
/// several equal ones, keep their bits. Counts of updates must be equal and stay. Averaging after several local steps:
/// McMahan et al. 2017, algorithm 1 (equal shares); moments with the parameters: Yu, Jin, Yang 2019.
/// @throws ConfigError where names, shapes or counts differ.
NamedTensors mean_of_states(std::span<const NamedTensors> states);

/// TEAM/averaged/round-00003.safetensors: the mean after a round, a file like a checkpoint's; of averaged teams alone.
std::filesystem::path averaged_path(const std::filesystem::path& team, std::int64_t round);
/// TEAM/rounds/w1/round-00003.safetensors: a worker's own weights at the end of a round, before any mean, a file like a
/// snapshot's.
std::filesystem::path round_path(const std::filesystem::path& team, const std::string& worker, std::int64_t round);

/// @throws ConfigError unless the workers can be a team: one or more, equal in all but data.part, data.part_by and
/// latent, their length in steps, every >= 1, no end before it (evaluate.map_stop) and a fixed number of updates a step
/// (not game.update = "converge").
void check_team(const PlannedTeam& team);

enum class TeamState { finished, paused, diverged };

struct TeamOptions {
  SessionOptions session;
  /// Before a round is trained.
  std::function<void(const PlannedTeam& team, std::int64_t round)> on_round{};
};

/// Trains what is missing of a team in `root`/NAME and goes on, bit for bit, wherever an earlier call ended: every
/// worker from its own last checkpoint, which holds its place, schedule and events, at the beginning of a round with
/// the tensors of the mean before it. Ends on a signal with `paused`; `diverged`: a guard stopped a worker for good.
/// @throws as check_team; ConfigError where the folder holds another team; GuardError for a full disk.
TeamState train_team(const std::filesystem::path& root, const PlannedTeam& team, const TeamOptions& options);

}  // namespace ganymede::train
