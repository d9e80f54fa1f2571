#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "study/ink_agreement.hpp"
#include "study/ink_measures.hpp"
#include "train/run_set.hpp"

namespace ganymede::study {

/// One way of drawing z, trained with several seeds.
struct InkArm {
  std::string name;   ///< "gaussian", "centroid", "rejection", "partition", "own-partition"
  std::string title;  ///< for a person
  std::vector<train::PlannedRun> runs;
};

/// S-INK as an experiment: the four samplers of I5, the partition one on a shared partition, and that one again with a
/// partition of its own for every seed (I9).
struct InkPlan {
  std::string data;  ///< "unipen", "builtin" or a file
  bool quick = false;
  std::vector<InkArm> arms;
  std::int64_t steps = 0;
  int seeds = 0;
  std::vector<train::PlannedRun> all_runs() const;
};

struct InkChoices {
  std::string source = "builtin";  ///< or "unipen", or a path as data.source takes it
  bool quick = false;
  int seeds = 0;           ///< 0: 3, quick 2
  std::int64_t steps = 0;  ///< 0: 30,000, quick 6,000
};
/// @throws ConfigError for data that are no ink.
InkPlan plan_ink(const InkChoices& choices);

/// Both losses at a step, as events.jsonl has them; NaN: none.
struct InkLosses {
  double step = 0, discriminator = 0, generator = 0;
};
/// A run and what it gave; without measures where a guard stopped it.
struct InkRunResult {
  std::string run;
  bool failed = false;
  InkMeasures measures;
  std::vector<InkLosses> losses{};  ///< while it was trained
};
struct InkArmResult {
  std::string name, title;
  std::vector<InkRunResult> runs;
  /// One measure over the seeds that did not fail.
  std::vector<double> values(const std::function<double(const InkMeasures&)>& what) const;
};
struct InkResults {
  InkPlan plan;
  std::vector<InkArmResult> arms;
  std::vector<std::string> class_names;
  measure::PairDifferences real_pairs;
  std::vector<double>
      real_distances;              ///< of each class, between held-out writers and others: what chance and hands give
  double classifier_accuracy = 0;  ///< on held-out writers
  bool one_split = false;          ///< no writers are held out
  std::int64_t real_symbols = 0, held_out = 0;
  std::string classifier_data;
  std::vector<Agreement> shared, own;  ///< of every two seeds
  double seconds = 0;                  ///< of training, all runs
  std::int64_t parameters = 0;         ///< of G

  const InkArmResult& arm(const std::string& name) const;
  /// " Failed (stopped by a guard): partition 1 of 3 seeds."; empty if none did.
  std::string failed_text() const;
};

/// Measures every run of the plan under `root` (folders named as in the plan). `on_progress` gets the number measured.
InkResults measure_plan(const InkPlan& plan, const std::filesystem::path& root, const train::SessionOptions& session,
                        const std::function<void(std::size_t done, const std::string& what)>& on_progress,
                        const InkProtocol& protocol = {});

}  // namespace ganymede::study
