#include "study/sweep.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/signal.hpp"
#include "command.hpp"
#include "legal.hpp"
#include "shared.hpp"
#include "study_command.hpp"
#include "team.hpp"

namespace ganymede::app {
namespace {

struct SweepArguments {
  RecipeArguments recipe;
  StudyArguments study;
  std::vector<std::string> over;
  std::string measure;
  int seeds = 3;
};

int run_sweep(const SweepArguments& arguments, cluster::Joined* group) {
  run::Recipe recipe = resolve(arguments.recipe);
  run::make_absolute(recipe);
  std::vector<study::SweepAxis> axes;
  for (const std::string& text : arguments.over) axes.push_back(study::sweep_axis(text));
  const auto sweep = study::make_sweep(study::plan_sweep(recipe, axes, arguments.seeds, arguments.measure));
  return carry_out(*sweep, study_folder(arguments.study, sweep->folder()), "runs", arguments.study, group);
}

}  // namespace

Action set_up_sweep(CLI::App& command) {
  const auto a = std::make_shared<SweepArguments>();
  add_recipe(command, a->recipe);
  command
      .add_option(
          "--over", a->over,
          "KEY=A,B,C: values that a key of the recipe takes in turn (A;B where they hold commas); repeated: every "
          "combination")
      ->type_name("KEY=VALUES")
      ->required()
      ->allow_extra_args(false);
  command.add_option("--seeds", a->seeds, "Runs of every setting, each with a seed of its own")
      ->transform(range(1, 100))
      ->capture_default_str();
  command
      .add_option("--measure", a->measure,
                  "What decides, a name of `evaluate --measures` (default: frechet; of points mixture or density_js)")
      ->type_name("NAME");
  add_length(command, a->recipe);
  add_study(command, a->study);
  command.footer(
      "Trains what is missing, measures it and writes one page, report.html. It can be stopped with Ctrl-C and called "
      "again, and spread over machines (docs/scaling.md).\nExample: ganymede sweep quick --over train.batch=64,256 "
      "--over "
      "game.loss=hinge,non_saturating --epochs 3");
  return [a] {
    install_stop_handlers();
    return in_team([&](cluster::Joined* group) { return run_sweep(*a, group); });
  };
}

}  // namespace ganymede::app
