#include "study/distributed/distributed_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/wording.hpp"
#include "data/ink/ink_source.hpp"
#include "data/parts.hpp"
#include "run/recipe_file.hpp"
#include "train/sources.hpp"

namespace ganymede::study {
namespace {

constexpr std::uint64_t kSharedPartition = 1;  // its seed, the same for all teams

run::Recipe worker_recipe(const DistributedPlan& plan) {
  run::Recipe recipe = run::find_recipe("ink-full");
  recipe.train.steps = plan.steps;
  recipe.train.sample_grid = 1;
  recipe.evaluate.doctor_every = 0;
  recipe.snapshot.every = 1'000'000;  // the rounds keep weights
  if (plan.data == "builtin") {
    recipe.data.source = data::kBuiltinInk;
    recipe.data.builtin_count = plan.per_class * data::kSymbolClasses;
  } else {
    recipe.data.source = plan.data;
    recipe.data.per_class = plan.per_class;
  }
  return recipe;
}

std::uint64_t partition_seed(Sharing sharing, int seed, int worker) {
  return sharing == Sharing::own ? static_cast<std::uint64_t>(1000 * seed + worker) : kSharedPartition;
}

// All workers of a team have one seed, and so one beginning and the same stream of z; what differs is what they see.
train::PlannedTeam team_of(const DistributedArm& arm, const run::Recipe& base, int seed, std::int64_t every) {
  train::PlannedTeam team{
      .name = fmt::format("{}-s{}", arm.name, seed), .workers = {}, .every = every, .averaged = arm.averaged};
  for (int w = 1; w <= arm.workers; ++w) {
    train::PlannedRun worker{fmt::format("w{}", w), base};
    run::Recipe& recipe = worker.recipe;
    recipe.train.seed = static_cast<std::uint64_t>(seed);
    recipe.latent.sampler = arm.sharing == Sharing::none ? "gaussian" : "partition";
    recipe.latent.partition_seed = partition_seed(arm.sharing, seed, w);
    if (arm.workers > 1) {
      recipe.data.part = fmt::format("{}/{}", w, arm.workers);
      recipe.data.part_by = arm.by;
    }
    team.workers.push_back(std::move(worker));
  }
  return team;
}

const char* words_of(Sharing sharing) {
  switch (sharing) {
    case Sharing::shared:
      return "one partition";
    case Sharing::own:
      return "a partition each";
    case Sharing::none:
      return "no partition";
  }
  return "";
}

std::vector<DistributedArm> arms_of(const std::vector<int>& team_sizes) {
  std::vector<DistributedArm> arms;
  for (const Sharing sharing : {Sharing::shared, Sharing::none}) {
    arms.push_back({.name = fmt::format("whole-{}", name_of(sharing)),
                    .title = fmt::format("all data in one place, {}", words_of(sharing)),
                    .sharing = sharing});
  }
  for (const int workers : team_sizes) {
    for (const std::string& by : distributed_cuts()) {
      for (const bool averaged : {true, false}) {
        for (const Sharing sharing : {Sharing::shared, Sharing::own, Sharing::none}) {
          const char* how = averaged ? "averaged" : "alone";
          arms.push_back({.name = fmt::format("w{}-{}-{}-{}", workers, by, name_of(sharing), how),
                          .title = fmt::format("{} by {}, {}, {}", workers, by, how, words_of(sharing)),
                          .workers = workers,
                          .by = by,
                          .sharing = sharing,
                          .averaged = averaged});
        }
      }
    }
  }
  return arms;
}

}  // namespace

const char* name_of(Sharing sharing) {
  switch (sharing) {
    case Sharing::shared:
      return "shared";
    case Sharing::own:
      return "own";
    case Sharing::none:
      return "none";
  }
  return "";
}

const std::vector<std::string>& distributed_cuts() {
  static const std::vector<std::string> cuts = {"writer", "class"};
  return cuts;
}

std::vector<train::PlannedTeam> DistributedPlan::all_teams() const {
  std::vector<train::PlannedTeam> teams;
  for (int s = 0; s < seeds; ++s) {
    for (const DistributedArm& arm : arms) teams.push_back(arm.teams[static_cast<std::size_t>(s)]);
  }
  return teams;
}

std::vector<train::PlannedRun> DistributedPlan::all_runs() const {
  std::vector<train::PlannedRun> runs;
  for (const train::PlannedTeam& team : all_teams()) {
    for (const train::PlannedRun& worker : team.workers) runs.push_back({team.name + "/" + worker.name, worker.recipe});
  }
  return runs;
}

DistributedPlan plan_distributed(const DistributedChoices& choices) {
  if (choices.source != "builtin" && !data::is_ink_source(choices.source)) {
    fail<ConfigError>("study distributed: wanted builtin, unipen or a file of ink as --source, found \"{}\"",
                      choices.source);
  }
  DistributedPlan plan{.data = choices.source, .quick = choices.quick};
  plan.seeds = choices.seeds > 0 ? choices.seeds : 3;
  plan.steps = choices.steps > 0 ? choices.steps : choices.quick ? 1800 : 20000;
  // Few enough rounds for their cost not to count, enough for a curve.
  plan.every = std::clamp<std::int64_t>(plan.steps / 6, 1, choices.quick ? 300 : 1000);
  plan.per_class = choices.quick ? 100 : 300;
  plan.recognised = choices.quick ? 0.5 : 0.7;
  plan.team_sizes = choices.quick ? std::vector<int>{2} : std::vector<int>{2, 4};
  plan.arms = arms_of(plan.team_sizes);
  const run::Recipe base = worker_recipe(plan);
  for (DistributedArm& arm : plan.arms) {
    for (int seed = 1; seed <= plan.seeds; ++seed) arm.teams.push_back(team_of(arm, base, seed, plan.every));
  }
  return plan;
}

void check_parts(const DistributedPlan& plan, const train::SessionOptions& session) {
  run::Recipe recipe = worker_recipe(plan);
  recipe.data.copies = 0;  // the parts are the same
  const data::Dataset all = train::open_training_data(recipe, session.places);
  for (const int workers : plan.team_sizes) {
    for (const std::string& by : distributed_cuts())
      data::part_of(all, data::part_from(fmt::format("1/{}", workers), by));
  }
}

}  // namespace ganymede::study
