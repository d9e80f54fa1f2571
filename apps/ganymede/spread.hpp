#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cluster/join.hpp"
#include "run/recipe.hpp"
#include "train/run_set.hpp"

namespace ganymede::app {

// The runs of a study, a sweep or a set of seeds, spread over processes (docs/scaling.md).

/// `--part 3/16`: the third of sixteen shares; 1 of 1: everything.
struct Part {
  int number = 1, of = 1;
};
void add_part(CLI::App& command, Part& part);

/// Real samples that a run sees. `data`: as --data.
std::int64_t images_of(const run::Recipe& recipe, const std::string& data);

struct SpreadOptions {
  Part part;
  std::string data;  ///< as --data
};
/// Trains what is missing of a plan, and says a line for each run: all of it, alone; the runs of a part; or, among the
/// processes of mpirun, the longest that nobody is at yet, again and again. Comes back when all processes have done
/// theirs. What is left, and how to go on, has been said.
train::RunSet spread(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root,
                     train::RunSetOptions options, const SpreadOptions& how, cluster::Joined* group);

}  // namespace ganymede::app
