#include "run/snapshot.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "run/checkpoint.hpp"
#include "run/fault_of.hpp"
#include "run/networks.hpp"
#include "run/tensor_file.hpp"
#include "run/write_plainly.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::FreshFolder;

Tensor one_value(float value) {
  return Tensor::of<float>({1}, std::vector{value});
}

Snapshot snapshot_of(std::uint64_t epoch) {
  Snapshot snapshot;
  snapshot.recipe.name = "r";
  snapshot.recipe.train.epochs = 3;
  const Networks networks = build_networks(snapshot.recipe, {});
  snapshot.generator = networks.generator;
  snapshot.discriminator = networks.discriminator;
  snapshot.epoch = epoch;
  snapshot.step = 10 * epoch;
  snapshot.images = 640 * epoch;
  snapshot.tensors = {{"generator.a.weight", one_value(1)},
                      {"generator.b.running_mean", one_value(2)},
                      {"discriminator.c.weight", one_value(3)}};
  return snapshot;
}

std::string fault_of_find(const std::filesystem::path& folder, std::uint64_t epoch) {
  return fault_of([&] { find_snapshot(folder, epoch); });
}

TEST(Snapshot, HoldsTheWeightsAloneAndReadsBackEqual) {
  const FreshFolder folder;
  Snapshot snapshot = snapshot_of(7);
  const NamedTensors weights = snapshot.tensors;
  snapshot.tensors.emplace("optimizer.generator.a.weight.m", one_value(9));
  snapshot.tensors.emplace("optimizer.generator.step", one_value(9));
  const auto path = save_snapshot(folder.path(), snapshot);
  EXPECT_EQ(path.filename(), "epoch-00007.safetensors");
  const Snapshot loaded = load_snapshot(path);
  EXPECT_EQ(loaded.tensors, weights);
  EXPECT_EQ(loaded.recipe, snapshot.recipe);
  EXPECT_EQ(loaded.generator, snapshot.generator);
  EXPECT_EQ(loaded.discriminator, snapshot.discriminator);
  EXPECT_EQ(loaded.epoch, 7u);
  EXPECT_EQ(loaded.step, 70u);
  EXPECT_EQ(loaded.images, 4480u);
}

TEST(Snapshot, KeepsTheNamesOfTheClasses) {
  const FreshFolder folder;
  Snapshot snapshot = snapshot_of(1);
  EXPECT_TRUE(load_snapshot(save_snapshot(folder.path(), snapshot)).class_names.empty());
  snapshot.class_names = {"ant", "10", "Bäh \"\\,"};
  EXPECT_EQ(load_snapshot(save_snapshot(folder.path(), snapshot)).class_names, snapshot.class_names);
}

TEST(Snapshot, ClassNamesOfAnotherFormAreNamedAndOfAnOlderFileEmpty) {
  EXPECT_TRUE(class_names_from({}, "f").empty());
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[1]"), std::string("[\"a\""),
                                  std::string("7"), std::string("[null]"), deep}) {
    EXPECT_EQ(fault_of([&] {
                class_names_from({{"class_names", text}}, "f");
              }),
              "f: \"class_names\" has the wrong form: wanted a list of texts")
        << text.substr(0, 20);
  }
}

TEST(Snapshot, GivesTheMovingAverageWhereThereIsOne) {
  Snapshot snapshot = snapshot_of(1);
  EXPECT_EQ(generator_weights(snapshot),
            (NamedTensors{{"generator.a.weight", one_value(1)}, {"generator.b.running_mean", one_value(2)}}));
  snapshot.tensors.emplace("ema.generator.a.weight", one_value(5));
  EXPECT_EQ(generator_weights(snapshot).at("generator.a.weight"), one_value(5));
  EXPECT_EQ(generator_weights(snapshot, false).at("generator.a.weight"), one_value(1));
}

TEST(Snapshot, IsFoundByEpoch) {
  const FreshFolder folder;
  EXPECT_EQ(fault_of_find(folder.path(), 1), folder.path().string() + ": there is no snapshot yet");
  for (const std::uint64_t epoch : {0, 5, 10, 100000}) save_snapshot(folder.path(), snapshot_of(epoch));
  EXPECT_EQ(list_snapshots(folder.path()).size(), 4u);
  EXPECT_EQ(latest_snapshot(folder.path()).epoch, 100000u);
  EXPECT_EQ(load_snapshot(find_snapshot(folder.path(), 5).path).epoch, 5u);
  EXPECT_EQ(fault_of_find(folder.path(), 7),
            folder.path().string() + ": there is no snapshot of epoch 7; the nearest are of 5 and 10");
  EXPECT_EQ(fault_of_find(folder.path(), 100001),
            folder.path().string() + ": there is no snapshot of epoch 100001; the nearest are of 100000");
}

TEST(Snapshot, RefusesDamageAndOtherFiles) {
  const FreshFolder folder;
  const auto path = save_snapshot(folder.path(), snapshot_of(1));
  std::string bytes = read_file(path);
  bytes.back() ^= 1;
  write_plainly(path, bytes);
  EXPECT_THROW(load_snapshot(path), DataError);
  Checkpoint checkpoint;
  checkpoint.recipe = snapshot_of(1).recipe;
  const auto other = save_checkpoint(folder.path(), checkpoint);
  try {
    load_snapshot(other);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(error.what(), other.string() + ": wanted schema ganymede.snapshot/1, found ganymede.checkpoint/1");
  }
}

}  // namespace
}  // namespace ganymede::run
