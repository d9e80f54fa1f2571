#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "bench/training.hpp"
#include "data/catalogue.hpp"
#include "net/description.hpp"
#include "study_command.hpp"
#include "train/sources.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

// Real images that a run sees.
std::int64_t images_of(const run::Recipe& recipe, const MachineArguments& machine) {
  if (recipe.train.steps > 0) return recipe.train.steps * recipe.train.batch;
  if (recipe.train.images > 0) return recipe.train.images;
  const data::Source* source = data::find_source(recipe.data.source);
  std::int64_t an_epoch = source == nullptr ? 0 : source->any_count ? recipe.data.builtin_count : source->train_count;
  if (an_epoch == 0) an_epoch = train::open_training_data(recipe, data::search_places(machine.data)).size();
  if (recipe.data.limit > 0) an_epoch = std::min(an_epoch, recipe.data.limit);
  return recipe.train.epochs * an_epoch;
}

std::string length_text(const run::Recipe& recipe) {
  return recipe.train.steps > 0 ? counted(recipe.train.steps, "step") : counted(recipe.train.epochs, "epoch");
}

}  // namespace

void add_study(CLI::App& command, StudyArguments& arguments) {
  command.add_option("-o,--out", arguments.folder, "Folder of runs and report (default: studies/NAME)")
      ->type_name("DIR");
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be trained and how long it would take");
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
    seconds += static_cast<double>(images_of(recipe, machine)) / rates[key];
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

void print_judgement(const study::Judgement& judgement) {
  for (const study::Finding& finding : judgement.findings)
    print(fmt::format("{:12} {}\n             {}\n", finding.verdict, finding.claim, finding.evidence));
  print(fmt::format("{}, corrected together (Holm, {:.0f} %)\n",
                    counted(static_cast<std::int64_t>(judgement.tests), "test"), 100 * study::kAlpha));
}

}  // namespace ganymede::app
