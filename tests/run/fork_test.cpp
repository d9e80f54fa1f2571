#include "run/fork.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/checksum.hpp"
#include "base/child_process.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "run/checkpoint.hpp"
#include "run/fault_of.hpp"
#include "run/networks.hpp"
#include "run/recipe_file.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

namespace fs = std::filesystem;
using ganymede::testing::ChildProcess;

struct Fork : ::testing::Test {
  Fork() {
    RunInfo info;
    info.state = RunState::finished;
    info.step = 20;
    RunDirectory run = RunDirectory::create(root, "parent", recipe(), info);
    write_plainly(run.events_path(), "one\ntwo\nthree\n");
    write_plainly(run.path() / "partition.safetensors", "cut");
    const Networks networks = build_networks(recipe(), {});
    Checkpoint state;
    state.tensors.emplace("generator.w", Tensor(DType::f32, {2}));
    state.recipe = recipe();
    state.generator = networks.generator;
    state.discriminator = networks.discriminator;
    state.plan = "f32";
    state.step = 10;
    state.epoch = 3;
    state.events_bytes = 8;
    state.events_crc32 = crc32("one\ntwo\n");
    state.loop_state = "{}";
    checkpoint = save_checkpoint(run.checkpoints(), state);
  }
  static Recipe recipe() { return find_recipe("quick"); }
  RunDirectory make(const std::string& name, const std::vector<std::string>& sets = {}) {
    return fork_run(RunDirectory::open(root / "parent"), checkpoint, root, name, sets);
  }

  ganymede::testing::FreshFolder root;
  fs::path checkpoint;
};

TEST_F(Fork, HoldsTheCheckpointItsEventsAndWhereItCameFrom) {
  const RunDirectory fork = make("child", {"train.seed=9", "game.loss=hinge"});
  const RunInfo info = fork.info();
  EXPECT_EQ(info.state, RunState::paused);
  EXPECT_EQ(info.parent, "parent");
  EXPECT_EQ(info.parent_step, 10U);
  EXPECT_EQ(info.step, 10U);
  EXPECT_EQ(info.epoch, 3U);
  EXPECT_EQ(info.seed, 9U);
  EXPECT_EQ(read_file(fork.events_path()), "one\ntwo\n");
  EXPECT_EQ(read_file(fork.path() / "partition.safetensors"), "cut");
  EXPECT_EQ(read_file(fork.checkpoints() / checkpoint.filename()), read_file(checkpoint));
  EXPECT_EQ(difference(recipe(), fork.recipe()).size(), 2U);
  EXPECT_FALSE(summary_of(fork.path()).state == "running");  // nobody holds its lock
}

TEST_F(Fork, TheParentIsOnlyRead) {
  const std::string info = read_file(root / "parent" / "run.json");
  make("");
  EXPECT_TRUE(fs::exists(root / "quick-001"));
  EXPECT_EQ(read_file(root / "parent" / "run.json"), info);
  EXPECT_EQ(read_file(root / "parent" / "events.jsonl"), "one\ntwo\nthree\n");
}

TEST_F(Fork, WhatCannotBeLeavesNothingBehind) {
  const auto fault = [&](const std::vector<std::string>& sets) { return fault_of([&] { make("child", sets); }); };
  EXPECT_NE(fault({"train.batch=0"}), "");
  EXPECT_NE(fault_of([&] { make("parent"); }), "");
  write_plainly(root / "parent" / "events.jsonl", "one\n");
  EXPECT_NE(fault({}).find("has lost lines"), std::string::npos);
  write_plainly(checkpoint, "damaged");
  EXPECT_NE(fault({}), "");
  EXPECT_FALSE(fs::exists(root / "child"));
}

TEST_F(Fork, OnlyForksHaveAParentInRunJson) {
  EXPECT_EQ(read_file(root / "parent" / "run.json").find("\"parent\""), std::string::npos);
  EXPECT_NE(read_file(make("child").info_path()).find("\"parent\": \"parent\""), std::string::npos);
}

TEST_F(Fork, ThatChangesThePartitionDoesNotKeepTheParentsCells) {
  const auto has_partition = [&](const std::string& name, const std::string& set) {
    std::vector<std::string> sets = {"generator.condition=concat", "discriminator.condition=concat",
                                     "latent.prior=normal", "latent.sampler=partition"};
    sets.push_back(set);
    return fs::exists(make(name, sets).path() / "partition.safetensors");
  };
  EXPECT_TRUE(has_partition("same", "latent.partition_seed=1"));
  EXPECT_FALSE(has_partition("seed", "latent.partition_seed=7"));
  EXPECT_FALSE(has_partition("file", "latent.partition=/some/file"));
}

TEST_F(Fork, FindsItsDataFromAnyFolder) {
  const fs::path here = fs::current_path();
  write_plainly(root / "mine.idx", "data");
  fs::current_path(root.path());
  const Recipe recipe = make("child", {"data.source=./mine.idx"}).recipe();
  fs::current_path(here);
  EXPECT_EQ(recipe.data.source, (fs::canonical(root.path()) / "mine.idx").string());
  EXPECT_EQ(make("named", {"data.source=mnist"}).recipe().data.source, "mnist");
}

// The system kills a process that writes beyond its limit: here as it copies.
TEST_F(Fork, KilledWhileItIsMadeIsNoRun) {
  write_plainly(root / "parent" / "partition.safetensors", std::string(1 << 20, 'x'));
  ChildProcess child([&] {
    const rlimit no_core{0, 0}, limit{1 << 19, 1 << 19};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_DFL);
    make("child");
    return 0;
  });
  EXPECT_EQ(child.wait(), -1);
  EXPECT_EQ(list_runs(root.path()).size(), 1U);
  EXPECT_EQ(make("child").info().parent, "parent");
}

}  // namespace
}  // namespace ganymede::run
