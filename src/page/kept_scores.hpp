#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "measure/judge_curve.hpp"
#include "measure/score.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page {

/// A score with the weights that it is of.
struct KeptScore {
  measure::Score score;
  std::uint64_t epoch = 0;
  std::uint64_t step = 0;
};

/// Writes RUN/measures/<name>.json, or with `epoch` <name>.epoch-00007.json: the score's own fields (ganymede.score/1),
/// "epoch" and "step". Each file is replaced in one step. Returns the folder.
std::filesystem::path keep_scores(const run::RunDirectory& run, const std::vector<measure::Score>& scores,
                                  std::uint64_t epoch, std::uint64_t step, bool of_an_epoch);

/// Scores that a run's folder holds, by name: those of its newest weights, or of an epoch that was asked for. Files
/// that hold no score (pictures, a study's own) are passed over; scores of older weights than `step` are left out.
/// @throws DataError for a damaged score, naming the file.
std::vector<KeptScore> kept_scores(const run::RunDirectory& run, std::optional<std::uint64_t> epoch = {});

/// All of them, whatever weights they are of, by step and name.
std::vector<KeptScore> all_kept_scores(const run::RunDirectory& run);

/// Writes RUN/measures/<name>.curve.json, or with `of_an_epoch` <name>.curve.epoch-00007.json: the curve's own fields
/// (ganymede.curve/1), "epoch" and "step" of the run's weights. Each file is replaced in one step.
void keep_curves(const run::RunDirectory& run, const std::vector<measure::JudgeCurve>& curves, std::uint64_t epoch,
                 std::uint64_t step, bool of_an_epoch);

struct KeptCurves {
  std::vector<measure::JudgeCurve> curves;  ///< by name
  std::vector<std::string> damaged;         ///< what is wrong with files that cannot be read, a line each
};

/// Curves that a run's folder holds: those of its newest weights, or of an epoch that was asked for.
KeptCurves kept_curves(const run::RunDirectory& run, std::optional<std::uint64_t> epoch = {});

}  // namespace ganymede::page
