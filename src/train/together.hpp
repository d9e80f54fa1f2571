#pragma once

#include <string>
#include <vector>

#include "cluster/group.hpp"
#include "train/loop.hpp"
#include "train/session.hpp"

namespace ganymede::train {

// A run that several processes train (docs/scaling.md). Each has data, networks and an executor of its own and goes
// through the same loop; process 0 has the run's folder, the observers and the console.

/// What must be the same in all processes before the first step, in texts that people may read.
struct Likeness {
  std::string machine;          ///< "node7"
  std::string version, commit;  ///< of the program
  std::string plan;             ///< Executor::plan_name: level of the CPU, precision, algorithms
  std::string recipe;           ///< resolved, TOML
  std::string data;             ///< content hash
  std::string latent;           ///< content of partition and conditions
  std::string error;            ///< why this process cannot begin; empty: it can
  int exit_code = 0;            ///< of that
  friend bool operator==(const Likeness&, const Likeness&) = default;
};
std::string to_json(const Likeness& likeness);
Likeness likeness_from_json(const std::string& text);

/// Why these processes cannot train together, naming the one that differs from the first, and how; empty: they can.
std::string unlike(const std::vector<Likeness>& processes);

/// `prepare` in each process of options.group, then whether they are alike. @throws in process 0 the reason of whoever
/// has one, in the others SaidByFirst
Setup prepare_together(const run::Recipe& recipe, const SessionOptions& options);

/// Process 0, before its loop runs: where the run begins, for those who take part.
void share_beginning(cluster::Group& group, const Setup& setup, const Loop& loop);
/// Process 0, instead of it: there will be no beginning.
void tell_no_beginning(cluster::Group& group);

/// What the other processes do while process 0 is in `train`: the same updates, and nothing else. Returns when the run
/// is at its end, or paused. @throws SaidByFirst for what process 0 tells of
void take_part(Setup& setup, const SessionOptions& options);

}  // namespace ganymede::train
