#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "bench/training.hpp"
#include "data/catalogue.hpp"
#include "net/description.hpp"
#include "study_command.hpp"
#include "team.hpp"
#include "train/sources.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

// What would be done, and how long it takes here.
std::string plan_words(const study::Study& study, const std::vector<train::PlannedRun>& runs, const fs::path& folder,
                       const StudyArguments& arguments, const train::SessionOptions& session) {
  const fs::path root = folder / "runs";
  std::string text = plan_text(runs, root, expected_seconds(runs, root, arguments.machine));
  if (const auto effort = study.missing(folder, session))
    text += fmt::format("\n{} to be measured, {}", counted(effort->points, "point"), human_duration(effort->seconds));
  return text + "\n";
}

void measure_all(const study::Study& study, const fs::path& folder, const std::string& unit,
                 const StudyArguments& arguments, const train::SessionOptions& session) {
  Progress progress("measuring", static_cast<double>(study.points()),
                    {.style = arguments.output.style(), .unit = unit});
  const study::Outcome outcome = study::finish(study, folder, session, [&](double done, const std::string& what) {
    if (stop_requested()) fail<Error>("interrupted; the same command goes on from here");
    progress.update(done, what);
  });
  progress.update(static_cast<double>(study.points()));
  progress.finish();
  if (arguments.output.json) {
    print(outcome.results);
    return;
  }
  print_judgement(outcome.judgement);
  print(fmt::format("report: {}\n", (folder / "report.html").string()));
}

std::string length_text(const run::Recipe& recipe) {
  return recipe.train.steps > 0 ? counted(recipe.train.steps, "step") : counted(recipe.train.epochs, "epoch");
}

}  // namespace

void add_study(CLI::App& command, StudyArguments& arguments) {
  command.add_option("-o,--out", arguments.folder, "Folder of runs and report (default: studies/NAME)")
      ->type_name("DIR");
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be trained and how long it would take");
  add_part(command, arguments.part);
  add_threads(command, arguments.machine.threads);
  add_data(command, arguments.machine.data);
  command.add_option("--data-folder", arguments.machine.data)->group("");  // the name of --data in 0.1.0's first weeks
  add_output(command, arguments.output);
}

void settle_data(StudyArguments& arguments) {
  std::string& data = arguments.machine.data;
  std::string& source = arguments.choices.source;
  if (data.empty()) return;
  const bool name = data == "builtin" || data::find_source(data) != nullptr;
  if (!name && fs::is_directory(data)) return;
  if (!name && !fs::exists(data)) {
    fail<ConfigError>("--data {}: no such folder; --data is where data sets are looked for, --source NAME chooses one",
                      data);
  }
  if (!source.empty() && source != data)
    fail<ConfigError>("--source {} and --data {}: both name a data set", source, data);
  tell("note: --data {0} is taken as --source {0}; --data is the folder where data sets are looked for", data);
  source = std::move(data);
  data.clear();
}

fs::path study_folder(const StudyArguments& arguments, const std::string& name) {
  return arguments.folder.empty() ? fs::path("studies") / name : fs::path(arguments.folder);
}

double expected_seconds(const std::vector<train::PlannedRun>& plan, const fs::path& root,
                        const MachineArguments& machine) {
  std::map<std::string, double> rates;  // by the networks and what a step does
  double seconds = 0;
  for (const train::PlannedRun& planned : plan) {
    if (train::is_settled(root, planned)) continue;
    const run::Recipe& recipe = planned.recipe;
    const run::Networks networks = run::build_networks(recipe, image_facts(recipe, machine.data));
    const std::string key =
        fmt::format("{} {} {} {}", net::to_json(networks.generator), net::to_json(networks.discriminator),
                    recipe.train.batch, recipe.latent.sampler);
    if (!rates.contains(key)) {
      const bench::Training measured = bench::measure_training(backend(), recipe, networks, recipe.train.precision,
                                                               machine.threads, {.seconds = 0.5});
      rates[key] = measured.images_per_second.median;
    }
    seconds += static_cast<double>(images_of(recipe, machine.data)) / rates[key];
  }
  return seconds;
}

std::string plan_text(const std::vector<train::PlannedRun>& plan, const fs::path& root, double seconds) {
  std::size_t settled = 0;
  for (const train::PlannedRun& planned : plan) settled += train::is_settled(root, planned) ? 1 : 0;
  std::vector<std::string> lengths;
  for (const train::PlannedRun& planned : plan) {
    if (const std::string one = length_text(planned.recipe); std::ranges::find(lengths, one) == lengths.end())
      lengths.push_back(one);
  }
  return fmt::format("{} of {} in {}, {} of them done; training expected to take {}",
                     counted(static_cast<std::int64_t>(plan.size()), "run"), fmt::join(lengths, ", "), root.string(),
                     settled, human_duration(seconds));
}

bool train_plan(const std::vector<train::PlannedRun>& plan, const fs::path& root, const StudyArguments& arguments,
                cluster::Joined* group) {
  train::RunSetOptions options;
  options.session = session_options(arguments.machine, arguments.output);
  return spread(plan, root, std::move(options), {.part = arguments.part, .data = arguments.machine.data}, group)
      .complete;
}

int carry_out(const study::Study& study, const fs::path& folder, const std::string& unit,
              const StudyArguments& arguments, cluster::Joined* group) {
  const fs::path root = folder / "runs";
  const std::vector<train::PlannedRun> runs = study.runs();
  const train::SessionOptions session = session_options(arguments.machine, arguments.output);
  first_of(group, [&] {
    train::check_set(root, runs);
    study.check(session);
    if (!arguments.output.quiet)
      tell("measuring how fast this machine trains these {} ...", counted(std::ssize(runs), "run"));
    const std::string plan = plan_words(study, runs, folder, arguments, session);
    arguments.dry_run ? print(plan) : arguments.output.quiet ? void() : write_console(plan);
  });
  if (arguments.dry_run) return 0;
  const std::vector<train::PlannedTeam> teams = study.teams();
  const bool complete =
      teams.empty() ? train_plan(runs, root, arguments, group) : train_teams(teams, root, arguments, group);
  if (!complete) return 0;
  if (arguments.part.of > 1) return 0;  // whoever has no part measures
  first_of(group, [&] { measure_all(study, folder, unit, arguments, session); });
  return 0;
}

void print_judgement(const study::Judgement& judgement) {
  for (const study::Finding& finding : judgement.findings)
    print(fmt::format("{:12} {}\n             {}\n", finding.verdict, finding.claim, finding.evidence));
  print(fmt::format("{}, corrected together (Holm, {:.0f} %)\n",
                    counted(static_cast<std::int64_t>(judgement.tests), "test"), 100 * study::kAlpha));
}

}  // namespace ganymede::app
