#include <gtest/gtest.h>

#include <fstream>

#include "base/fresh_folder.hpp"
#include "run/checkpoint.hpp"
#include "run/recipe_file.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"

namespace ganymede::run {
namespace {

using ganymede::testing::FreshFolder;

TEST(DiskUse, CountsByFolder) {
  const FreshFolder folder;
  for (const char* name : {"checkpoints", "snapshots", "samples", "maps"})
    std::filesystem::create_directory(folder / name);
  const auto write = [&](const char* name, int bytes) {
    std::ofstream(folder / name) << std::string(static_cast<std::size_t>(bytes), 'x');
  };
  write("checkpoints/a", 1000);
  write("checkpoints/b", 200);
  write("snapshots/a", 30);
  write("samples/a", 4);
  write("maps/a", 50000);
  write("run.json", 600000);
  const DiskUse use = disk_use(folder.path());
  EXPECT_EQ(use.checkpoints, 1200);
  EXPECT_EQ(use.snapshots, 30);
  EXPECT_EQ(use.samples, 4);
  EXPECT_EQ(use.other, 650000);
  EXPECT_EQ(use.total(), 651234);
}

TEST(ExpectedDiskUse, CountsSnapshotsByTheirCadence) {
  Recipe recipe = find_recipe("quick");
  const Networks networks = build_networks(recipe, {});
  const auto count = [&](std::int64_t epochs) { return expected_disk_use(recipe, networks, epochs).snapshot_count; };
  const auto by_hand = [&](std::int64_t epochs) {
    std::int64_t n = 1;
    for (std::int64_t epoch = 1; epoch <= epochs; ++epoch)
      n += wants_snapshot(recipe.snapshot, epoch) || epoch == epochs;
    return n;
  };
  for (const std::int64_t epochs : {1, 7, 99, 100, 101, 110, 111, 1000, 1234}) {
    recipe.snapshot = {};
    EXPECT_EQ(count(epochs), by_hand(epochs)) << epochs;
    recipe.snapshot = {.every = 7, .epochs = {1, 7, 105, 105, 5000}};
    EXPECT_EQ(count(epochs), by_hand(epochs)) << epochs;
  }
}

TEST(ExpectedDiskUse, ComesNearTheFilesThemselves) {
  const FreshFolder folder;
  Checkpoint checkpoint;
  checkpoint.recipe = find_recipe("digits-2d");
  checkpoint.recipe.game.ema_decay = 0.99;
  const Networks networks = build_networks(checkpoint.recipe, {});
  checkpoint.generator = networks.generator;
  checkpoint.discriminator = networks.discriminator;
  checkpoint.tensors = initial_parameters(networks, checkpoint.recipe);
  Snapshot snapshot{
      .recipe = checkpoint.recipe, .generator = networks.generator, .discriminator = networks.discriminator};
  // What the executor's state adds: two moments of each trainable parameter, the average of G.
  for (const net::Network* network : {&networks.generator, &networks.discriminator}) {
    for (const net::Parameter& parameter : net::parameters(*network)) {
      const std::string name = network->name + "." + parameter.name;
      if (parameter.trainable) {
        checkpoint.tensors.emplace("optimizer." + name + ".m", Tensor(DType::f32, parameter.shape));
        checkpoint.tensors.emplace("optimizer." + name + ".v", Tensor(DType::f32, parameter.shape));
      }
      if (network->name == "generator") checkpoint.tensors.emplace("ema." + name, Tensor(DType::f32, parameter.shape));
    }
  }
  snapshot.tensors = checkpoint.tensors;
  const auto size = [](const std::filesystem::path& path) {
    return static_cast<double>(std::filesystem::file_size(path));
  };
  const double stored = size(save_checkpoint(folder.path(), checkpoint));
  const double weights = size(save_snapshot(folder.path(), snapshot));
  EXPECT_NEAR(static_cast<double>(checkpoint_bytes(checkpoint.recipe, networks.generator, networks.discriminator)),
              stored, 0.01 * stored);
  EXPECT_NEAR(static_cast<double>(snapshot_bytes(checkpoint.recipe, networks.generator, networks.discriminator)),
              weights, 0.01 * weights);
}

TEST(ExpectedDiskUse, BearsAbsurdLengths) {
  const Recipe recipe = find_recipe("quick");
  const ExpectedDiskUse use = expected_disk_use(recipe, build_networks(recipe, {}), 1'000'000'000'000'000);
  EXPECT_EQ(use.peak, std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace ganymede::run
