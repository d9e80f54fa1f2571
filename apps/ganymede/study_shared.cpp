#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "base/signal.hpp"
#include "base/text.hpp"
#include "bench/training.hpp"
#include "net/description.hpp"
#include "study_command.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

bool is_settled(const fs::path& path) {
  if (!fs::exists(path / "run.json")) return false;
  const run::RunState state = run::RunDirectory::open(path).info().state;
  return state == run::RunState::finished || state == run::RunState::stopped;
}

}  // namespace

void add_study(CLI::App& command, StudyArguments& arguments) {
  command.add_flag("--quick", arguments.quick, "A small version, within 20 minutes on two cores");
  command
      .add_option("--seeds", arguments.seeds, "Runs of everything, each with a seed of its own (default: the study's)")
      ->check(range(1, 100));
  command.add_option("--steps", arguments.steps, "Length of a run (default: the study's)")
      ->check(range<std::int64_t>(1, 100'000'000));
  command.add_option("-o,--out", arguments.folder, "Folder of runs and report (default: studies/NAME)")
      ->type_name("DIR");
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be trained and how long it would take");
  add_threads(command, arguments.machine.threads);
  command
      .add_option("--data-folder", arguments.machine.data,
                  "Folder that holds mnist/, unipen/ and other sets (else $GANYMEDE_DATA, ./data ...)")
      ->type_name("DIR");
  add_output(command, arguments.output);
}

fs::path study_folder(const StudyArguments& arguments, const std::string& name) {
  return arguments.folder.empty() ? fs::path("studies") / name : fs::path(arguments.folder);
}

double expected_seconds(const std::vector<train::PlannedRun>& plan, const fs::path& root,
                        const MachineArguments& machine) {
  std::map<std::string, double> rates;  // by the networks and what a step does
  double seconds = 0;
  for (const train::PlannedRun& planned : plan) {
    if (is_settled(root / planned.name)) continue;
    const run::Recipe& recipe = planned.recipe;
    const run::Networks networks = run::build_networks(recipe, image_facts(recipe, machine.data));
    const std::string key =
        fmt::format("{} {} {} {}", net::to_json(networks.generator), net::to_json(networks.discriminator),
                    recipe.train.batch, recipe.latent.sampler);
    if (!rates.contains(key)) {
      const bench::Training measured =
          bench::measure_training(recipe, networks, recipe.train.precision, machine.threads, {.seconds = 0.5});
      rates[key] = measured.images_per_second.median;
    }
    const std::int64_t images = recipe.train.steps > 0 ? recipe.train.steps * recipe.train.batch : recipe.train.images;
    seconds += static_cast<double>(images) / rates[key];
  }
  return seconds;
}

std::string plan_text(const std::vector<train::PlannedRun>& plan, const fs::path& root, double seconds) {
  std::size_t settled = 0;
  for (const train::PlannedRun& planned : plan) settled += is_settled(root / planned.name) ? 1 : 0;
  return fmt::format("{} runs of {} steps in {}, {} of them done; training expected to take {}", plan.size(),
                     with_thousands(plan.front().recipe.train.steps), root.string(), settled, human_duration(seconds));
}

bool train_plan(const std::vector<train::PlannedRun>& plan, const fs::path& root, const StudyArguments& arguments) {
  install_stop_handlers();
  train::RunSetOptions options;
  options.session = session_options(arguments.machine, arguments.output);
  const auto say = options.session.say;
  options.session.say = {};  // a line a run is enough
  options.on_run = [&](std::size_t number, const train::PlannedRun& planned) {
    if (say) say(fmt::format("run {} of {}: {}", number + 1, plan.size(), planned.name));
  };
  const train::RunSet set = train::train_set(root, plan, options);
  if (!set.complete && say) say("interrupted; the same command goes on from here");
  return set.complete;
}

}  // namespace ganymede::app
