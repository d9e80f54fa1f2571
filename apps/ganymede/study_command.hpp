#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"
#include "shared.hpp"
#include "study/finding.hpp"
#include "train/run_set.hpp"

namespace ganymede::app {

/// What every study's command has.
struct StudyArguments {
  MachineArguments machine;
  Output output;
  bool quick = false;
  bool dry_run = false;
  int seeds = 0;
  std::int64_t steps = 0;
  std::string folder;
};
/// `steps`: the study counts its runs in steps.
void add_study(CLI::App& command, StudyArguments& arguments, bool steps = true);
/// --out, or studies/<name>.
std::filesystem::path study_folder(const StudyArguments& arguments, const std::string& name);

/// What training the runs of a plan is expected to take here, in seconds, from a second of each different network;
/// those that are settled already do not count.
double expected_seconds(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root,
                        const MachineArguments& machine);
/// Says how many runs there are and how long they will take.
std::string plan_text(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root, double seconds);

/// Trains what is missing, with a line for each run. False: interrupted; how to go on has been said.
bool train_plan(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root,
                const StudyArguments& arguments);

/// The words and numbers of a study's findings.
void print_findings(const std::vector<study::Finding>& findings);

Action set_up_study_ink(CLI::App& command);
Action set_up_study_dims(CLI::App& command);
Action set_up_study_activations(CLI::App& command);
Action set_up_study_landscapes(CLI::App& command);
Action set_up_study_dcgan(CLI::App& command);

}  // namespace ganymede::app
