#include "train/run_set.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;

// session.cpp begins the reason with the step where a value was not finite; a full disk has no step.
bool has_diverged(const run::RunInfo& info) {
  return info.state == run::RunState::stopped && info.reason.starts_with("step ");
}

run::RunDirectory open_or_create(const fs::path& root, const PlannedRun& planned, const run::Recipe& resolved) {
  if (!fs::exists(root / planned.name / "run.json")) return run::RunDirectory::create(root, planned.name, resolved, {});
  run::RunDirectory directory = run::RunDirectory::open(root / planned.name);
  directory.lock();
  return directory;
}

// A folder that holds another experiment is not ours to go on with.
void check_recipe(const fs::path& path, const PlannedRun& planned) {
  const run::Recipe stored = run::RunDirectory::open(path).recipe();
  run::Recipe wanted = planned.recipe;
  if (wanted.train.precision == "auto") wanted.train.precision = stored.train.precision;
  const auto differences = run::difference(stored, wanted);
  if (!differences.empty()) {
    fail<ConfigError>("{}: holds a run of another recipe:\n{}\nremove it, or choose another folder", path.string(),
                      run::to_string(differences));
  }
}

}  // namespace

bool is_settled(const fs::path& path) {
  if (!fs::exists(path / "run.json")) return false;
  const run::RunInfo info = run::RunDirectory::open(path).info();
  return info.state == run::RunState::finished || has_diverged(info);
}

std::vector<PlannedRun> seeds_of(const std::string& name, const run::Recipe& recipe, int count) {
  std::vector<PlannedRun> plan;
  for (int i = 0; i < count; ++i) {
    run::Recipe one = recipe;
    one.train.seed = recipe.train.seed + static_cast<std::uint64_t>(i);
    plan.push_back({fmt::format("{}-s{}", name, one.train.seed), std::move(one)});
  }
  return plan;
}

RunSet train_set(const fs::path& root, const std::vector<PlannedRun>& plan, const RunSetOptions& options) {
  RunSet set;
  set.complete = true;
  for (const PlannedRun& planned : plan) run::check_run_name(planned.name);  // before a folder elsewhere is looked at
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const fs::path path = root / plan[i].name;
    set.paths.push_back(path);
    if (fs::exists(path / "run.json")) {
      check_recipe(path, plan[i]);
      if (is_settled(path)) {
        set.states.push_back(run::RunDirectory::open(path).info().state);
        continue;
      }
    }
    if (stop_requested()) {
      set.states.push_back(run::RunState::paused);
      set.complete = false;
      continue;
    }
    if (options.on_run) options.on_run(i, plan[i]);
    SessionOptions session = options.session;
    session.run_folder = path;
    try {
      Setup setup = prepare(plan[i].recipe, session);
      run::RunDirectory directory = open_or_create(root, plan[i], setup.recipe);
      const Outcome outcome = train(setup, directory, starting_point(directory, session), session);
      set.states.push_back(outcome.state);
      if (outcome.state != run::RunState::finished) set.complete = false;
    } catch (const GuardError& error) {
      if (!fs::exists(path / "run.json") || !has_diverged(run::RunDirectory::open(path).info())) throw;
      if (session.say) session.say(fmt::format("{}: {}", plan[i].name, error.what()));
      set.states.push_back(run::RunState::stopped);
    }
  }
  return set;
}

}  // namespace ganymede::train
