#include <sys/mount.h>

#include "cli/program.hpp"

namespace ganymede::cli {
namespace {

using Guard = Cli;

TEST_F(Guard, NumbersThatAreNotFiniteStopTheRunAndKeepTheLastCheckpoint) {
  ASSERT_EQ(run(train("a", {"--epochs", "1"})).code, 0);
  const std::string checkpoint = read("runs/a/checkpoints/step-0000000007.safetensors");
  const Result result = run({"resume", "a", "--epochs", "9", "--set", "generator.optimizer.learning_rate=1e30", "--set",
                             "discriminator.optimizer.learning_rate=1e30", "--accept-changes"});
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_TRUE(holds(result.err, "step "));
  EXPECT_TRUE(holds(result.err, "step-0000000007.safetensors"));
  EXPECT_TRUE(holds(result.err, "discriminator") || holds(result.err, "generator"));
  EXPECT_EQ(state("a"), "diverged");
  EXPECT_TRUE(holds(run({"runs"}).out, "diverged"));
  EXPECT_EQ(read("runs/a/checkpoints/step-0000000007.safetensors"), checkpoint);
}

TEST_F(Guard, AnExplodingLossIsWarnedOfAndStopsTheRunWhereAKeySaysSo) {
  const std::vector<std::string> explosive = {
      "--epochs", "9", "--set", "game.loss=wasserstein", "--set", "discriminator.optimizer.learning_rate=10"};
  std::vector<std::string> bounded = explosive;
  bounded.insert(bounded.end(), {"--set", "game.stop_above=100"});
  const Result stopped = run(train("a", bounded));
  EXPECT_EQ(stopped.code, 3) << stopped.err;
  EXPECT_TRUE(holds(stopped.err, "warning: game.loss = \"wasserstein\" without game.weight_clip has no bound"));
  EXPECT_TRUE(holds(stopped.err, "above game.stop_above = 100"));
  EXPECT_EQ(state("a"), "diverged");

  std::vector<std::string> clipped = explosive;
  clipped.insert(clipped.end(), {"--set", "game.weight_clip=0.01", "--epochs", "1"});
  clipped.erase(clipped.begin(), clipped.begin() + 2);
  const Result held = run(train("b", clipped));
  EXPECT_EQ(held.code, 0) << held.err;
  EXPECT_FALSE(holds(held.err, "warning:"));
}

/// A file system of 1 MB where that can be had, else (or as well) a limit on the size of files: the run stops with
/// exit code 3, its last checkpoint is whole, and with room again it goes on to the same end.
struct FullDisk : Cli {
  std::vector<std::string> long_run(const std::string& name) const {
    return train(name, {"--quiet", "--epochs", "6", "--set", "generator.width=8", "--set", "discriminator.width=8"});
  }
  void expect_stopped(const Result& result, const std::string& name) const {
    EXPECT_EQ(result.code, 3) << result.err;
    EXPECT_TRUE(holds(result.err, "runs/" + name));
    const run::LoadedCheckpoint last = run::load_latest_checkpoint(run_path(name) / "checkpoints");
    EXPECT_TRUE(last.warnings.empty());
    EXPECT_TRUE(holds(result.err, last.path.filename().string()));
  }
};

TEST_F(FullDisk, StopsTheRunAndLeavesTheLastCheckpointWhole) {
  ASSERT_EQ(run(long_run("whole")).code, 0);
  const fs::path disk = run_path("small");
  fs::create_directories(at("small-disk"));
  if (mount("tmpfs", at("small-disk").c_str(), "tmpfs", 0, "size=1500k") != 0) {
    GTEST_SKIP() << "a small tmpfs cannot be mounted here (needs root)";
  }
  std::vector<std::string> arguments = long_run("small");
  arguments.insert(arguments.end(), {"--runs", "small-disk"});
  const Result result = run(arguments);
  fs::create_directories(disk.parent_path());
  fs::copy(at("small-disk/small"), disk, fs::copy_options::recursive);
  EXPECT_EQ(umount(at("small-disk").c_str()), 0);
  EXPECT_EQ(result.code, 3) << result.err;
  const run::LoadedCheckpoint last = run::load_latest_checkpoint(disk / "checkpoints");
  EXPECT_TRUE(last.warnings.empty());
  EXPECT_TRUE(holds(result.err, last.path.filename().string()));
  const Result resumed = run({"resume", "small", "--quiet", "--threads", "1"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  expect_equal("small", "whole");
}

// Room for so many files and folders: whichever of a new run finds none, the disk is full and not the user wrong.
TEST_F(FullDisk, AFolderOrALockThatFindsNoRoomIsOneToo) {
  fs::create_directories(at("small-disk"));
  for (int files = 2; files <= 8; ++files) {
    const std::string options = "nr_inodes=" + std::to_string(files);
    if (mount("tmpfs", at("small-disk").c_str(), "tmpfs", 0, options.c_str()) != 0) {
      GTEST_SKIP() << "a small tmpfs cannot be mounted here (needs root)";
    }
    std::vector<std::string> arguments = train("a", {"--quiet"});
    arguments.insert(arguments.end(), {"--runs", "small-disk/runs"});
    const Result result = run(arguments);
    EXPECT_EQ(umount(at("small-disk").c_str()), 0);
    EXPECT_EQ(result.code, 3) << files << ": " << result.err;
    EXPECT_TRUE(holds(result.err, "No space left on device")) << result.err;
  }
}

TEST_F(FullDisk, ALimitOnTheSizeOfFilesIsOneToo) {
  ASSERT_EQ(run(long_run("whole")).code, 0);
  const std::uintmax_t checkpoint = fs::file_size(run_path("whole") / "checkpoints/step-0000000042.safetensors");
  ASSERT_EQ(
      run(train("a", {"--quiet", "--epochs", "2", "--set", "generator.width=8", "--set", "discriminator.width=8"}))
          .code,
      0);
  const Result result = run({"resume", "a", "--epochs", "6"}, [&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{checkpoint - 5000, checkpoint - 5000};
    setrlimit(RLIMIT_FSIZE, &limit);
  });
  expect_stopped(result, "a");
  const Result resumed = run({"resume", "a", "--quiet", "--threads", "1"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  expect_equal("a", "whole");
}

TEST_F(FullDisk, ALimitOnTheSizeOfFilesIsAnErrorInEveryCommand) {
  ASSERT_EQ(run(train("a", {"--quiet", "--epochs", "1"})).code, 0);
  const auto small = [] {
    const rlimit limit{512, 512};
    setrlimit(RLIMIT_FSIZE, &limit);
  };
  for (const std::vector<std::string>& command : {std::vector<std::string>{"sample", "a", "-o", "out.png"},
                                                  {"sample", "a", "-o", "out.npz"},
                                                  {"film", "a", "-o", "out.gif"},
                                                  {"report", "a", "-o", "out.html"},
                                                  {"partition", "create", "out.safetensors"}}) {
    const Result result = run(command, small);
    EXPECT_EQ(result.code, 3) << command[0] << ": " << result.err;
    for (const auto& entry : fs::directory_iterator(at(".")))
      EXPECT_FALSE(entry.path().filename().string().starts_with("out")) << command[0] << " left " << entry.path();
  }
}

// The reason names a path, which may hold any bytes.
TEST_F(FullDisk, TheReasonIsKeptThoughTheRunsNameIsNoUtf8) {
  const std::string name = "a\xff";
  const Result result = run(train(name, {"--quiet"}), [] {
    const rlimit limit{20'000, 20'000};  // bytes: less than a snapshot
    setrlimit(RLIMIT_FSIZE, &limit);
  });
  EXPECT_EQ(result.code, 3) << result.err;
  EXPECT_EQ(state(name), "stopped");
  EXPECT_TRUE(holds(read("runs/" + name + "/events.jsonl"), "\"stop\""));
  EXPECT_EQ(run({"runs", "--json"}).code, 0);
}

}  // namespace
}  // namespace ganymede::cli
