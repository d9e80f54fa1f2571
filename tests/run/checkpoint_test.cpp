#include "run/checkpoint.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <chrono>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "base/philox.hpp"
#include "run/events.hpp"
#include "run/fault_of.hpp"
#include "run/networks.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::ChildProcess;
using ganymede::testing::FreshFolder;

/// A state that follows from its step alone.
Checkpoint state_at(std::uint64_t step, std::int64_t values = 50) {
  Checkpoint checkpoint;
  checkpoint.recipe.name = "r";
  checkpoint.recipe.train.epochs = 3;
  checkpoint.recipe.generator.width = checkpoint.recipe.discriminator.width = 2;
  const Networks networks = build_networks(checkpoint.recipe, {});
  checkpoint.generator = networks.generator;
  checkpoint.discriminator = networks.discriminator;
  checkpoint.plan = "f32 avx2";
  checkpoint.step = step;
  checkpoint.ticks = 2 * step;
  checkpoint.epoch = step / 4;
  checkpoint.batch_in_epoch = step % 4;
  checkpoint.images = 64 * step;
  checkpoint.events_bytes = 16 * step;
  checkpoint.loop_state = "{\"mean\": 0.5}";
  checkpoint.seconds = 0.1 * static_cast<double>(step);
  Tensor weight(DType::f32, {values});
  Random(step, "weight").normal(0, weight.values<float>());
  checkpoint.tensors.emplace("generator.conv1.weight", weight);
  checkpoint.tensors.emplace("optimizer.generator.step",
                             Tensor::of<std::int64_t>({1}, std::vector{static_cast<std::int64_t>(step)}));
  return checkpoint;
}

void expect_equal(const Checkpoint& a, const Checkpoint& b) {
  EXPECT_EQ(a.tensors, b.tensors);
  EXPECT_EQ(a.recipe, b.recipe);
  EXPECT_EQ(a.generator, b.generator);
  EXPECT_EQ(a.discriminator, b.discriminator);
  EXPECT_EQ(
      std::tie(a.plan, a.step, a.ticks, a.epoch, a.batch_in_epoch, a.images, a.events_bytes, a.loop_state, a.seconds),
      std::tie(b.plan, b.step, b.ticks, b.epoch, b.batch_in_epoch, b.images, b.events_bytes, b.loop_state, b.seconds));
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& path : list_checkpoints(folder)) names.push_back(path.filename().string());
  return names;
}

TEST(Checkpoint, ReadsBackEqual) {
  const FreshFolder folder;
  const auto path = save_checkpoint(folder.path(), state_at(7));
  EXPECT_EQ(path.filename(), "step-0000000007.safetensors");
  expect_equal(load_checkpoint(path), state_at(7));
  const LoadedCheckpoint latest = load_latest_checkpoint(folder.path());
  EXPECT_EQ(latest.path, path);
  EXPECT_TRUE(latest.warnings.empty());
  expect_equal(latest.checkpoint, state_at(7));
}

TEST(Checkpoint, KeepsTheLastTwoAndThoseAsked) {
  const FreshFolder folder;
  for (std::uint64_t step = 1; step <= 14; ++step) {
    Checkpoint checkpoint = state_at(step);  // epochs end at steps 4, 8, 12
    checkpoint.recipe.checkpoint.keep_every = 2;
    save_checkpoint(folder.path(), checkpoint);
  }
  EXPECT_EQ(names_in(folder.path()),
            (std::vector<std::string>{"step-0000000008.safetensors", "step-0000000013.safetensors",
                                      "step-0000000014.safetensors"}));
}

TEST(Checkpoint, ReplacesOneOfTheSameStep) {
  const FreshFolder folder;
  save_checkpoint(folder.path(), state_at(1));
  save_checkpoint(folder.path(), state_at(2));
  Checkpoint again = state_at(2);
  again.ticks = 99;
  save_checkpoint(folder.path(), again);
  EXPECT_EQ(names_in(folder.path()).size(), 2u);
  EXPECT_EQ(load_latest_checkpoint(folder.path()).checkpoint.ticks, 99u);
}

TEST(Checkpoint, DetectsTruncationAtAnyLength) {
  const FreshFolder folder;
  const auto path = save_checkpoint(folder.path(), state_at(1));
  const std::string whole = read_file(path);
  RandomSequence random(Random(1, "cut"), 0);
  for (std::size_t i = 0; i < 400; ++i) {
    const std::size_t length = i < 64    ? i
                               : i < 128 ? whole.size() - (i - 63)
                                         : random.below(static_cast<std::uint32_t>(whole.size()));
    write_plainly(path, whole.substr(0, length));
    EXPECT_THROW(load_checkpoint(path), DataError) << length;
  }
  write_plainly(path, whole + "x");
  EXPECT_THROW(load_checkpoint(path), DataError);
}

TEST(Checkpoint, DetectsAnyFlippedBit) {
  const FreshFolder folder;
  const Checkpoint state = state_at(1);
  const auto path = save_checkpoint(folder.path(), state);
  const std::string whole = read_file(path);
  RandomSequence random(Random(2, "flip"), 0);
  int harmless = 0;
  for (std::size_t i = 0; i < 600; ++i) {
    std::string bytes = whole;
    const std::size_t at = i < 8     ? i
                           : i < 208 ? whole.size() - (i - 7)
                                     : random.below(static_cast<std::uint32_t>(whole.size()));
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
    write_plainly(path, bytes);
    try {
      expect_equal(load_checkpoint(path), state);  // such as a blank at the end of the header
      ++harmless;
    } catch (const DataError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(path.string())) << error.what();
    }
  }
  EXPECT_LE(harmless, 3);
}

TEST(LoadLatestCheckpoint, PassesOverADamagedOneAndSaysSo) {
  const FreshFolder folder;
  save_checkpoint(folder.path(), state_at(1));
  const auto newest = save_checkpoint(folder.path(), state_at(2));
  std::string bytes = read_file(newest);
  bytes[bytes.size() - 5] ^= 1;
  write_plainly(newest, bytes);
  const LoadedCheckpoint loaded = load_latest_checkpoint(folder.path());
  expect_equal(loaded.checkpoint, state_at(1));
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_TRUE(loaded.warnings[0].starts_with(newest.string() + ": damaged: its checksum is ")) << loaded.warnings[0];
}

TEST(LoadLatestCheckpoint, IgnoresWhatAKilledWriterLeft) {
  const FreshFolder folder;
  save_checkpoint(folder.path(), state_at(1));
  write_plainly(folder / "step-0000000002.safetensors.123-0.partial", "half");
  EXPECT_EQ(load_latest_checkpoint(folder.path()).checkpoint.step, 1u);
}

TEST(LoadLatestCheckpoint, SaysWhyThereIsNone) {
  const FreshFolder folder;
  const auto fault = [&] { return fault_of([&] { load_latest_checkpoint(folder.path()); }); };
  EXPECT_EQ(fault(),
            folder.path().string() + ": there is no checkpoint: the run ended before its first one; start it anew");
  const auto path = folder / "step-0000000003.safetensors";
  write_plainly(path, "");
  EXPECT_EQ(fault(), folder.path().string() + ": none of its checkpoints is whole:\n  " + path.string() +
                         ": not a valid safetensors file: wanted at least 8 bytes, found 0");
}

TEST(SaveCheckpoint, RemovesDamagedOnesOfLaterSteps) {
  const FreshFolder folder;
  save_checkpoint(folder.path(), state_at(4));
  write_plainly(folder / "step-0000000009.safetensors", "damaged");
  save_checkpoint(folder.path(), state_at(6));
  EXPECT_EQ(names_in(folder.path()),
            (std::vector<std::string>{"step-0000000004.safetensors", "step-0000000006.safetensors"}));
}

TEST(SaveCheckpoint, LeavesTheLastGoodOneWhenTheDiskIsFull) {
  const FreshFolder folder;
  save_checkpoint(folder.path(), state_at(1));
  save_checkpoint(folder.path(), state_at(2));
  ChildProcess child([&] {
    ::signal(SIGXFSZ, SIG_IGN);  // then a write beyond the limit fails as on a full disk
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      save_checkpoint(folder.path(), state_at(3, 100'000));
    } catch (const GuardError& error) {
      return std::string(error.what()).find("make room") != std::string::npos ? 42 : 1;
    }
    return 0;
  });
  EXPECT_EQ(child.wait(), 42);
  EXPECT_EQ(names_in(folder.path()),
            (std::vector<std::string>{"step-0000000001.safetensors", "step-0000000002.safetensors"}));
  expect_equal(load_latest_checkpoint(folder.path()).checkpoint, state_at(2));
}

// A real process writes events and checkpoints without a pause and is killed at random moments, again and again in one
// folder, each life going on where the last checkpoint stands.
TEST(SaveCheckpoint, SurvivesKillsAtAnyMoment) {
  const FreshFolder folder;
  const std::int64_t values = 20'000;
  RandomSequence random(Random(9, "kill"), 0);
  save_checkpoint(folder.path(), [&] {
    Checkpoint first = state_at(0, values);
    first.events_bytes = 0;
    return first;
  }());
  // A life of up to three times what loading and saving take here dies anywhere in its first two checkpoints or so.
  const auto start = std::chrono::steady_clock::now();
  save_checkpoint(folder.path(), load_latest_checkpoint(folder.path()).checkpoint);
  const std::chrono::duration<double, std::micro> unit = std::chrono::steady_clock::now() - start;
  int interrupted = 0;
  std::uint64_t last = 0;
  for (int life = 0; life < 60; ++life) {
    ChildProcess child([&] {
      const Checkpoint from = load_latest_checkpoint(folder.path()).checkpoint;
      EventWriter events(folder / "events.jsonl", from.events_bytes);
      for (std::uint64_t step = from.step + 1;; ++step) {
        events.write(Event("step").set("step", step));
        Checkpoint checkpoint = state_at(step, values);
        checkpoint.events_bytes = events.bytes();
        save_checkpoint(folder.path(), checkpoint);
      }
      return 0;
    });
    ::usleep(static_cast<useconds_t>(random.uniform(0, 3) * unit.count()));
    child.kill();
    interrupted += remove_stale_temporaries(folder.path());
    const LoadedCheckpoint loaded = load_latest_checkpoint(folder.path());
    EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings[0];
    Checkpoint wanted = state_at(loaded.checkpoint.step, values);
    wanted.events_bytes = loaded.checkpoint.events_bytes;
    expect_equal(loaded.checkpoint, wanted);
    EXPECT_GE(loaded.checkpoint.step, last) << "a state that was written is never lost";
    last = loaded.checkpoint.step;
    { const EventWriter cut(folder / "events.jsonl", loaded.checkpoint.events_bytes); }
    const auto lines = read_event_lines(folder / "events.jsonl");
    ASSERT_EQ(lines.size(), last);
    if (last > 0) {
      EXPECT_EQ(lines.back(), Event("step").set("step", last).line());
    }
  }
  EXPECT_GT(last, 5u);
  save_checkpoint(folder.path(), state_at(last + 1));
  EXPECT_EQ(names_in(folder.path()).size(), 2u) << "what a kill kept from being removed goes with the next";
  EXPECT_GT(interrupted, 0) << "no kill met a writer at work: the test proved nothing";
}

}  // namespace
}  // namespace ganymede::run
