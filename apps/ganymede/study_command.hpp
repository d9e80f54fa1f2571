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
  std::string source;  ///< data set; empty: the study's
};
/// What the help says of a study's defaults.
struct StudyDefaults {
  std::string source;  ///< "builtin: made-up symbols; unipen: real ones"
  std::string seeds;   ///< "3", "3, quick 2"
  std::string steps;   ///< "30,000, quick 6,000"; empty: the study counts its runs in epochs
};
void add_study(CLI::App& command, StudyArguments& arguments, const StudyDefaults& defaults);
/// --data is the folder where data sets are looked for; where it names a data set instead, as it once did, that is the
/// source, and a note on stderr says so. @throws ConfigError if it names one beside --source.
void settle_data(StudyArguments& arguments, const std::vector<std::string>& names);
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
void print_judgement(const study::Judgement& judgement);

Action set_up_study_ink(CLI::App& command);
Action set_up_study_dims(CLI::App& command);
Action set_up_study_activations(CLI::App& command);
Action set_up_study_landscapes(CLI::App& command);
Action set_up_study_dcgan(CLI::App& command);

}  // namespace ganymede::app
