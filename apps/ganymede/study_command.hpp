#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"
#include "shared.hpp"
#include "spread.hpp"
#include "study/finding.hpp"
#include "study/studies.hpp"
#include "train/run_set.hpp"
#include "train/team.hpp"

namespace ganymede::app {

/// What every study's command has.
struct StudyArguments {
  study::Choices choices;
  MachineArguments machine;
  Output output;
  bool dry_run = false;
  std::string folder;
  Part part;
};
/// The options that do not depend on the study: all but those of `choices`.
void add_study(CLI::App& command, StudyArguments& arguments);
/// --data is the folder where data sets are looked for; where it names a data set instead, as it once did, that is the
/// source, and a note on stderr says so. @throws ConfigError if it names one beside --source.
void settle_data(StudyArguments& arguments);
/// --out, or studies/<name>.
std::filesystem::path study_folder(const StudyArguments& arguments, const std::string& name);

/// What training the runs of a plan is expected to take here, in seconds, from a second of each different network;
/// those that are settled already do not count.
double expected_seconds(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root,
                        const MachineArguments& machine);
/// Says how many runs there are and how long they will take.
std::string plan_text(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root, double seconds);

/// Trains what is missing, or this process's share of it, with a line for each run. False: some are missing still; how
/// to go on has been said.
bool train_plan(const std::vector<train::PlannedRun>& plan, const std::filesystem::path& root,
                const StudyArguments& arguments, cluster::Joined* group);

/// Trains what is missing of a study, measures it and writes its page; or says what would be done (--dry-run). Of
/// several processes each trains whole runs, and the first does all else.
int carry_out(const study::Study& study, const std::filesystem::path& folder, const std::string& unit,
              const StudyArguments& arguments, cluster::Joined* group);

/// The same for teams, round by round; of several processes each trains whole teams.
bool train_teams(const std::vector<train::PlannedTeam>& teams, const std::filesystem::path& root,
                 const StudyArguments& arguments, cluster::Joined* group);

/// The words and numbers of a study's findings.
void print_judgement(const study::Judgement& judgement);

}  // namespace ganymede::app
