#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/team.hpp"

namespace ganymede::study {

// S-INK I9 as an experiment: workers that each see a part of the ink train on one partition of the latent space, on
// partitions of their own, and without any; each by itself, and as a team that takes the mean of its models.

enum class Sharing {
  shared,  ///< Algorithm 1, one partition for all
  own,     ///< Algorithm 1, every worker with a partition of its own
  none     ///< z ~ N(0, I)
};
/// "shared", "own", "none".
const char* name_of(Sharing sharing);

/// One kind of team, trained with several seeds.
struct DistributedArm {
  std::string name;          ///< "w2-writer-shared-averaged", "whole-none"
  std::string title;         ///< for a person
  int workers = 1;           ///< 1: the whole set in one place, what the others are held against
  std::string by = "whole";  ///< what the data are cut along: "writer", "class"
  Sharing sharing = Sharing::shared;
  bool averaged = false;
  std::vector<train::PlannedTeam> teams{};  ///< by seed
};

struct DistributedPlan {
  std::string data;  ///< "builtin", "unipen" or a file
  bool quick = false;
  std::int64_t steps = 0;  ///< of a worker
  std::int64_t every = 0;  ///< steps of a round
  int seeds = 0;
  std::int64_t per_class = 0;  ///< symbols of each class, of all parts together, before the copies
  double recognised = 0.5;     ///< the share that counts as learnt: steps until it is reached
  std::vector<int> team_sizes;
  std::vector<DistributedArm> arms;

  /// Seed by seed, so that an interrupted study has something of every arm.
  std::vector<train::PlannedTeam> all_teams() const;
  /// Their workers, named "TEAM/w1" ...
  std::vector<train::PlannedRun> all_runs() const;
};

struct DistributedChoices {
  std::string source = "builtin";
  bool quick = false;
  int seeds = 0;           ///< 0: 3
  std::int64_t steps = 0;  ///< 0: 20,000, quick 1,800
};
/// @throws ConfigError for data that are no ink.
DistributedPlan plan_distributed(const DistributedChoices& choices);

/// Whether the data can be cut as the plan wants. @throws DataError, before anything is trained.
void check_parts(const DistributedPlan& plan, const train::SessionOptions& session);

/// What the data are cut along, in the order of the page: writer, class.
const std::vector<std::string>& distributed_cuts();

}  // namespace ganymede::study
