#include "train/team.hpp"

#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/signal.hpp"
#include "run/events.hpp"
#include "run/snapshot.hpp"
#include "train/fake_executor.hpp"
#include "train/tiny.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;

Tensor floats(std::vector<float> values) {
  return Tensor::of<float>({static_cast<std::int64_t>(values.size())}, std::span<const float>(values));
}
Tensor count_of(std::int64_t updates) {
  return Tensor::of<std::int64_t>({1}, std::span<const std::int64_t>(&updates, 1));
}

TEST(MeanOfStates, IsTheMeanOfEveryNumber) {
  const std::vector<NamedTensors> states = {{{"a", floats({1, -2})}, {"m", floats({0.5})}, {"step", count_of(3)}},
                                            {{"a", floats({2, 4})}, {"m", floats({0})}, {"step", count_of(3)}},
                                            {{"a", floats({6, 1})}, {"m", floats({1})}, {"step", count_of(3)}}};
  const NamedTensors mean = mean_of_states(states);
  EXPECT_EQ(mean.at("a"), floats({3, 1}));
  EXPECT_EQ(mean.at("m"), floats({0.5}));
  EXPECT_EQ(mean.at("step"), count_of(3));
}

TEST(MeanOfStates, OfEqualOnesKeepsTheirBits) {
  const NamedTensors one = {{"a", floats({0.1f, 1e-38f, 3.4e38f, -0.3f})}};
  for (const std::size_t workers : {1, 2, 3, 4, 7})
    EXPECT_EQ(mean_of_states(std::vector<NamedTensors>(workers, one)), one) << workers;
}

TEST(MeanOfStates, RefusesOtherNetworksAndLengths) {
  const auto refused = [](NamedTensors a, NamedTensors b) {
    const std::vector<NamedTensors> states = {std::move(a), std::move(b)};
    EXPECT_THROW(mean_of_states(states), ConfigError);
  };
  refused({{"a", floats({1})}}, {{"b", floats({1})}});
  refused({{"a", floats({1})}}, {{"a", floats({1, 2})}});
  refused({{"a", floats({1})}}, {{"a", floats({1})}, {"b", floats({1})}});
  refused({{"step", count_of(1)}}, {{"step", count_of(2)}});
  refused({{"a", floats({1})}}, {{"a", count_of(1)}});
}

/// What happens to a worker, by its number from 0, at a tick.
struct Mishap {
  std::size_t worker = 0;
  std::uint32_t tick = 0;
  enum Kind { none, stop, die, diverge } kind = none;
};

class MishapExecutor : public FakeExecutor {
 public:
  MishapExecutor(const net::Network& g, const net::Network& d, const play::ExecutorConfig& config, Mishap mishap,
                 std::map<std::uint32_t, NamedTensors>* before)
      : FakeExecutor(g, d, config), mishap_(mishap), before_(before) {
    if (mishap.kind == Mishap::diverge) fail_at_tick = mishap.tick;
  }
  play::StepResult step(const play::Batch& batch, play::Phase phase) override {
    if (before_) (*before_)[batch.step] = state();
    if (batch.step == mishap_.tick && mishap_.kind == Mishap::die) throw std::runtime_error("dead");
    if (batch.step == mishap_.tick && mishap_.kind == Mishap::stop) request_stop();
    return FakeExecutor::step(batch, phase);
  }

 private:
  Mishap mishap_;
  std::map<std::uint32_t, NamedTensors>* before_;
};

struct TrainTeam : ::testing::Test {
  void SetUp() override {
    clear_stop_request();
    options.session.backend = &backend;
    options.session.progress = ProgressStyle::quiet;
    backend.make = [this](const auto& g, const auto& d, const auto& config) {
      const std::size_t worker = made++;
      const Mishap mine = mishap.worker == worker ? mishap : Mishap{};
      return std::make_unique<MishapExecutor>(g, d, config, mine, &before[worker]);
    };
  }
  void TearDown() override { clear_stop_request(); }

  TeamState go(const PlannedTeam& team, Mishap with = {}) {
    clear_stop_request();
    mishap = with;
    made = 0;
    before.clear();
    return train_team(root, team, options);
  }

  /// All that must not depend on where a team was interrupted, by path.
  std::map<std::string, std::string> results(const std::string& name) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root / name)) {
      const std::string path = fs::relative(entry.path(), root / name).string();
      if (entry.path().extension() == ".png") files[path] = read_file(entry.path());
      if (entry.path().extension() == ".safetensors" && path.find("checkpoints/") == std::string::npos &&
          path.find("averaged/") == std::string::npos)
        files[path] = read_file(entry.path());
      if (path.find("averaged/") != std::string::npos) files[path] = digest(run::load_checkpoint(entry.path()).tensors);
      if (entry.path().filename() != "events.jsonl") continue;
      for (const std::string& line : run::read_event_lines(entry.path()))
        files[path] += run::without_times(line) + "\n";
      files[path + " end"] =
          digest(run::load_latest_checkpoint(entry.path().parent_path() / "checkpoints").checkpoint.tensors);
    }
    return files;
  }
  static std::string digest(const NamedTensors& tensors) {
    std::string all;
    for (const auto& [name, tensor] : tensors) {
      all += name;
      all.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
    }
    return all;
  }
  NamedTensors tensors(const fs::path& file) { return run::load_weights_of(root / file).tensors; }
  NamedTensors end_of(const std::string& run) {
    return run::load_latest_checkpoint(root / run / "checkpoints").checkpoint.tensors;
  }

  ganymede::testing::FreshFolder root;
  FakeBackend backend;
  TeamOptions options;
  Mishap mishap;
  std::size_t made = 0;
  std::map<std::size_t, std::map<std::uint32_t, NamedTensors>> before;  // states by worker and tick
};

run::Recipe team_recipe() {
  run::Recipe recipe = tiny_recipe();
  recipe.data.builtin_count = 22;
  recipe.train.epochs = 0;
  recipe.train.steps = 10;
  recipe.train.sample_grid = 1;
  recipe.game.ema_decay = 0.5;
  return recipe;
}

PlannedTeam team_of(const std::string& name, int workers, bool parts = true) {
  PlannedTeam team{.name = name, .workers = {}, .every = 4};
  for (int w = 1; w <= workers; ++w) {
    PlannedRun worker{"w" + std::to_string(w), team_recipe()};
    if (parts) {
      worker.recipe.data.part = std::to_string(w) + "/" + std::to_string(workers);
      worker.recipe.data.part_by = "sample";
    }
    team.workers.push_back(std::move(worker));
  }
  return team;
}

TEST_F(TrainTeam, OfOneEqualsPlainTraining) {
  EXPECT_EQ(go(team_of("one", 1, false)), TeamState::finished);
  train_set(root, {{"plain", team_recipe()}}, {.session = options.session, .on_run = {}});
  auto worker = results("one/w1"), plain = results("plain");
  EXPECT_GT(plain.size(), 5U);
  EXPECT_EQ(worker, plain);
}

TEST_F(TrainTeam, OfTwoThatLearnTheSameStaysEqualToOne) {
  EXPECT_EQ(go(team_of("two", 2, false)), TeamState::finished);
  train_set(root, {{"plain", team_recipe()}}, {.session = options.session, .on_run = {}});
  EXPECT_EQ(results("two/w1"), results("plain"));
  EXPECT_EQ(results("two/w2"), results("plain"));
  EXPECT_EQ(run::load_checkpoint(averaged_path(root / "two", 3)).tensors, end_of("plain"));
}

TEST_F(TrainTeam, GoesOnFromTheMeanOfItsWorkers) {
  EXPECT_EQ(go(team_of("team", 2)), TeamState::finished);
  for (const std::int64_t round : {1, 2, 3}) {
    const NamedTensors first = tensors(round_path("team", "w1", round)),
                       second = tensors(round_path("team", "w2", round));
    EXPECT_NE(first, second);
    const run::Checkpoint mean = run::load_checkpoint(averaged_path(root / "team", round));
    EXPECT_EQ(mean.step, round == 3 ? 10U : static_cast<std::uint64_t>(4 * round));
    const auto value = [](const NamedTensors& of, const std::string& name) { return of.at(name).values<float>()[0]; };
    const std::string name = "generator.dense.weight";
    EXPECT_EQ(value(mean.tensors, name), static_cast<float>((double{value(first, name)} + value(second, name)) / 2));
    EXPECT_TRUE(mean.tensors.contains("optimizer.generator.step")) << "moments and counts too";
    if (round == 3) continue;
    for (const std::size_t worker : {0, 1}) {
      EXPECT_EQ(before.at(worker).at(static_cast<std::uint32_t>(4 * round)), mean.tensors) << worker << " " << round;
    }
  }
  EXPECT_EQ(end_of("team/w1").at("optimizer.generator.step").values<std::int64_t>()[0], 10);
}

TEST_F(TrainTeam, AloneEqualsRunsOfTheirOwn) {
  PlannedTeam team = team_of("alone", 2);
  team.averaged = false;
  EXPECT_EQ(go(team), TeamState::finished);
  train_set(root, team.workers, {.session = options.session, .on_run = {}});
  EXPECT_EQ(results("alone/w1"), results("w1"));
  EXPECT_EQ(results("alone/w2"), results("w2"));
  EXPECT_TRUE(fs::exists(round_path(root / "alone", "w2", 3)));
  EXPECT_FALSE(fs::exists(root / "alone" / "averaged"));
}

TEST_F(TrainTeam, StoppedOrDeadAnywhereAndCalledAgainItEqualsTheWholeOne) {
  for (const bool averaged : {true, false}) {
    PlannedTeam whole = team_of(averaged ? "whole" : "whole-alone", 2);
    whole.averaged = averaged;
    ASSERT_EQ(go(whole), TeamState::finished);
    const auto wanted = results(whole.name);
    for (const Mishap::Kind kind : {Mishap::stop, Mishap::die}) {
      for (const std::size_t worker : {0, 1}) {
        // The beginning, the last update of a round, the middle of the next, the very end.
        for (const std::uint32_t tick : averaged ? std::vector<std::uint32_t>{0, 3, 6, 9} : std::vector{6U}) {
          SCOPED_TRACE(::testing::Message() << kind << " of worker " << worker << " at tick " << tick);
          PlannedTeam team = whole;
          team.name = "broken";
          try {
            // A signal in the very last update of all comes too late to interrupt anything.
            const bool late = worker == 1 && tick == 9;
            EXPECT_EQ(go(team, {worker, tick, kind}), late ? TeamState::finished : TeamState::paused);
            EXPECT_EQ(kind, Mishap::stop);
          } catch (const std::runtime_error&) {
            EXPECT_EQ(kind, Mishap::die);
          }
          EXPECT_EQ(go(team), TeamState::finished);
          EXPECT_EQ(results("broken"), wanted);
          if (HasFailure()) return;
          fs::remove_all(root / "broken");
        }
      }
    }
  }
}

TEST_F(TrainTeam, MakesAMeanThatIsMissing) {
  PlannedTeam team = team_of("team", 2);
  ASSERT_EQ(go(team), TeamState::finished);
  const auto wanted = results("team");
  fs::remove(averaged_path(root / "team", 3));
  fs::remove_all(root / "team" / "rounds" / "w2");  // killed before both
  EXPECT_EQ(go(team), TeamState::finished);
  fs::remove_all(root / "team" / "rounds");
  fs::remove_all(root / "again");
  team.name = "again";
  ASSERT_EQ(go(team), TeamState::finished);
  EXPECT_EQ(results("again"), wanted);
  EXPECT_EQ(run::load_checkpoint(averaged_path(root / "team", 3)).tensors,
            run::load_checkpoint(averaged_path(root / "again", 3)).tensors);
}

TEST_F(TrainTeam, GoesBackRoundsWhereCheckpointsAreDamaged) {
  PlannedTeam team = team_of("whole", 2);
  ASSERT_EQ(go(team), TeamState::finished);
  const auto wanted = results("whole");
  team.name = "broken";
  EXPECT_EQ(go(team, {0, 9, Mishap::stop}), TeamState::paused);  // the first worker is in the last round
  std::vector<fs::path> files = run::list_checkpoints(root / "broken/w1/checkpoints");
  write_file_atomically(files.back(), "nothing");
  EXPECT_EQ(go(team), TeamState::finished);
  EXPECT_EQ(results("broken"), wanted);
}

TEST_F(TrainTeam, TrainsNothingTwiceAndRefusesAnotherTeam) {
  PlannedTeam team = team_of("team", 2);
  ASSERT_EQ(go(team), TeamState::finished);
  EXPECT_EQ(go(team), TeamState::finished);
  EXPECT_EQ(made, 0U) << "not even an executor";
  PlannedTeam other = team;
  other.every = 5;
  EXPECT_THROW(go(other), ConfigError);
  other = team;
  other.averaged = false;
  EXPECT_THROW(go(other), ConfigError);
  other = team_of("team", 3);
  EXPECT_THROW(go(other), ConfigError);
  fs::remove_all(root / "team" / "averaged");
  other = team;
  for (PlannedRun& worker : other.workers) worker.recipe.train.batch = 2;
  EXPECT_THROW(go(other), ConfigError);
}

TEST_F(TrainTeam, LeavesADivergedOneAsItIs) {
  const PlannedTeam team = team_of("team", 2);
  EXPECT_EQ(go(team, {1, 5, Mishap::diverge}), TeamState::diverged);
  EXPECT_EQ(go(team), TeamState::diverged);
  EXPECT_EQ(made, 0U);
}

TEST_F(TrainTeam, SaysThatAWorkerWasTrainedAlone) {
  const PlannedTeam team = team_of("team", 2);
  EXPECT_EQ(go(team, {1, 1, Mishap::stop}), TeamState::paused);  // the first is at the end of round 1
  clear_stop_request();
  train_set(root / "team", {team.workers[0]}, {.session = options.session, .on_run = {}});
  EXPECT_THROW(go(team), ConfigError);
}

TEST(CheckTeam, RefusesWorkersThatAreNone) {
  const auto refused = [](const auto& change) {
    PlannedTeam team = team_of("team", 2);
    change(team);
    EXPECT_THROW(check_team(team), ConfigError);
  };
  EXPECT_NO_THROW(check_team(team_of("team", 2)));
  refused([](PlannedTeam& t) { t.workers.clear(); });
  refused([](PlannedTeam& t) { t.every = 0; });
  refused([](PlannedTeam& t) { t.name = "a/b"; });
  refused([](PlannedTeam& t) { t.workers[1].recipe.train.seed = 2; });
  refused([](PlannedTeam& t) { t.workers[1].recipe.train.batch = 2; });
  refused([](PlannedTeam& t) { t.workers[1].recipe.latent.dim = 4; });
  const auto all = [&](const auto& change) {
    refused([&](PlannedTeam& t) {
      for (PlannedRun& worker : t.workers) change(worker.recipe);
    });
  };
  all([](run::Recipe& r) { r.train.steps = 0, r.train.epochs = 1; });
  all([](run::Recipe& r) { r.evaluate.map_stop = 0.1; });
  all([](run::Recipe& r) { r.game.update = play::UpdateOrder::converge; });
}

}  // namespace
}  // namespace ganymede::train
