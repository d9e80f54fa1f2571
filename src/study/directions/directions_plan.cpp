#include "study/directions/directions_plan.hpp"

#include <fmt/format.h>

#include "data/sources.hpp"
#include "evaluate/reference.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {
namespace {

constexpr std::int64_t kWholeEpochs = 50, kQuickEpochs = 10;
constexpr int kWholeSeeds = 5, kQuickSeeds = 3;

struct DirectionsModel {
  const char* recipe;
  int dim;
};
constexpr DirectionsModel kDirectionsModels[] = {{"digits-2d", 2}, {"digits-3d", 3}, {"digits-4d", 4}, {"dcgan", 100}};

// A quarter of the width with the rates of recipe quick: digits in a quarter of a minute.
void make_small(run::Recipe& recipe) {
  run::apply_sets(recipe,
                  {"data.limit=16000", "generator.width=16", "discriminator.width=16", "train.batch=64",
                   "generator.optimizer.learning_rate=5e-4", "discriminator.optimizer.learning_rate=5e-4",
                   "generator.optimizer.beta1=0.5", "discriminator.optimizer.beta1=0.5", "game.ema_decay=0.997"});
}

}  // namespace

std::vector<train::PlannedRun> DirectionsPlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (std::size_t s = 0; s < arms.front().runs.size(); ++s) {
    for (const DirectionsArm& arm : arms) runs.push_back(arm.runs[s]);
  }
  return runs;
}

std::int64_t DirectionsPlan::points() const {
  return static_cast<std::int64_t>(arms.size() * arms.front().runs.size());
}

DirectionsPlan plan_directions(const DirectionsChoices& choices) {
  DirectionsPlan plan{.quick = choices.quick, .arms = {}};
  plan.epochs = choices.epochs > 0 ? choices.epochs : choices.quick ? kQuickEpochs : kWholeEpochs;
  if (choices.quick) {
    plan.settings =
        "both networks at a quarter of the width, batch 64, Adam 5e-4 with beta1 0.5, the moving average of G, and "
        "16,000 images";
  }
  const int seeds = choices.seeds > 0 ? choices.seeds : choices.quick ? kQuickSeeds : kWholeSeeds;
  for (const DirectionsModel& model : kDirectionsModels) {
    run::Recipe recipe = run::find_recipe(model.recipe);
    if (!choices.source.empty()) recipe.data.source = choices.source;
    if (choices.quick) make_small(recipe);
    recipe.train.epochs = plan.epochs;
    recipe.train.steps = recipe.train.images = 0;
    recipe.train.seed = 1;
    recipe.snapshot.every = plan.epochs;
    recipe.snapshot.epochs = {plan.epochs};
    plan.arms.push_back({.name = model.recipe,
                         .title = fmt::format("{} dimensions", model.dim),
                         .dim = model.dim,
                         .runs = train::seeds_of(model.recipe, recipe, seeds)});
  }
  return plan;
}

void check_sources(const DirectionsPlan& plan, const train::SessionOptions& session) {
  const run::Recipe& recipe = plan.arms.front().runs.front().recipe;
  if (!data::has_any_count(recipe.data.source)) evaluate::open_whole(recipe, data::Split::train, session.places);
}

}  // namespace ganymede::study
