#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "legal.hpp"
#include "run/networks.hpp"
#include "run/recipe.hpp"
#include "run/run_directory.hpp"
#include "train/session.hpp"

namespace ganymede::explore {
class Gallery;
class TrainedGenerator;
}  // namespace ganymede::explore

namespace ganymede::cluster {
class Joined;
}

namespace ganymede::app {

// What several commands have in common.

/// How the program was called, for the commands that messages recommend.
std::string& program_name();

/// For files that the user names with -o: a link is followed, while within a run it is replaced.
CLI::Validator through_links();

/// `--json` and `--quiet`.
struct Output {
  bool json = false;
  bool quiet = false;
  ProgressStyle style() const { return quiet ? ProgressStyle::quiet : ProgressStyle::automatic; }
};
void add_output(CLI::App& command, Output& output);

/// RECIPE with what the command line changes in it.
struct RecipeArguments {
  std::string recipe;
  std::vector<std::string> sets;
  std::optional<std::uint64_t> seed;
  std::optional<std::int64_t> epochs;
  std::optional<std::int64_t> steps;
};
/// The positional RECIPE, --set and --seed.
void add_recipe(CLI::App& command, RecipeArguments& arguments);
/// --set and --seed alone.
void add_changes(CLI::App& command, RecipeArguments& arguments);
/// --epochs | --steps.
void add_length(CLI::App& command, RecipeArguments& arguments);
/// Applies --set, --seed, --epochs, --steps.
void apply(const RecipeArguments& arguments, run::Recipe& recipe);
/// The checked recipe. @throws ConfigError.
run::Recipe resolve(const RecipeArguments& arguments);

/// The images of a recipe's data. The sets that have names of their own need not be there.
run::ImageFacts image_facts(const run::Recipe& recipe, const std::string& data);

/// RUN and --runs.
struct RunArguments {
  std::string run;
  std::string runs;
  run::RunDirectory find() const { return run::find_run(run::runs_root(runs), run); }
};
void add_runs(CLI::App& command, RunArguments& arguments);
void add_run(CLI::App& command, RunArguments& arguments);
/// How to name the run in another command: its name where that is enough, else its path.
std::string reference_to(const run::RunDirectory& directory);

/// --data, --threads, --minutes, --pause-after.
struct MachineArguments {
  std::string data;
  int threads = 0;
  double minutes = 0;
  std::int64_t pause_after = 0;
};
void add_data(CLI::App& command, std::string& data);
void add_threads(CLI::App& command, int& threads);
/// --truncation: of latents that seeds name; 0 without.
CLI::Option* add_truncation(CLI::App& command, double& truncation);
/// --condition: of generators that take a vector.
void add_condition(CLI::App& command, std::string& condition);
/// All samples have that condition, where one is given. @throws ConfigError if it does not fit
void give_condition(explore::TrainedGenerator& generator, const std::string& condition);
/// " with condition 0.2, 0.7", or nothing.
std::string words_of_condition(const std::vector<float>& condition);
/// --ablate: texts of explore::parse_ablation.
void add_ablate(CLI::App& command, std::vector<std::string>& ablations);
/// Generators of runs at work, kept as long as the command holds them; what is to be known of their weights goes to
/// stderr.
explore::Gallery make_gallery(int threads);
/// A session on the program's backend; sentences go to stderr unless quiet.
train::SessionOptions session_options(const MachineArguments& arguments, const Output& output);
/// The same of a process among others, or alone: those after the first are silent, observe nothing, and divide the
/// cores of a machine.
train::SessionOptions session_options(const MachineArguments& arguments, const Output& output, cluster::Joined* group);

/// Tells how a session ended and what can be done next, or prints it as JSON ("ganymede.train/1"). `data`: --data.
void report(const train::Outcome& outcome, const train::Setup& setup, const run::RunDirectory& directory,
            const std::string& data, const Output& output);

/// @throws as writing this file will: before the work, not after it.
void check_writable(const std::filesystem::path& file);
/// `--name` of what a command keeps in a run's folder. @throws UserError where no file may be called so
void check_result_name(const std::string& name);

/// Writes a JSON object on stdout.
void print(const nlohmann::json& object);
/// Writes text on stdout.
void print(const std::string& text);
/// Prints what is said to a person beside the work; false, and no error, if that fails.
bool show(const std::string& text);

}  // namespace ganymede::app
