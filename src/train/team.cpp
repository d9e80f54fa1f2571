// How it works. A team is a folder of ordinary runs and of files that tell what they exchanged:
//
//     TEAM/team.json                          what it is, so that another plan is refused
//     TEAM/w1/ ... TEAM/wW/                   the workers' runs
//     TEAM/rounds/w1/round-00001.safetensors  each worker's weights at the end of a round
//     TEAM/averaged/round-00001.safetensors   their mean, with moments
//
// In a round every worker trains from its own checkpoint at the round's first step to the one at its last. The mean is
// never written into a run: it takes the place of the checkpoint's tensors in memory when a worker begins the next
// round. So all that is kept is written once, in one step each, by a rule that depends on files alone, and whoever
// kills the process anywhere leaves a state from which the same files follow: a worker in the middle of a round goes on
// from its checkpoint; one at the end of a round waits for the others; a mean that is missing is made of the
// checkpoints at the round's end, which stay until their run writes two more.

#include "train/team.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/signal.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kTeamSchema = "ganymede.team/1";

std::string round_name(std::int64_t round) {
  return fmt::format("round-{:05}.safetensors", round);
}

// A team's folder holds that team, or none yet.
void claim_folder(const fs::path& folder, const PlannedTeam& team) {
  Json wanted = {{"schema", kTeamSchema}, {"workers", Json::array()}};
  for (const PlannedRun& worker : team.workers) wanted["workers"].push_back(worker.name);
  wanted["steps"] = team.steps();
  wanted["every"] = team.every;
  wanted["averaged"] = team.averaged;
  const fs::path file = folder / "team.json";
  if (!fs::exists(file)) {
    make_own_folder(folder);
    write_file_atomically(file, json_text(wanted, 1) + "\n");
    return;
  }
  if (const Json found = read_json<Json>(file, kLargestSmallJson); found != wanted) {
    fail<ConfigError>("{}: holds another team: wanted {}, found {}; remove it, or choose another folder",
                      folder.string(), wanted.dump(), found.dump());
  }
}

// The run in a worker's folder is the planned one, and not trained beyond its team's rounds.
run::RunDirectory open_worker(const fs::path& folder, const PlannedRun& worker, const run::Recipe& resolved) {
  const fs::path path = folder / worker.name;
  if (!fs::exists(path / "run.json")) return run::RunDirectory::create(folder, worker.name, resolved, {});
  run::RunDirectory directory = run::RunDirectory::open(path);
  if (const auto differences = run::difference(directory.recipe(), resolved); !differences.empty()) {
    fail<ConfigError>("{}: holds a run of another recipe:\n{}\nremove the team's folder, or choose another",
                      path.string(), run::to_string(differences));
  }
  directory.lock();
  return directory;
}

bool has_diverged(const fs::path& folder, const PlannedRun& worker) {
  const fs::path path = folder / worker.name;
  return fs::exists(path / "run.json") && run::RunDirectory::open(path).info().state == run::RunState::diverged;
}

bool is_closed(const fs::path& folder, const PlannedTeam& team, std::int64_t round) {
  if (team.averaged) return fs::exists(averaged_path(folder, round));
  return fs::exists(round_path(folder, team.workers.back().name, round));  // written last
}

struct Worker {
  const PlannedRun* planned;
  SessionOptions session;
  Setup setup;
  run::RunDirectory directory;
};

enum class Went { there, interrupted, diverged };

// A worker that begins a round begins with what all of them had become.
void take_mean(run::Checkpoint& from, const fs::path& folder, const PlannedTeam& team) {
  const auto step = static_cast<std::int64_t>(from.step);
  if (!team.averaged || step == 0 || step % team.every != 0) return;
  run::Checkpoint mean = run::load_checkpoint(averaged_path(folder, step / team.every));
  // An update of D alone may lie behind that step: then the mean was taken over before.
  if (from.ticks == mean.ticks) from.tensors = std::move(mean.tensors);
}

// Trains a worker to a step, which may be several rounds ahead where its newest checkpoints were damaged.
Went go_to(Worker& worker, std::int64_t target, const fs::path& folder, const PlannedTeam& team) {
  try {
    for (;;) {
      std::optional<run::LoadedCheckpoint> from = starting_point(worker.directory, worker.session);
      const auto step = from ? static_cast<std::int64_t>(from->checkpoint.step) : 0;
      if (step == target) return Went::there;
      if (step > target) {
        fail<ConfigError>("{}: is at step {}, beyond its team's round, which ends at {}: it was trained alone",
                          worker.directory.path().string(), step, target);
      }
      if (from) take_mean(from->checkpoint, folder, team);
      const std::int64_t end = team.end_of(step / team.every + 1);
      worker.session.pause_at_step = end;
      const Outcome outcome = train(worker.setup, worker.directory, from, worker.session);
      if (outcome.position.step < end) return Went::interrupted;
      if (end == target) return Went::there;
    }
  } catch (const GuardError& error) {
    if (!has_diverged(folder, *worker.planned)) throw;
    if (worker.session.say) worker.session.say(fmt::format("{}: {}", worker.planned->name, error.what()));
    return Went::diverged;
  }
}

// The workers of a round do not see each other: they could be trained side by side by several processes, each with some
// of them, that meet behind this; what they exchange are files.
Went train_round(std::vector<Worker>& workers, std::int64_t target, const fs::path& folder, const PlannedTeam& team) {
  for (Worker& worker : workers) {
    if (stop_requested()) return Went::interrupted;
    if (const Went went = go_to(worker, target, folder, team); went != Went::there) return went;
  }
  return Went::there;
}

// Keeps what the workers became, and their mean: the last file is what ends a round.
void close_round(const fs::path& folder, const PlannedTeam& team, std::int64_t round) {
  std::vector<NamedTensors> states;
  run::Checkpoint mean;
  for (const PlannedRun& worker : team.workers) {
    const fs::path checkpoints = folder / worker.name / "checkpoints";
    run::Checkpoint one =
        run::load_checkpoint(checkpoints / run::checkpoint_name(static_cast<std::uint64_t>(team.end_of(round))));
    const fs::path kept = round_path(folder, worker.name, round);
    std::error_code ignored;
    fs::create_directories(kept.parent_path(), ignored);
    run::write_snapshot(kept, run::as_snapshot(one));
    if (!team.averaged) continue;
    states.push_back(std::move(one.tensors));
    if (states.size() == 1) mean = std::move(one);
  }
  if (!team.averaged) return;
  mean.tensors = mean_of_states(states);
  mean.monitors.clear();
  mean.loop_state.clear();
  mean.events_bytes = 0;
  mean.events_crc32.reset();
  const fs::path file = averaged_path(folder, round);
  make_own_folder(file.parent_path());
  run::write_checkpoint(file, mean);
}

std::vector<Worker> prepare_workers(const fs::path& folder, const PlannedTeam& team, const SessionOptions& session) {
  std::vector<Worker> workers;
  for (const PlannedRun& planned : team.workers) {
    SessionOptions own = session;
    own.run_folder = folder / planned.name;
    Setup setup = prepare(planned.recipe, own);
    run::RunDirectory directory = open_worker(folder, planned, setup.recipe);
    workers.push_back({&planned, std::move(own), std::move(setup), std::move(directory)});
  }
  return workers;
}

}  // namespace

std::int64_t PlannedTeam::end_of(std::int64_t round) const {
  return std::min(round * every, steps());
}

NamedTensors mean_of_states(std::span<const NamedTensors> states) {
  if (states.empty()) fail<Error>("internal: the mean of no states");
  NamedTensors mean = states.front();
  for (const NamedTensors& one : states) {
    if (one.size() != mean.size())
      fail<ConfigError>("workers of other networks: {} tensors and {}", mean.size(), one.size());
  }
  for (auto& [name, tensor] : mean) {
    std::vector<double> sum(tensor.dtype() == DType::f32 ? static_cast<std::size_t>(tensor.count()) : 0);
    for (const NamedTensors& one : states) {
      const auto found = one.find(name);
      if (found == one.end() || found->second.dtype() != tensor.dtype() || found->second.shape() != tensor.shape())
        fail<ConfigError>("workers of other networks: not all have {} {}", name, to_string(tensor.shape()));
      if (tensor.dtype() != DType::f32) {
        if (found->second != tensor) fail<ConfigError>("workers that were trained for other lengths: {} differs", name);
        continue;
      }
      const auto values = found->second.values<float>();
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += values[i];
    }
    if (tensor.dtype() != DType::f32) continue;
    const auto out = tensor.values<float>();
    for (std::size_t i = 0; i < sum.size(); ++i)
      out[i] = static_cast<float>(sum[i] / static_cast<double>(states.size()));
  }
  return mean;
}

fs::path averaged_path(const fs::path& team, std::int64_t round) {
  return team / "averaged" / round_name(round);
}

fs::path round_path(const fs::path& team, const std::string& worker, std::int64_t round) {
  return team / "rounds" / worker / round_name(round);
}

void check_team(const PlannedTeam& team) {
  run::check_run_name(team.name);
  if (team.workers.empty()) fail<ConfigError>("team {}: wanted one worker or more", team.name);
  if (team.every < 1) fail<ConfigError>("team {}: wanted rounds of one step or more, found {}", team.name, team.every);
  const run::Recipe& first = team.workers.front().recipe;
  if (first.train.steps < 1) fail<ConfigError>("team {}: wanted a length in train.steps", team.name);
  if (first.evaluate.map_stop > 0)
    fail<ConfigError>("team {}: evaluate.map_stop ends a run before its length; wanted 0", team.name);
  if (first.game.update == play::UpdateOrder::converge) {
    fail<ConfigError>("team {}: with game.update = \"converge\" workers make different numbers of updates", team.name);
  }
  for (const PlannedRun& worker : team.workers) {
    run::check_run_name(worker.name);
    run::Recipe same = worker.recipe;
    same.data.part = first.data.part;
    same.data.part_by = first.data.part_by;
    same.latent = first.latent;
    if (const auto differences = run::difference(first, same); !differences.empty()) {
      fail<ConfigError>("team {}: {} and {} differ in more than data.part and latent:\n{}", team.name,
                        team.workers.front().name, worker.name, run::to_string(differences));
    }
    if (worker.recipe.latent.dim != first.latent.dim)
      fail<ConfigError>("team {}: latent.dim {} and {}", team.name, first.latent.dim, worker.recipe.latent.dim);
  }
}

TeamState train_team(const fs::path& root, const PlannedTeam& team, const TeamOptions& options) {
  check_team(team);
  const fs::path folder = root / team.name;
  claim_folder(folder, team);
  const auto diverged = [&](const PlannedRun& worker) { return has_diverged(folder, worker); };
  if (std::ranges::any_of(team.workers, diverged)) return TeamState::diverged;
  if (is_closed(folder, team, team.rounds())) return TeamState::finished;
  std::vector<Worker> workers = prepare_workers(folder, team, options.session);
  for (std::int64_t round = 1; round <= team.rounds(); ++round) {
    if (is_closed(folder, team, round)) continue;
    if (options.on_round) options.on_round(team, round);
    switch (train_round(workers, team.end_of(round), folder, team)) {
      case Went::interrupted:
        return TeamState::paused;
      case Went::diverged:
        return TeamState::diverged;
      case Went::there:
        close_round(folder, team, round);
    }
  }
  return TeamState::finished;
}

}  // namespace ganymede::train
