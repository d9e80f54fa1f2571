#include "train/run_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/claim.hpp"
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

double effort_of(const run::Recipe& recipe, const run::ImageFacts& facts, std::int64_t images) {
  const run::Networks networks = run::build_networks(recipe, facts);
  double each = 0;  // multiplications: a weight is used at every position of its layer's output
  for (const net::Network* network : {&networks.generator, &networks.discriminator}) {
    const std::vector<Shape> shapes = net::infer_shapes(*network);
    for (const net::Parameter& parameter : net::parameters(*network)) {
      const std::string node = parameter.name.substr(0, parameter.name.rfind('.'));
      const int index = network->index_of(node);
      if (index < 0) continue;
      const Shape& shape = shapes[static_cast<std::size_t>(index)];
      const auto positions = shape.size() < 2 ? 1 : element_count(shape) / shape.front();
      each += static_cast<double>(element_count(parameter.shape)) * static_cast<double>(positions);
    }
  }
  return each * static_cast<double>(images);
}

std::vector<std::size_t> share_of(const std::vector<double>& efforts, int part, int parts) {
  std::vector<std::size_t> order(efforts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return efforts[a] > efforts[b]; });
  std::vector<std::size_t> share;
  for (std::size_t i = static_cast<std::size_t>(part - 1); i < order.size(); i += static_cast<std::size_t>(parts))
    share.push_back(order[i]);
  return share;
}

namespace {

run::RunState state_of(const fs::path& path) {
  return fs::exists(path / "run.json") ? run::RunDirectory::open(path).info().state : run::RunState::paused;
}

// Trains one run of the set to its end, or until it is interrupted.
run::RunState train_one(const fs::path& root, const PlannedRun& planned, SessionOptions session) {
  const fs::path path = root / planned.name;
  session.run_folder = path;
  try {
    Setup setup = prepare(planned.recipe, session);
    run::RunDirectory directory = open_or_create(root, planned, setup.recipe);
    return train(setup, directory, starting_point(directory, session), session).state;
  } catch (const GuardError& error) {
    if (!fs::exists(path / "run.json") || run::RunDirectory::open(path).info().state != run::RunState::diverged) throw;
    if (session.say) session.say(fmt::format("{}: {}", planned.name, error.what()));
    return run::RunState::diverged;
  }
}

}  // namespace

RunSet train_set(const fs::path& root, const std::vector<PlannedRun>& plan, const RunSetOptions& options) {
  RunSet set;
  for (const PlannedRun& planned : plan) run::check_run_name(planned.name);  // before a folder elsewhere is looked at
  std::vector<std::size_t> order = options.order.value_or(std::vector<std::size_t>());
  if (!options.order) {
    order.resize(plan.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
  }
  for (const std::size_t i : order) {
    const fs::path path = root / plan[i].name;
    if (fs::exists(path / "run.json")) check_recipe(path, plan[i]);
    if (stop_requested() || is_settled(root, plan[i])) continue;
    std::optional<Claim> claim;
    if (options.shared) {
      claim = Claim::take(root / ".claims" / plan[i].name);
      if (!claim) {
        ++set.elsewhere;
        continue;
      }
    }
    if (is_settled(root, plan[i])) continue;  // by whoever had the claim until now
    if (options.on_run) options.on_run(i, plan[i]);
    train_one(root, plan[i], options.session);
  }
  set.complete = true;
  for (const PlannedRun& planned : plan) {
    set.paths.push_back(root / planned.name);
    set.states.push_back(state_of(set.paths.back()));
    set.complete = set.complete && is_settled(root, planned);
  }
  return set;
}

}  // namespace ganymede::train
