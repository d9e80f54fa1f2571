#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "study/kept_point.hpp"
#include "study/unrolled_tables.hpp"
#include "train/run_set.hpp"

namespace ganymede::study {

// S-THEORY T6: unrolled GANs (Metz, Poole, Pfau, Sohl-Dickstein 2017) beside plain ones, K unrolled updates of D each.

/// One number K of unrolled updates, trained with several seeds.
struct UnrolledArm {
  int unroll = 0;
  std::string name;   ///< "ring-k10"
  std::string title;  ///< "K = 10"
  std::vector<train::PlannedRun> runs;
};

/// A score as tables and verdicts show it.
struct UnrolledScore {
  std::string prefix;     ///< how its name begins: "mixture_modes"
  std::string title;      ///< "modes of 8"
  std::string form;       ///< of fmt, for one value times `unit`
  double unit = 1;        ///< 100: shares, as percent
  double most = 0;        ///< counts: of so many; 0: it is no count
  bool followed = false;  ///< shown over time too
};

/// One game on one data set, with several K.
struct UnrolledExperiment {
  std::string name;  ///< "ring"
  std::string title;
  std::string about;  ///< its networks and how they are trained, in a sentence
  bool points = true;
  std::vector<std::string> measures;  ///< as evaluate::resolve_measures takes them
  std::int64_t count = 0;             ///< samples a side
  std::vector<UnrolledScore> scores;
  std::vector<std::int64_t> epochs;  ///< at which every run is measured; ascending, the last one is its end
  std::vector<PublishedUnrolled> published;
  std::vector<UnrolledArm> arms;  ///< ascending K
};

struct UnrolledPlan {
  bool quick = false;
  std::string settings;  ///< how the quick version differs
  std::vector<UnrolledExperiment> experiments;

  std::vector<train::PlannedRun> all_runs() const;
  std::int64_t points() const;  ///< to be measured, over all runs
};

struct UnrolledChoices {
  bool quick = false;
  int seeds = 0;            ///< 0: each experiment's own
  std::int64_t epochs = 0;  ///< 0: each experiment's own
  std::string source{};     ///< digits that the recurrent generator learns; empty: MNIST
};
UnrolledPlan plan_unrolled(const UnrolledChoices& choices);

struct UnrolledRunResult {
  std::string run;
  bool failed = false;
  double seconds = 0, seconds_per_step = 0;
  std::vector<ScoredPoint> points;
};
struct UnrolledArmResult {
  int unroll = 0;
  std::string name, title;
  std::vector<UnrolledRunResult> runs;
  /// A score over the seeds at the last epoch (or at `epoch`).
  std::vector<double> values(const std::string& prefix, std::int64_t epoch = 0) const;
  /// Of a training step, over the seeds.
  std::vector<double> milliseconds() const;
};
struct UnrolledExperimentResult {
  const UnrolledExperiment* plan = nullptr;
  std::string data;                  ///< name of the reference
  std::int64_t steps_per_epoch = 0;  ///< of training
  std::vector<UnrolledArmResult> arms;
  /// That of K = `unroll`, or null.
  const UnrolledArmResult* arm(int unroll) const;
};
struct UnrolledResults {
  UnrolledPlan plan;
  std::vector<UnrolledExperimentResult> experiments;  ///< as the plan has them
  double seconds = 0;                                 ///< of training
  /// " Failed (stopped by a guard): ring, K = 1 1 of 3 seeds."; empty if none did.
  std::string failed_text() const;
};

/// Whether the data can be measured as the plan wants, before anything is trained. @throws DataError.
void check_measurable(const UnrolledPlan& plan, const train::SessionOptions& session);
/// Where a run keeps what was measured of it at an epoch.
std::filesystem::path unrolled_point_path(const std::filesystem::path& run_folder, std::int64_t epoch);
/// Points that no earlier call has measured.
std::int64_t missing_points(const UnrolledPlan& plan, const std::filesystem::path& root);

/// Measures every run at every epoch of the plan; what an earlier call measured is read again. `plan` must outlive the
/// results. `on_progress` is told before each point.
UnrolledResults measure_unrolled(const UnrolledPlan& plan, const std::filesystem::path& root,
                                 const train::SessionOptions& session,
                                 const std::function<void(double done, const std::string& what)>& on_progress);

}  // namespace ganymede::study
