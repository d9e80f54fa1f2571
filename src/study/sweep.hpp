#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "measure/score.hpp"
#include "run/recipe.hpp"
#include "study/studies.hpp"

namespace ganymede::study {

inline constexpr const char* kSweepSchema = "ganymede.sweep/1";

/// A key of the recipe and the values that it takes in turn, as TOML text or words.
struct SweepAxis {
  std::string key;
  std::vector<std::string> values;
};
/// "train.batch=64,128,256". Where a value holds commas itself, values are parted by ';'. @throws ConfigError for
/// anything else: no key, no value, one that is there twice.
SweepAxis sweep_axis(const std::string& text);

/// One setting of all keys, over its seeds.
struct SweepArm {
  std::string name;                 ///< "batch=64_loss=hinge"
  std::vector<std::size_t> values;  ///< by axis: which of its values
  std::vector<train::PlannedRun> runs;
};

struct SweepPlan {
  std::string recipe;  ///< its name
  std::vector<SweepAxis> axes;
  std::vector<SweepArm> arms;  ///< all combinations, the last axis fastest
  std::string measure;         ///< of evaluate::list_measures, which decides
  std::int64_t count = 2000;   ///< samples of it
};
/// Every combination of the values, each with `seeds` seeds from the recipe's on. `measure` "": mixture of points from
/// a mixture, density_js of other points, else frechet. @throws ConfigError where a key or a value, or a
/// combination, is not legal, and for more than 10,000 runs
SweepPlan plan_sweep(const run::Recipe& recipe, const std::vector<SweepAxis>& axes, int seeds,
                     const std::string& measure);

/// What was found of one arm: a value a seed, NaN of those that a guard stopped.
struct SweepArmResult {
  std::vector<double> values;
  double seconds = 0;  ///< of training, all seeds together
};
struct SweepResults {
  SweepPlan plan;
  std::string score;  ///< full name of the score that decides: "frechet2k_mnist_v1"
  measure::Better better = measure::Better::lower;
  std::vector<SweepArmResult> arms;
};

/// The arms with a value, the best mean first.
std::vector<std::size_t> by_rank(const SweepResults& results);
/// Is the best better than the next, and is a value of a key better than the others, over all the rest?
Judgement judge_sweep(const SweepResults& results);
/// results.json, schema "ganymede.sweep/1".
std::string sweep_json(const SweepResults& results, const Judgement& judgement);

/// The whole, as the command line carries it out.
std::unique_ptr<Study> make_sweep(SweepPlan plan);

}  // namespace ganymede::study
