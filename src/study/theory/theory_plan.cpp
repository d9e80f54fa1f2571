#include <fmt/format.h>

#include "run/recipe_file.hpp"
#include "study/theory/theory_study.hpp"

namespace ganymede::study {
namespace {

struct TheoryLength {
  std::int64_t epochs = 0;
  int seeds = 0;
};

TheoryArm arm_of_recipe(const std::string& name, const std::string& title, run::Recipe recipe,
                        const std::vector<std::string>& sets, const TheoryChoices& choices,
                        const TheoryLength& length) {
  run::apply_sets(recipe, sets);
  recipe.train.epochs = choices.epochs > 0 ? choices.epochs : length.epochs > 0 ? length.epochs : recipe.train.epochs;
  recipe.train.steps = recipe.train.images = 0;
  recipe.train.seed = 1;
  return {.name = name,
          .title = title,
          .runs = train::seeds_of(name, recipe, choices.seeds > 0 ? choices.seeds : length.seeds)};
}

// The game of all of them, small enough to be played some hundred times: recipe fail-sensitive at a rate that learns.
run::Recipe small_ring() {
  run::Recipe recipe = run::find_recipe("fail-sensitive");
  run::apply_sets(recipe, {"generator.optimizer.learning_rate=1e-3", "discriminator.optimizer.learning_rate=1e-3"});
  return recipe;
}

void add_updates(TheoryPlan& plan, const TheoryChoices& choices) {
  const TheoryLength length =
      choices.quick ? TheoryLength{.epochs = 12, .seeds = 2} : TheoryLength{.epochs = 30, .seeds = 6};
  const auto add = [&](const std::string& name, const std::string& title, const std::vector<std::string>& sets) {
    plan.updates.push_back(arm_of_recipe("updates-" + name, title, small_ring(), sets, choices, length));
  };
  add("converge", "D to convergence", {"game.update=converge"});
  for (const int k : {1, 2, 5}) {
    add(fmt::format("k{}", k), fmt::format("k = {}", k),
        {"game.update=alternating", fmt::format("game.d_steps={}", k)});
  }
}

void add_failures(TheoryPlan& plan, const TheoryChoices& choices) {
  const TheoryLength length{.epochs = 0, .seeds = choices.quick ? 2 : 6};
  const auto add = [&](const std::string& name, const std::string& title, const std::string& cure) {
    const run::Recipe recipe = run::find_recipe("fail-" + name);
    plan.failures.push_back({.recipe = "fail-" + name,
                             .title = title,
                             .cure = cure,
                             .failing = arm_of_recipe("fail-" + name, "as it is", recipe, {}, choices, length),
                             .cured = arm_of_recipe("cured-" + name, cure, recipe, {cure}, choices, length)});
  };
  add("collapse", "Collapse", "game.unroll=5");
  add("oscillation", "Oscillation", "game.penalty=r1");
  add("vanishing", "Vanishing gradient", "game.loss=non_saturating");
  add("entangled", "Entanglement", "latent.prior=uniform");
}

void add_sweep(TheoryPlan& plan, const TheoryChoices& choices) {
  RateSweep& sweep = plan.sweep;
  sweep.rates = choices.quick ? std::vector{1e-4, 1e-3, 1e-2, 3e-2} : std::vector{1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2};
  sweep.batches = choices.quick ? std::vector{16, 64, 256} : std::vector{16, 64, 256, 1024};
  const run::Recipe recipe = run::find_recipe("fail-sensitive");
  for (const double rate : sweep.rates) {
    for (const int batch : sweep.batches) {
      sweep.cells.push_back(arm_of_recipe(
          fmt::format("sweep-{:g}-{}", rate, batch), fmt::format("rate {:g}, batch {}", rate, batch), recipe,
          {fmt::format("generator.optimizer.learning_rate={:g}", rate),
           fmt::format("discriminator.optimizer.learning_rate={:g}", rate), fmt::format("train.batch={}", batch)},
          choices, {.epochs = 0, .seeds = choices.quick ? 2 : 4}));
    }
  }
}

void append(std::vector<train::PlannedRun>& runs, const TheoryArm& arm) {
  runs.insert(runs.end(), arm.runs.begin(), arm.runs.end());
}

}  // namespace

std::vector<train::PlannedRun> TheoryPlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (const FailurePair& pair : failures) {
    append(runs, pair.failing);
    append(runs, pair.cured);
  }
  for (const TheoryArm& arm : updates) append(runs, arm);
  for (const TheoryArm& cell : sweep.cells) append(runs, cell);
  return runs;
}

TheoryPlan plan_theory(const TheoryChoices& choices) {
  TheoryPlan plan{.quick = choices.quick,
                  .source = choices.source.empty() ? "builtin-digits" : choices.source,
                  .settings = {},
                  .updates = {},
                  .failures = {},
                  .sweep = {}};
  if (choices.quick) plan.settings = "fewer seeds, a smaller map, and a classifier that is fitted for a shorter time";
  add_updates(plan, choices);
  add_failures(plan, choices);
  add_sweep(plan, choices);
  return plan;
}

}  // namespace ganymede::study
