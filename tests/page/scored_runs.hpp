#pragma once

#include <string>

#include "base/fresh_folder.hpp"
#include "measure/score.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page::testing {

inline measure::Score score(const std::string& name, double value) {
  return {.name = name, .value = value, .low = value - 1, .high = value + 1, .count_fake = 5, .protocol = "p"};
}

/// Runs that hold scores, without training.
struct ScoredRuns {
  /// A run that has got to `step`, with a recipe of that seed and batch.
  run::RunDirectory make(const std::string& name, std::uint64_t seed, int batch, std::uint64_t step = 7) const {
    run::Recipe recipe;
    recipe.name = "r";
    recipe.train.seed = seed;
    recipe.train.batch = batch;
    recipe.train.epochs = 1;
    run::RunInfo info;
    info.step = step;
    auto directory = run::RunDirectory::create(root, name, recipe, info);
    directory.write_info(info);
    return directory;
  }
  ganymede::testing::FreshFolder root;
};

}  // namespace ganymede::page::testing
