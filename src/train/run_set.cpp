#include "train/run_set.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "run/recipe_file.hpp"
#include "run/snapshot.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;

run::RunDirectory open_or_create(const fs::path& root, const PlannedRun& planned, const run::Recipe& resolved) {
  if (!fs::exists(root / planned.name / "run.json")) return run::RunDirectory::create(root, planned.name, resolved, {});
  run::RunDirectory directory = run::RunDirectory::open(root / planned.name);
  directory.lock();
  if (directory.recipe() != resolved) directory.write_recipe(resolved);  // a longer run
  return directory;
}

// The recipe that the folder should hold; what "auto" stood for stays.
run::Recipe wanted_recipe(const PlannedRun& planned, const run::Recipe& stored) {
  run::Recipe wanted = planned.recipe;
  if (wanted.train.precision == play::Precision::automatic) wanted.train.precision = stored.train.precision;
  return wanted;
}

// Whether the wanted run is the stored one and more: a longer one, whose snapshots up to here are there.
bool goes_further(const run::RunDirectory& run, const run::Recipe& stored, const run::Recipe& wanted) {
  run::Recipe same = stored;
  same.train.epochs = wanted.train.epochs;
  same.train.steps = wanted.train.steps;
  same.snapshot.every = wanted.snapshot.every;
  same.snapshot.epochs = wanted.snapshot.epochs;
  const bool by_steps = wanted.train.steps > 0 && stored.train.steps > 0;
  const bool longer =
      by_steps ? wanted.train.steps > stored.train.steps
               : wanted.train.steps == 0 && stored.train.steps == 0 && wanted.train.epochs > stored.train.epochs;
  if (same != wanted || !longer) return false;
  const auto snapshots = run::list_snapshots(run.snapshots());
  for (std::uint64_t epoch = 1; epoch <= run.info().epoch; ++epoch) {
    if (!run::wants_snapshot(wanted.snapshot, static_cast<decltype(wanted.train.epochs)>(epoch))) continue;
    if (std::ranges::find(snapshots, epoch, &run::SnapshotFile::epoch) == snapshots.end()) return false;
  }
  return true;
}

// A folder that holds another experiment is not ours to go on with.
void check_recipe(const fs::path& path, const PlannedRun& planned) {
  const run::RunDirectory run = run::RunDirectory::open(path);
  const run::Recipe stored = run.recipe();
  const run::Recipe wanted = wanted_recipe(planned, stored);
  const auto differences = run::difference(stored, wanted);
  if (differences.empty() || goes_further(run, stored, wanted)) return;
  fail<ConfigError>(
      "{}: holds a run of another recipe:\n{}\nremove it, or choose another folder (a run can only be made longer, and "
      "measured where it left snapshots)",
      path.string(), run::to_string(differences));
}

}  // namespace

bool is_settled(const fs::path& root, const PlannedRun& planned) {
  const fs::path path = root / planned.name;
  if (!fs::exists(path / "run.json")) return false;
  const run::RunDirectory run = run::RunDirectory::open(path);
  const run::RunInfo info = run.info();
  if (info.state == run::RunState::diverged) return true;
  if (info.state != run::RunState::finished) return false;
  const run::Recipe stored = run.recipe();
  return !goes_further(run, stored, wanted_recipe(planned, stored));
}

void check_set(const fs::path& root, const std::vector<PlannedRun>& plan) {
  for (const PlannedRun& planned : plan) {
    if (fs::exists(root / planned.name / "run.json")) check_recipe(root / planned.name, planned);
  }
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
    if (fs::exists(path / "run.json")) check_recipe(path, plan[i]);
    if (is_settled(root, plan[i])) {
      set.states.push_back(run::RunDirectory::open(path).info().state);
      continue;
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
      if (!fs::exists(path / "run.json") || run::RunDirectory::open(path).info().state != run::RunState::diverged)
        throw;
      if (session.say) session.say(fmt::format("{}: {}", plan[i].name, error.what()));
      set.states.push_back(run::RunState::diverged);
    }
  }
  return set;
}

}  // namespace ganymede::train
