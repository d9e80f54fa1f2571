#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "command.hpp"
#include "run/recipe_file.hpp"
#include "shared.hpp"
#include "team.hpp"
#include "train/together.hpp"
#include "watch.hpp"

namespace ganymede::app {
namespace {

struct ResumeArguments {
  RunArguments run;
  RecipeArguments recipe;
  MachineArguments machine;
  Output output;
  WatchArguments watch;
  bool accept_changes = false;
};

/// What differs apart from the length, which may grow or shrink at will.
std::vector<run::Difference> changes(const run::Recipe& before, const run::Recipe& after) {
  std::vector<run::Difference> result = run::difference(before, after);
  std::erase_if(result, [](const run::Difference& d) {
    return d.key == "train.epochs" || d.key == "train.steps" || d.key == "train.images";
  });
  return result;
}

/// What goes on, and with which recipe.
struct Continued {
  run::RunDirectory directory;
  std::optional<run::LoadedCheckpoint> from;
  run::Recipe recipe;
};

Continued continued(const ResumeArguments& arguments, train::SessionOptions& options) {
  run::RunDirectory directory = arguments.run.find();
  if (!directory.info().imported.empty()) {
    fail<UserError>(
        "{}: it was imported, not trained here: there is nothing to go on from. `{} train RECIPE --set train.from={}` "
        "begins a new run with its weights (train.from_fitting = true where D is not among them)",
        directory.path().string(), program_name(), reference_to(directory));
  }
  directory.lock();
  auto from = train::starting_point(directory, options);
  const run::Recipe stored = directory.recipe();
  run::Recipe recipe = stored;
  apply(arguments.recipe, recipe);
  if (recipe.data.source != stored.data.source || recipe.latent.partition != stored.latent.partition) {
    run::make_absolute(recipe);
  }
  if (from) run::check_same_beginning(from->checkpoint, recipe);
  const auto differences = changes(from ? from->checkpoint.recipe : stored, recipe);
  if (!differences.empty()) {
    const std::string list = run::to_string(differences);
    if (!arguments.accept_changes) {
      fail<ConfigError>(
          "{}: the recipe is not the one that the run was trained with:\n{}\nadd --accept-changes to go on "
          "with the new one",
          directory.path().string(), list);
    }
    if (options.say) options.say("changed recipe:\n" + list);
  }
  if (recipe != stored) directory.write_recipe(recipe);
  return {.directory = std::move(directory), .from = std::move(from), .recipe = std::move(recipe)};
}

int resume_here(const ResumeArguments& arguments, cluster::Joined* group) {
  train::SessionOptions options = session_options(arguments.machine, arguments.output, group);
  std::optional<Continued> run;
  first_of(group, [&] { run = continued(arguments, options); });
  run::Recipe recipe = run ? run->recipe : run::Recipe{};
  if (run) options.run_folder = run->directory.path();
  if (group != nullptr) {  // the others may not see the run's folder
    recipe = run::parse_recipe(cluster::text_of_first(*group, run::to_toml(recipe)), "process 0");
    options.run_folder = cluster::text_of_first(*group, options.run_folder.string());
  }
  train::Setup setup = group != nullptr ? train::prepare_together(recipe, options) : train::prepare(recipe, options);
  if (!run) {
    train::take_part(setup, options);
    return 0;
  }
  const auto& [directory, from, wanted] = *run;
  const auto watch = watch_of(arguments.watch, directory.path().parent_path());
  if (options.say) {
    options.say(from ? fmt::format("{}: going on after step {} (epoch {})", directory.path().string(),
                                   from->checkpoint.step, from->checkpoint.epoch)
                     : fmt::format("{}: no checkpoint yet, beginning again", directory.path().string()));
  }
  const train::Outcome outcome = train::train(setup, run->directory, from, options);
  const bool nothing = from && outcome.state == run::RunState::finished &&
                       outcome.position.tick == static_cast<std::int64_t>(from->checkpoint.ticks);
  if (nothing && !arguments.output.json) {
    if (options.say) {
      options.say(fmt::format("{} was at its end already (step {}, epoch {}){}", directory.name(),
                              outcome.position.step, outcome.position.epoch,
                              outcome.settled ? "" : ": --epochs or --steps makes it longer"));
    }
    return 0;
  }
  report(outcome, setup, directory, arguments.machine.data, arguments.output);
  show_watch_again(arguments.watch, arguments.output, arguments.run.runs);
  return 0;
}

}  // namespace

Action set_up_resume(CLI::App& command) {
  const auto a = std::make_shared<ResumeArguments>();
  add_run(command, a->run);
  add_length(command, a->recipe);
  command.add_option("--minutes", a->machine.minutes, "Pause after so many minutes")->transform(positive(kMostMinutes));
  command.add_option("--pause-after", a->machine.pause_after, "Pause at the end of so many further epochs")
      ->transform(range<std::int64_t>(1, kMostCount));
  command.add_option("--set", a->recipe.sets, "KEY=VALUE: change one key of the recipe (with --accept-changes)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--accept-changes", a->accept_changes, "Go on although the recipe differs");
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_watch(command, a->watch);
  add_output(command, a->output);
  command.footer("Example: ganymede resume dcgan-001 --epochs 100");
  return [a] {
    install_stop_handlers();
    return in_team([&](cluster::Joined* group) { return resume_here(*a, group); });
  };
}

}  // namespace ganymede::app
