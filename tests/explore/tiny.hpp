#pragma once

#include <algorithm>
#include <filesystem>
#include <string>

#include "base/fresh_folder.hpp"
#include "base/philox.hpp"
#include "data/files/idx.hpp"
#include "engine/executor.hpp"
#include "run/run_directory.hpp"
#include "train/session.hpp"

namespace ganymede::explore::testing {

namespace fs = std::filesystem;

/// Images [N, 1, 8, 8] of three classes, image i of class i mod 3: noise with a bright row whose place is the class.
inline data::Dataset bars(std::int64_t count, std::uint64_t seed) {
  data::Dataset d;
  d.images = Tensor(DType::u8, {count, 1, 8, 8});
  const auto pixels = d.images.values<std::uint8_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    RandomSequence random(Random(seed, "bars"), static_cast<std::uint32_t>(i));
    const auto label = static_cast<std::int32_t>(i % 3);
    for (std::int64_t p = 0; p < 64; ++p) {
      pixels[static_cast<std::size_t>(64 * i + p)] =
          static_cast<std::uint8_t>(random.below(120) + (p / 8 == 1 + 2 * label ? 120 : 0));
    }
    d.labels.push_back(label);
  }
  return d;
}

/// A folder of IDX files under MNIST's names, 300 + 240 bars.
inline void write_bars(const fs::path& folder) {
  fs::create_directories(folder);
  const auto write = [&](const std::string& split, const data::Dataset& d) {
    data::write_idx(folder / (split + "-images-idx3-ubyte"), d.images.reshaped({d.size(), 8, 8}));
    Tensor labels(DType::u8, {d.size()});
    std::ranges::copy(d.labels, labels.values<std::uint8_t>().begin());
    data::write_idx(folder / (split + "-labels-idx1-ubyte"), labels);
  };
  write("train", bars(300, 1));
  write("t10k", bars(240, 2));
}

/// Bars, a recipe that trains on them in a moment, and runs of it.
struct TinyRuns {
  ganymede::testing::FreshFolder root;
  run::Recipe recipe;
  train::SessionOptions session;

  explicit TinyRuns(bool conditional = false) {
    write_bars(root / "bars");
    recipe.name = "tiny";
    recipe.data.source = (root / "bars").string();
    recipe.latent.dim = 2;
    recipe.generator.width = 4;
    recipe.discriminator.width = 4;
    if (conditional) recipe.generator.condition = recipe.discriminator.condition = "embedding";
    recipe.train.batch = 64;
    recipe.train.epochs = 1;
    recipe.train.sample_grid = 16;
    session.backend = &engine::cpu_backend();
    session.threads = 1;
    session.progress = ProgressStyle::quiet;
  }

  /// Runs from now on are of points in the plane: so many of a set that is drawn.
  void train_on_points(const std::string& source, std::int64_t count) {
    recipe = {};
    recipe.name = "points";
    recipe.data.source = source;
    recipe.data.builtin_count = count;
    recipe.latent.dim = 2;
    for (run::Recipe::Player* player : {&recipe.generator, &recipe.discriminator}) {
      player->family = "mlp";
      player->norm = "none";
      player->widths = {8};
    }
    recipe.train.batch = 64;
  }
  run::RunDirectory train(const std::string& name) const {
    auto setup = train::prepare(recipe, session);
    auto directory = run::RunDirectory::create(root / "runs", name, setup.recipe, {});
    train::train(setup, directory, {}, session);
    return directory;
  }
  /// Goes on with a run to the end of the recipe as it is now.
  run::RunDirectory resume(const std::string& name) const {
    auto setup = train::prepare(recipe, session);
    auto directory = run::RunDirectory::open(root / "runs" / name);
    directory.lock();
    directory.write_recipe(recipe);
    train::train(setup, directory, train::starting_point(directory, session), session);
    return directory;
  }
};

}  // namespace ganymede::explore::testing
