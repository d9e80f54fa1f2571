#include <csignal>
#include <cstdlib>
#include <fstream>

#include "cli/program.hpp"
#include "cluster/message_plugin.hpp"

namespace ganymede::cli {
namespace {

using Words = std::vector<std::string>;

// "isolated": this machine alone, so that no ssh is looked for.
const Words kMpirun{"mpirun", "--mca", "plm", "isolated", "--oversubscribe", "--allow-run-as-root"};

/// The program as mpirun starts it. Skipped where that, or the plug-in, is not there.
class Mpi : public Cli {
 protected:
  void SetUp() override {
    if (std::system("command -v mpirun >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no mpirun on this machine";
    if (!fs::exists(fs::path(GANYMEDE_PROGRAM).parent_path() / cluster::kMessagePluginFile))
      GTEST_SKIP() << "built without MPI";
    write("shards.toml", read("tiny.toml") + "shards = 4\n");
  }

  /// `mpirun ... -n P ganymede <arguments>`, or several of those, each process with another.
  static Words mpirun(int processes, const Words& arguments) {
    Words words = kMpirun;
    add(words, processes, arguments);
    return words;
  }
  static void add(Words& words, int processes, const Words& arguments, const Words& environment = {}) {
    if (words.back() != "--allow-run-as-root") words.emplace_back(":");
    // Open MPI leaves memory to the end of the process.
    for (const std::string& word : {std::string("-n"), std::to_string(processes), std::string("env"),
                                    std::string("ASAN_OPTIONS=detect_leaks=0")}) {
      words.push_back(word);
    }
    words.insert(words.end(), environment.begin(), environment.end());
    words.emplace_back(GANYMEDE_PROGRAM);
    words.insert(words.end(), arguments.begin(), arguments.end());
  }
  std::unique_ptr<Child> start(const Words& words) const {
    return std::make_unique<Child>(folder(), Words{}, [words] {
      std::vector<char*> argv;
      for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
      argv.push_back(nullptr);
      execvp(argv[0], argv.data());
    });
  }
  Result run_words(const Words& words) const { return start(words)->wait(); }
  Result together(int processes, const Words& arguments) const { return run_words(mpirun(processes, arguments)); }

  static Words training(const std::string& name, const Words& more = {}) {
    Words words{"train", "shards.toml", "--run", name, "--threads", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  /// The process of this rank that works in this test's folder; 0: none.
  pid_t process_of(int rank) const {
    const std::string wanted = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
      const std::string id = entry.path().filename();
      if (id.find_first_not_of("0123456789") != std::string::npos) continue;
      if (fs::read_symlink(entry.path() / "cwd", error) != fs::canonical(folder()) || error) continue;
      std::ifstream file(entry.path() / "environ", std::ios::binary);
      for (std::string word; std::getline(file, word, '\0');) {
        if (word == wanted && fs::read_symlink(entry.path() / "exe", error) == fs::canonical(GANYMEDE_PROGRAM))
          return static_cast<pid_t>(std::stol(id));
      }
    }
    return 0;
  }
  bool has_checkpoint(const std::string& name) const {
    std::error_code error;
    return fs::exists(run_path(name) / "checkpoints", error) &&
           !run::list_checkpoints(run_path(name) / "checkpoints").empty();
  }
};

TEST_F(Mpi, TrainsTheSameRunWithOneTwoAndFourProcesses) {
  ASSERT_EQ(run(training("one")).code, 0);
  for (const int processes : {2, 4}) {
    const std::string name = "of" + std::to_string(processes);
    const Result result = together(processes, training(name));
    ASSERT_EQ(result.code, 0) << result.err;
    expect_equal(name, "one");
    EXPECT_EQ(result.out.find("finished"), result.out.rfind("finished")) << "one process alone speaks: " << result.out;
  }
}

TEST_F(Mpi, GoesOnWithAnotherNumberOfProcesses) {
  ASSERT_EQ(run(training("whole", {"--epochs", "3"})).code, 0);
  ASSERT_EQ(together(4, training("parts", {"--epochs", "1"})).code, 0);
  const Result two = together(2, {"resume", "parts", "--epochs", "2", "--threads", "1"});
  ASSERT_EQ(two.code, 0) << two.err;
  ASSERT_EQ(run({"resume", "parts", "--epochs", "3", "--threads", "1"}).code, 0);
  EXPECT_EQ(results("parts").at("checkpoint"), results("whole").at("checkpoint"));
}

TEST_F(Mpi, PausesWhereASignalToMpirunAsksForIt) {
  ASSERT_EQ(run(training("whole", {"--epochs", "30"})).code, 0);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    const std::string name = "paused" + std::to_string(signal);
    const auto child = start(mpirun(2, training(name, {"--epochs", "30"})));
    ASSERT_TRUE(child->wait_until([&] { return has_checkpoint(name); }));
    child->send(signal);
    child->wait();
    EXPECT_EQ(state(name), "paused") << "signal " << signal;
    ASSERT_EQ(run({"resume", name, "--threads", "1"}).code, 0);
    EXPECT_EQ(results(name).at("checkpoint"), results("whole").at("checkpoint")) << "signal " << signal;
  }
}

TEST_F(Mpi, EndsAtOnceWithAWordWhereAProcessDies) {
  ASSERT_EQ(run(training("whole", {"--epochs", "30"})).code, 0);
  const auto child = start(mpirun(2, training("lost", {"--epochs", "30"})));
  ASSERT_TRUE(child->wait_until([&] { return has_checkpoint("lost") && process_of(1) != 0; }));
  const auto before = std::chrono::steady_clock::now();
  kill(process_of(1), SIGKILL);
  const Result result = child->wait();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
  EXPECT_NE(result.code, 0);
  EXPECT_TRUE(holds(result.err, "process 1 of 2"));
  EXPECT_TRUE(holds(result.err, "has ended. The last good checkpoint is "));
  EXPECT_EQ(state("lost"), "stopped");
  ASSERT_EQ(run({"resume", "lost", "--threads", "1"}).code, 0);
  EXPECT_EQ(results("lost").at("checkpoint"), results("whole").at("checkpoint"));
}

TEST_F(Mpi, RefusesAProcessThatDiffers) {
  Words recipes = kMpirun;
  add(recipes, 1, training("other"));
  add(recipes, 1, training("other", {"--seed", "7"}));
  Result result = run_words(recipes);
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_TRUE(holds(result.err, "process 1 of 2"));
  EXPECT_TRUE(holds(result.err, "train.seed: 1 -> 7"));

  Words levels = kMpirun;
  add(levels, 1, training("other"), {"GANYMEDE_CPU=scalar"});
  add(levels, 1, training("other"));
  result = run_words(levels);
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_TRUE(holds(result.err, "computes by another plan"));

  Words sources = kMpirun;
  add(sources, 1, training("other"));
  add(sources, 1, training("other", {"--source", "mnist", "--data", at("nowhere").string()}));
  result = run_words(sources);
  EXPECT_EQ(result.code, 2) << result.err;
  EXPECT_TRUE(holds(result.err, "process 1 of 2"));
  EXPECT_FALSE(fs::exists(run_path("other"))) << "nothing begins before all are known to be alike";
}

TEST_F(Mpi, RefusesMoreProcessesThanShardsAndARunThatIsThere) {
  Result result = together(2, train("one-shard"));
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "2 processes for train.shards = 1"));
  EXPECT_FALSE(fs::exists(run_path("one-shard")));
  result = together(3, training("three"));
  EXPECT_EQ(result.code, 2);
  ASSERT_EQ(together(2, training("twice", {"--epochs", "1"})).code, 0);
  result = together(2, training("twice", {"--epochs", "1"}));
  EXPECT_EQ(result.code, 2) << "the others do not wait for process 0";
  EXPECT_TRUE(holds(result.err, "twice"));
}

TEST_F(Mpi, StopsTogetherWhereOneGuardDoes) {
  const Result result = together(2, training("guarded", {"--set", "game.stop_above=1e-3"}));
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_TRUE(holds(result.err, "game.stop_above"));
  EXPECT_EQ(state("guarded"), "diverged");
}

TEST_F(Mpi, IsNamedByTheDoctorAndMissedByName) {
  EXPECT_TRUE(holds(run({"doctor"}).out, "loaded under mpirun alone"));
  Words words = kMpirun;
  add(words, 2, training("without"), {"GANYMEDE_MPI=/nowhere/libganymede_mpi.so"});
  const Result result = run_words(words);
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "/nowhere/libganymede_mpi.so"));
}

TEST_F(Mpi, SpreadsWholeRunsOfASet) {
  const Words command{"train", "tiny.toml", "--run", "set", "--seeds", "5", "--json"};
  const Result result = together(3, command);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.json().at("complete"), true) << "one process prints";
  ASSERT_EQ(run(train("alone", {"--seed", "4"})).code, 0);
  EXPECT_EQ(results("set-s4").at("checkpoint"), results("alone").at("checkpoint"));
  EXPECT_TRUE(fs::is_empty(at("runs/.claims")));
}

TEST_F(Mpi, SpreadsASweepAndMeasuresItOnce) {
  const Words command{"sweep",    "ring",
                      "--set",    "data.builtin_count=512",
                      "--over",   "train.batch=32,64",
                      "--epochs", "1",
                      "--seeds",  "2",
                      "-o",       "swept",
                      "--json"};
  const Result result = together(2, command);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.json().at("settings").size(), 2U);
  EXPECT_TRUE(fs::exists(at("swept/report.html")));
}

}  // namespace
}  // namespace ganymede::cli
