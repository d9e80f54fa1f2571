#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/run_set.hpp"

namespace ganymede::study {

// S-THEORY T1, T2, T5 and S-LATENT's L7 (figure 3.15) and L8 (curves): the lecture as one page, whose numbers are
// computed and whose games are trained.

/// One way to play a game, with several seeds.
struct TheoryArm {
  std::string name;   ///< "updates-k1"
  std::string title;  ///< "k = 1"
  std::vector<train::PlannedRun> runs;
};

/// A recipe that fails on purpose, beside itself with the one key that cures it.
struct FailurePair {
  std::string recipe;  ///< "fail-collapse"
  std::string title;   ///< "Collapse"
  std::string cure;    ///< "game.unroll=5"
  TheoryArm failing, cured;
};

/// Rates times batches, each with several seeds.
struct RateSweep {
  std::vector<double> rates;
  std::vector<int> batches;
  std::vector<TheoryArm> cells;  ///< rate by rate, a batch after the other
  const TheoryArm& cell(std::size_t rate, std::size_t batch) const { return cells[rate * batches.size() + batch]; }
};

struct TheoryPlan {
  bool quick = false;
  std::string source;  ///< of the digits whose classifier is led astray
  std::string settings;
  std::vector<TheoryArm> updates;  ///< D to convergence, then k = 1, 2, 5
  std::vector<FailurePair> failures;
  RateSweep sweep;

  std::vector<train::PlannedRun> all_runs() const;
};

struct TheoryChoices {
  bool quick = false;
  int seeds = 0;            ///< 0: each game's own
  std::int64_t epochs = 0;  ///< 0: each game's own
  std::string source{};     ///< empty: built-in digits
};
TheoryPlan plan_theory(const TheoryChoices& choices);

/// What a run told after an epoch, as its events have it.
struct CurveEpoch {
  std::int64_t epoch = 0, step = 0;
  std::int64_t d_updates = 0;  ///< so far; a step of both players at once counts as one of each
  double modes = 0, high_quality = 0;
  double generator_loss = 0, discriminator_loss = 0, real_accuracy = 0, fake_accuracy = 0, generator_gradient = 0;
  /// Updates of both players so far: the work.
  double work() const { return static_cast<double>(step + d_updates); }
};
struct RunCurve {
  std::string run;
  bool failed = false;  ///< a guard stopped it
  std::vector<CurveEpoch> epochs;
};
/// Of points from a known mixture. @throws DataError for events that are not there.
RunCurve read_curve(const std::filesystem::path& run_folder);
std::vector<RunCurve> read_curves(const std::filesystem::path& root, const TheoryArm& arm);

}  // namespace ganymede::study
