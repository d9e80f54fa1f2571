#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "command.hpp"
#include "run/network_error.hpp"
#include "run/options.hpp"
#include "run/recipe_file.hpp"
#include "shared.hpp"
#include "spread.hpp"
#include "team.hpp"
#include "train/run_set.hpp"
#include "train/together.hpp"
#include "watch.hpp"

namespace ganymede::app {
namespace {

struct TrainArguments {
  RecipeArguments recipe;
  RunArguments run;  ///< `run` is the new run's name
  MachineArguments machine;
  Output output;
  bool dry_run = false;
  int seeds = 0;
  Part part;
  WatchArguments watch;
  std::string from;  ///< train.from
  bool fitting = false;
};

std::string list_of_recipes() {
  std::string text = "Recipes:";
  for (const run::ShippedRecipe& recipe : run::shipped_recipes()) text += " " + recipe.name;
  return text +
         "\nExample: ganymede train dcgan --run first --epochs 3 --set train.batch=128\n"
         "Ctrl-C ends the step, keeps everything and says how to go on.";
}

nlohmann::json training_json(const run::Recipe& recipe) {
  nlohmann::json values;
  for (const run::Option& option : run::options()) values[option.key] = run::value_json(option, recipe);
  return {{"schema", "ganymede.recipe/1"}, {"name", recipe.name}, {"options", values}};
}

nlohmann::json training_json(const train::RunSet& set) {
  nlohmann::json runs = nlohmann::json::array();
  for (std::size_t i = 0; i < set.paths.size(); ++i) {
    runs.push_back({{"run", set.paths[i].filename().string()},
                    {"path", set.paths[i].string()},
                    {"state", name_of(set.states[i])}});
  }
  return {{"schema", "ganymede.train_set/1"}, {"complete", set.complete}, {"runs", runs}};
}

// Runs that differ in their seed alone. The same command goes on with what is not finished.
int train_seeds(const TrainArguments& arguments, const run::Recipe& recipe, cluster::Joined* group) {
  const bool speaks = group == nullptr || group->is_first();
  const std::string name = arguments.run.run.empty() ? recipe.name : arguments.run.run;
  const auto plan = train::seeds_of(name, recipe, arguments.seeds);
  const std::filesystem::path root = run::runs_root(arguments.run.runs);
  train::RunSetOptions options;
  const auto watch = speaks ? watch_of(arguments.watch, root) : nullptr;
  options.session = session_options(arguments.machine, arguments.output);
  const train::RunSet set =
      spread(plan, root, std::move(options), {.part = arguments.part, .data = arguments.machine.data}, group);
  if (!speaks) return 0;
  if (arguments.output.json) {
    print(training_json(set));
    return 0;
  }
  if (arguments.output.quiet) return 0;
  std::string names;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    show(fmt::format("{}: {}\n", set.paths[i].string(), name_of(set.states[i])));
    names += " " + plan[i].name;
  }
  if (set.complete) show(fmt::format("next: {} evaluate{}\n", program_name(), names));
  show_watch_again(arguments.watch, arguments.output, arguments.run.runs);
  return 0;
}

int train_here(const TrainArguments& arguments, const run::Recipe& recipe, cluster::Joined* group) {
  const train::SessionOptions options = session_options(arguments.machine, arguments.output, group);
  train::Setup setup = group != nullptr ? train::prepare_together(recipe, options) : train::prepare(recipe, options);
  std::optional<run::RunDirectory> directory;
  std::shared_ptr<void> watch;
  first_of(group, [&] {
    watch = watch_of(arguments.watch, run::runs_root(arguments.run.runs));
    directory = run::RunDirectory::create(run::runs_root(arguments.run.runs), arguments.run.run, setup.recipe, {});
  });
  if (!directory) {
    train::take_part(setup, options);
    return 0;
  }
  if (options.say) {
    options.say(train::announcement(setup) + "\n" + words_of(group) + "run: " + directory->path().string());
  }
  const train::Outcome outcome = train::train(setup, *directory, {}, options);
  report(outcome, setup, *directory, arguments.machine.data, arguments.output);
  show_watch_again(arguments.watch, arguments.output, arguments.run.runs);
  return 0;
}

// --from and --fitting as the keys that they are short for.
RecipeArguments with_beginning(const TrainArguments& arguments) {
  RecipeArguments recipe = arguments.recipe;
  if (!arguments.from.empty()) {
    recipe.sets.push_back(
        "train.from=" + nlohmann::json(arguments.from).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (arguments.fitting) recipe.sets.emplace_back("train.from_fitting=true");
  return recipe;
}

int train_run(const TrainArguments& arguments) try {
  run::Recipe recipe = resolve(with_beginning(arguments));
  if (!recipe.train.from.empty() && !std::filesystem::is_regular_file(recipe.train.from))
    recipe.train.from = run::find_run(run::runs_root(arguments.run.runs), recipe.train.from).path().string();
  run::make_absolute(recipe);
  if (arguments.dry_run) {
    arguments.output.json ? print(training_json(recipe)) : print(run::to_toml(recipe));
    return 0;
  }
  if (arguments.part.of > 1 && arguments.seeds == 0)
    fail<UserError>("--part is of several runs: wanted --seeds N beside it");
  install_stop_handlers();
  return in_team([&](cluster::Joined* group) {
    return arguments.seeds > 0 ? train_seeds(arguments, recipe, group) : train_here(arguments, recipe, group);
  });
} catch (const run::NetworkError& error) {
  throw ConfigError(run::place_of(error, arguments.recipe.recipe, arguments.recipe.sets) + error.what());
}

}  // namespace

Action set_up_train(CLI::App& command) {
  const auto a = std::make_shared<TrainArguments>();
  add_recipe(command, a->recipe);
  command.add_option("--run", a->run.run, "Name of the new run (default: the recipe's name and a number)")
      ->type_name("NAME");
  add_runs(command, a->run);
  auto* from =
      command
          .add_option("--from", a->from, "Begin with the weights of this run, checkpoint or snapshot (key train.from)")
          ->type_name("RUN");
  command
      .add_flag("--fitting", a->fitting,
                "Of --from take the layers that fit, and of classes those of the same name; the others begin anew, "
                "and are named (key train.from_fitting)")
      ->needs(from);
  add_length(command, a->recipe);
  auto* minutes = command.add_option("--minutes", a->machine.minutes, "Pause after so many minutes")
                      ->transform(positive(kMostMinutes));
  command
      .add_option("--seeds", a->seeds,
                  "Train so many runs that differ in their seed, named NAME-s1, NAME-s2 ...; called again, it goes on")
      ->transform(range(1, 1000))
      ->excludes(minutes);
  add_part(command, a->part);
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_watch(command, a->watch);
  command.add_flag("--dry-run", a->dry_run, "Print the resolved recipe and do nothing");
  add_output(command, a->output);
  command.footer(list_of_recipes);
  return [a] { return train_run(*a); };
}

}  // namespace ganymede::app
