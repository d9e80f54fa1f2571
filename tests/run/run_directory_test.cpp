#include "run/run_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/lock.hpp"
#include "base/mutate.hpp"
#include "run/fault_of.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::ChildProcess;
using ganymede::testing::FreshFolder;

const Recipe& quick() {
  static const Recipe recipe = find_recipe("quick");
  return recipe;
}

RunInfo full_info() {
  return {.state = RunState::stopped,
          .reason = "NaN in \"x\"",
          .recipe = "quick",
          .version = "0.1.0",
          .commit = "abc",
          .cpu = "CPU, avx2",
          .plan = "f32 avx2",
          .seed = 18446744073709551615U,
          .threads = 2,
          .created = "2024-05-01T12:00:00Z",
          .updated = "2024-05-01T13:00:00Z",
          .epoch = 3,
          .step = 30,
          .images = 300,
          .total_steps = 1000,
          .seconds = 1.25};
}

TEST(RunInfo, ReadsBackEqual) {
  EXPECT_EQ(run_info_from_json(to_json(full_info()), "run.json"), full_info());
}

TEST(RunInfo, NamesItsFault) {
  const auto fault = [](const std::string& text) { return fault_of([&] { run_info_from_json(text, "run.json"); }); };
  EXPECT_TRUE(fault("{").starts_with("run.json: no JSON; the file is damaged: ")) << fault("{");
  EXPECT_EQ(fault("[]"), "run.json: not a JSON object; the file is damaged");
  EXPECT_EQ(fault("{}"), "run.json: \"schema\" is missing");
  EXPECT_EQ(fault("{\"schema\": \"x\"}"), "run.json: wanted schema ganymede.run/1, found \"x\"");
  EXPECT_EQ(fault("{\"schema\": \"ganymede.run/1\", \"state\": \"odd\"}"), "run.json: unknown state \"odd\"");
  std::string text = to_json(full_info());
  text.replace(text.find("\"threads\": 2"), 12, "\"threads\": -2");
  EXPECT_EQ(fault(text), "run.json: \"threads\" has the wrong form: -2");
}

TEST(RunInfo, SurvivesMutations) {
  RandomSequence random(Random(4, "info"), 0);
  const std::string text = to_json(full_info());
  for (int i = 0; i < 3000; ++i) {
    const std::string mutant = ganymede::testing::mutate(text, random);
    try {
      to_json(run_info_from_json(mutant, "mutant"));
    } catch (const DataError&) {
    }
  }
}

TEST(RunDirectory, CountsUpItsDefaultName) {
  const FreshFolder root;
  EXPECT_EQ(RunDirectory::create(root / "runs", "", quick(), {}).name(), "quick-001");
  EXPECT_EQ(RunDirectory::create(root / "runs", "", quick(), {}).name(), "quick-002");
  std::filesystem::create_directory(root / "runs/quick-017");
  std::filesystem::create_directory(root / "runs/quick-x");
  EXPECT_EQ(RunDirectory::create(root / "runs", "", quick(), {}).name(), "quick-018");
}

TEST(RunDirectory, HoldsRecipeAndInfo) {
  const FreshFolder root;
  RunDirectory run = RunDirectory::create(root.path(), "mine", quick(), {.recipe = "quick", .seed = 7});
  EXPECT_EQ(run.path(), root / "mine");
  EXPECT_TRUE(run.locked());
  EXPECT_EQ(run.recipe(), quick());
  EXPECT_EQ(run.info().seed, 7u);
  EXPECT_EQ(run.info().created.size(), 20u);
  for (const auto& folder :
       {run.checkpoints(), run.snapshots(), run.samples(), run.path() / "maps", run.path() / "measures"}) {
    EXPECT_TRUE(std::filesystem::is_directory(folder)) << folder;
  }
  RunInfo info = run.info();
  info.state = RunState::paused;
  info.step = 12;
  run.write_info(info);
  EXPECT_EQ(RunDirectory::open(run.path()).info().step, 12u);
  Recipe changed = quick();
  changed.train.batch = 3;
  run.write_recipe(changed);
  EXPECT_EQ(RunDirectory::open(run.path()).recipe(), changed);
}

TEST(RunDirectory, RefusesATakenName) {
  const FreshFolder root;
  RunDirectory::create(root.path(), "mine", quick(), {});
  EXPECT_EQ(fault_of([&] { RunDirectory::create(root.path(), "mine", quick(), {}); }),
            (root / "mine").string() +
                ": this run exists already: `ganymede resume mine` goes on with it, `--run NAME` names another, "
                "`ganymede runs rm mine` removes it");
}

// The system kills a process that writes beyond its limit: here as it writes the lock, and as it writes the recipe.
TEST(RunDirectory, KilledWhileItIsMadeLeavesItsNameFree) {
  const FreshFolder root;
  for (const rlim_t bytes : {0, 64}) {
    ChildProcess child([&] {
      const rlimit no_core{0, 0};
      const rlimit limit{bytes, bytes};
      ::setrlimit(RLIMIT_CORE, &no_core);
      ::setrlimit(RLIMIT_FSIZE, &limit);
      ::signal(SIGXFSZ, SIG_DFL);
      RunDirectory::create(root.path(), "mine", quick(), {});
      return 0;
    });
    EXPECT_EQ(child.wait(), -1);
    EXPECT_FALSE(std::filesystem::is_empty(root.path()));
    EXPECT_TRUE(list_runs(root.path()).empty());
    EXPECT_THROW(find_run(root.path(), "mine"), DataError);
    EXPECT_EQ(RunDirectory::create(root.path(), "mine", quick(), {}).recipe(), quick());
    remove_run(root / "mine");
  }
}

TEST(RunDirectory, RemovesOldOnesThatWereNeverFinished) {
  const FreshFolder root;
  const auto hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  for (const char* name : {".new-1-0", ".new-2-0", ".new-3-0", ".other"}) {
    std::filesystem::create_directory(root / name);
    std::ofstream(root / name / "run.lock") << "";
    if (std::string(name) != ".new-2-0") std::filesystem::last_write_time(root / name, hour_ago);
  }
  const FileLock alive(root / ".new-3-0/run.lock");
  RunDirectory::create(root.path(), "mine", quick(), {});
  EXPECT_FALSE(std::filesystem::exists(root / ".new-1-0"));
  EXPECT_TRUE(std::filesystem::exists(root / ".new-2-0"));  // too young to tell
  EXPECT_TRUE(std::filesystem::exists(root / ".new-3-0"));
  EXPECT_TRUE(std::filesystem::exists(root / ".other"));
}

TEST(RunDirectory, RefusesNamesThatAreNoFileNames) {
  const FreshFolder root;
  for (const char* name : {"a/b", "..", ".", "-x", "a\nb"}) {
    EXPECT_THROW(RunDirectory::create(root.path(), name, quick(), {}), ConfigError) << name;
  }
  EXPECT_TRUE(std::filesystem::is_empty(root.path()));
}

TEST(RunDirectory, TakesOneWriterAtATime) {
  const FreshFolder root;
  RunDirectory first = RunDirectory::create(root.path(), "mine", quick(), {});
  RunDirectory second = RunDirectory::open(first.path());
  EXPECT_FALSE(second.locked());
  try {
    second.lock();
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.exit_code(), 2);
    EXPECT_EQ(std::string(error.what()), (root / "mine/run.lock").string() + ": in use by process " +
                                             std::to_string(::getpid()) + "; wait until it has ended or stop it");
  }
  { const RunDirectory gone = std::move(first); }
  second.lock();
  EXPECT_TRUE(second.locked());
}

TEST(RunDirectory, RemovesWhatAKilledWriterLeft) {
  const FreshFolder root;
  const auto path = RunDirectory::create(root.path(), "mine", quick(), {}).path();
  std::ofstream(path / "checkpoints/step-0000000001.safetensors.1-1.partial") << "x";
  RunDirectory::open(path).lock();
  EXPECT_TRUE(std::filesystem::is_empty(path / "checkpoints"));
}

TEST(RunsRoot, IsOptionThenEnvironmentThenHere) {
  ::unsetenv("GANYMEDE_RUNS");
  EXPECT_EQ(runs_root(""), "runs");
  ::setenv("GANYMEDE_RUNS", "/some/where", 1);
  EXPECT_EQ(runs_root(""), "/some/where");
  EXPECT_EQ(runs_root("x"), "x");
  ::unsetenv("GANYMEDE_RUNS");
}

TEST(FindRun, TakesNamesAndPaths) {
  const FreshFolder root;
  RunDirectory::create(root.path(), "mine", quick(), {});
  EXPECT_EQ(find_run(root.path(), "mine").path(), root / "mine");
  EXPECT_EQ(find_run("nowhere", (root / "mine").string()).path(), root / "mine");
  EXPECT_EQ(find_run("nowhere", (root / "mine").string() + "/").name(), "mine");
  EXPECT_EQ(find_run("nowhere", (root / "mine/samples/..").string()).name(), "mine");
  EXPECT_EQ(
      fault_of([&] { find_run(root.path(), "mime"); }),
      "there is no run \"mime\" in " + root.path().string() + ", did you mean \"mine\"? `ganymede runs` lists them");
  EXPECT_EQ(fault_of([&] { find_run(root.path(), "other"); }),
            "there is no run \"other\" in " + root.path().string() + "; `ganymede runs` lists them");
  EXPECT_EQ(fault_of([&] { find_run("nowhere", "mine"); }), "there is no run \"mine\": nowhere holds no runs");
  EXPECT_EQ(fault_of([&] { find_run("nowhere", "no/where"); }), "no/where: not a run: there is no run.json in it");
}

TEST(ListRuns, TellsStatesApart) {
  const FreshFolder root;
  RunDirectory running = RunDirectory::create(root.path(), "a-running", quick(), {});
  RunDirectory::create(root.path(), "b-interrupted", quick(), {});  // says running, but its writer is gone
  {
    RunDirectory paused = RunDirectory::create(root.path(), "c-paused", quick(), {});
    paused.write_info({.state = RunState::paused});
  }
  RunDirectory::create(root.path(), "d-damaged", quick(), {});
  std::ofstream(root / "d-damaged/run.json") << "{";
  std::filesystem::create_directory(root / "e-no-run");
  std::vector<std::string> states;
  for (const RunSummary& run : list_runs(root.path())) states.push_back(run.state);
  EXPECT_EQ(states, (std::vector<std::string>{"running", "interrupted", "paused", "damaged"}));
  EXPECT_TRUE(list_runs(root / "nowhere").empty());
}

TEST(ListRuns, SeesTheWriterOfAnotherProcessAndItsDeath) {
  const FreshFolder root;
  ChildProcess child([&] {
    const RunDirectory run = RunDirectory::create(root.path(), "r", quick(), {});
    ::usleep(20'000'000);
    return 0;
  });
  for (int i = 0; i < 1000 && !std::filesystem::exists(root / "r/run.json"); ++i) ::usleep(2000);
  EXPECT_EQ(summary_of(root / "r").state, "running");
  EXPECT_THROW(remove_run(root / "r"), UserError);
  child.kill();
  EXPECT_EQ(summary_of(root / "r").state, "interrupted");
}

TEST(RemoveRun, DeletesARunAndNothingElse) {
  const FreshFolder root;
  RunDirectory::create(root.path(), "r", quick(), {});
  std::filesystem::create_directory(root / "photos");
  EXPECT_EQ(fault_of([&] { remove_run(root / "photos"); }),
            (root / "photos").string() + ": not a run: there is no run.json in it");
  remove_run(root / "r");
  EXPECT_FALSE(std::filesystem::exists(root / "r"));
  EXPECT_TRUE(std::filesystem::exists(root / "photos"));
}

}  // namespace
}  // namespace ganymede::run
