#include "base/philox.hpp"
#include "cli/program.hpp"
#include "tensor/npy.hpp"

namespace ganymede::cli {
namespace {

struct Resume : Cli {
  /// Starts a training and sends a signal once `events` lines are written.
  Result interrupted(const std::vector<std::string>& arguments, const std::string& name, std::size_t events,
                     int signal) const {
    Child child(folder(), arguments);
    EXPECT_TRUE(child.wait_until([&] { return event_count(name) >= events; }));
    child.send(signal);
    return child.wait();
  }
};

TEST_F(Resume, PausedBySignalItSaysHowToGoOnAndThenEqualsTheWholeRun) {
  ASSERT_EQ(run(train("whole", {"--epochs", "3"})).code, 0);
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string name = "s" + std::to_string(signal);
    const Result paused = interrupted(train(name, {"--epochs", "3"}), name, 5, signal);
    EXPECT_EQ(paused.code, 0) << paused.err;
    EXPECT_TRUE(holds(paused.out, "resume " + name));
    EXPECT_EQ(state(name), "paused");
    const Result resumed = run({"resume", name, "--threads", "1"});
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    expect_equal(name, "whole");
  }
}

TEST_F(Resume, ALongerRunEqualsOneThatWasAlwaysSoLong) {
  ASSERT_EQ(run(train("a", {"--epochs", "1"})).code, 0);
  ASSERT_EQ(run({"resume", "a", "--epochs", "2"}).code, 0);
  ASSERT_EQ(run(train("b", {"--epochs", "2"})).code, 0);
  expect_equal("a", "b");
  const Result again = run({"resume", "a"});
  EXPECT_EQ(again.code, 0);
  EXPECT_TRUE(holds(again.err, "at its end"));
  expect_equal("a", "b");
}

TEST_F(Resume, WhatTodaysGamesHaveGoesOnBitForBit) {
  const std::vector<std::string> keys{"game.augment=translation,cutout,brightness",
                                      "game.pack=2",
                                      "data.last_batch=drop",
                                      "data.flip=true",
                                      "discriminator.norm=spectral",
                                      "discriminator.minibatch_std=true",
                                      "generator.optimizer.schedule=cosine",
                                      "generator.optimizer.schedule_updates=10",
                                      "discriminator.optimizer.schedule=steps",
                                      "discriminator.optimizer.schedule_updates=3"};
  const auto arguments = [&](const std::string& name, const std::string& epochs) {
    std::vector<std::string> more{"--epochs", epochs};
    for (const std::string& key : keys) more.insert(more.end(), {"--set", key});
    return train(name, more);
  };
  ASSERT_EQ(run(arguments("whole", "3")).code, 0);
  const Result first = run(arguments("a", "1"));
  ASSERT_EQ(first.code, 0) << first.err;
  ASSERT_EQ(run({"resume", "a", "--epochs", "3", "--threads", "3"}).code, 0);
  expect_equal("a", "whole");
  const Result check = run({"check", "whole", "--batch", "5"});
  EXPECT_EQ(check.code, 0) << check.out << check.err;
}

TEST_F(Resume, MinutesPause) {
  const Result result = run(train("a", {"--minutes", "0.0001", "--epochs", "50"}));
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(state("a"), "paused");
}

// The second signal must come before the step of the first has ended: a race that a busy machine can lose, so there are
// several tries.
TEST_F(Resume, ASecondSignalEndsAtOnceWith130) {
  int code = 0;
  for (int attempt = 0; code != 130 && attempt < 20; ++attempt) {
    const std::string name = "a" + std::to_string(attempt);
    Child child(folder(), train(name, {"--set", "generator.width=64", "--set", "discriminator.width=64", "--set",
                                       "train.batch=200"}));  // a step takes long
    ASSERT_TRUE(child.wait_until([&] { return event_count(name) >= 1; }));
    child.send(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    child.send(SIGINT);
    code = child.wait().code;
    ASSERT_TRUE(code == 0 || code == 130) << code;
  }
  EXPECT_EQ(code, 130);
}

TEST_F(Resume, AKilledRunIsListedAsInterruptedAndGoesOn) {
  interrupted(train("a"), "a", 4, SIGKILL);
  EXPECT_EQ(run({"runs", "--json"}).json().at("runs")[0].at("state"), "interrupted");
  ASSERT_EQ(run({"resume", "a"}).code, 0);
  ASSERT_EQ(run(train("whole")).code, 0);
  expect_equal("a", "whole");
}

/// Kills at random moments, every other time while a checkpoint is being written, until the run is through. How long a
/// run takes here sets the pace, and there are rounds until enough kills have struck.
TEST_F(Resume, KilledAtRandomMomentsItEqualsTheRunThatNeverWasSlow) {
  using Clock = std::chrono::steady_clock;
  const std::vector<std::string> more = {"--quiet",
                                         "--epochs",
                                         "3",
                                         "--set",
                                         "checkpoint.every_steps=1",
                                         "--set",
                                         "generator.width=16",
                                         "--set",
                                         "discriminator.width=16",
                                         "--set",
                                         "game.ema_decay=0.9"};
  const auto begin = Clock::now();
  ASSERT_EQ(run(train("whole", more)).code, 0);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
  const auto writing = [&](const std::string& name) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(run_path(name) / "checkpoints", error)) {
      if (entry.path().extension() == ".partial") return true;
    }
    return false;
  };
  RandomSequence random(Random(11, "test.kill"), 0);
  int kills = 0;
  int while_writing = 0;
  for (int round = 0; round < 3 || (round < 30 && (kills < 12 || while_writing < 3)); ++round) {
    const std::string name = "killed" + std::to_string(round);
    bool through = false;
    for (int attempt = 0; attempt < 40 && !through; ++attempt) {
      const bool begun = fs::exists(run_path(name));
      Child child(folder(),
                  begun ? std::vector<std::string>{"resume", name, "--quiet", "--threads", "1"} : train(name, more));
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(static_cast<std::uint32_t>(whole.count()))));
      if (attempt % 2 == 1) child.wait_until([&] { return writing(name); });
      child.send(SIGKILL);
      const Result result = child.wait();
      ASSERT_TRUE(result.code == 0 || result.code == -SIGKILL) << result.code << ": " << result.err;
      through = result.code == 0;
      kills += through ? 0 : 1;
      while_writing += !through && writing(name) ? 1 : 0;
    }
    if (!through) {
      const bool begun = fs::exists(run_path(name));
      const Result last =
          run(begun ? std::vector<std::string>{"resume", name, "--quiet", "--threads", "1"} : train(name, more));
      ASSERT_EQ(last.code, 0) << last.err;
    }
    expect_equal(name, "whole");
  }
  EXPECT_GE(kills, 12);
  EXPECT_GE(while_writing, 3);
}

TEST_F(Resume, ASecondWriterIsRefused) {
  Child child(folder(), train("a", {"--epochs", "10000"}));
  ASSERT_TRUE(child.wait_until([&] { return event_count("a") >= 2; }));
  const Result second = run({"resume", "a", "--quiet"});
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(holds(second.err, "a"));
  EXPECT_EQ(run({"runs", "rm", "a"}).code, 2);
  EXPECT_EQ(run({"runs", "--json"}).json().at("runs")[0].at("state"), "running");
  child.send(SIGINT);
  EXPECT_EQ(child.wait().code, 0);
}

TEST_F(Resume, ADamagedCheckpointIsNamedAndTheOneBeforeUsed) {
  ASSERT_EQ(run(train("whole", {"--epochs", "3"})).code, 0);
  for (const char* damage : {"truncated", "flipped"}) {
    const std::string name = damage;
    ASSERT_EQ(run(train(name, {"--epochs", "2"})).code, 0);
    const fs::path last = run_path(name) / "checkpoints/step-0000000014.safetensors";
    if (name == "truncated") {
      fs::resize_file(last, fs::file_size(last) - 1000);
    } else {
      std::fstream file(last, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(fs::file_size(last) / 2));
      file.put('\x55').put('\xAA').put('\x33');
    }
    const Result result = run({"resume", name, "--epochs", "3"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(holds(result.err, "step-0000000014.safetensors"));
    EXPECT_TRUE(holds(result.err, "going on after step 7"));
    expect_equal(name, "whole");
  }
}

TEST_F(Resume, WithoutAnyWholeCheckpointItRefuses) {
  ASSERT_EQ(run(train("a")).code, 0);
  for (const auto& entry : fs::directory_iterator(run_path("a") / "checkpoints")) fs::resize_file(entry.path(), 10);
  const Result result = run({"resume", "a"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(holds(result.err, "step-0000000007.safetensors"));
  EXPECT_TRUE(holds(result.err, "step-0000000014.safetensors"));
}

TEST_F(Resume, AChangedRecipeIsShownAndRefusedUnlessTold) {
  ASSERT_EQ(run(train("a", {"--epochs", "1"})).code, 0);
  const std::vector<std::string> change = {"resume", "a",     "--epochs",
                                           "2",      "--set", "generator.optimizer.learning_rate=0.01"};
  const std::string events = read("runs/a/events.jsonl");
  const Result refused = run(change);
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "generator.optimizer.learning_rate: 0.0001 -> 0.01"));
  EXPECT_TRUE(holds(refused.err, "--accept-changes"));
  EXPECT_EQ(read("runs/a/events.jsonl"), events);

  std::vector<std::string> told = change;
  told.push_back("--accept-changes");
  const Result accepted = run(told);
  EXPECT_EQ(accepted.code, 0) << accepted.err;
  EXPECT_TRUE(holds(read("runs/a/recipe.toml"), "learning_rate = 0.01"));
}

// From whatever folder it is resumed next, as `train` does.
TEST_F(Resume, ARelativePathIsStoredAsTheAbsoluteOne) {
  ASSERT_EQ(run(train("a", {"--epochs", "1"})).code, 0);
  ASSERT_EQ(run({"sample", "a", "--n", "64", "-o", "mine.npz", "--quiet"}).code, 0);
  const Result result =
      run({"resume", "a", "--epochs", "2", "--set", "data.source=mine.npz", "--accept-changes", "--quiet"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(holds(read("runs/a/recipe.toml"), "source = \"" + at("mine.npz").string() + "\""));
}

TEST_F(Resume, ARecipeEditedByHandIsNoticed) {
  ASSERT_EQ(run(train("a", {"--epochs", "1"})).code, 0);
  std::string text = read("runs/a/recipe.toml");
  const std::size_t place = text.find("batch = 32");
  ASSERT_NE(place, std::string::npos);
  write("runs/a/recipe.toml", text.replace(place, 10, "batch = 40"));
  const Result refused = run({"resume", "a", "--epochs", "2"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds(refused.err, "train.batch: 32 -> 40"));
}

}  // namespace
}  // namespace ganymede::cli
