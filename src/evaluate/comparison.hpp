#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measure/compare.hpp"

namespace ganymede::evaluate {

/// Runs of one side: of one recipe, differing in their seed alone, unless somebody named them together.
struct RunGroup {
  std::string name;  ///< "a-s1, a-s2"
  std::vector<std::filesystem::path> runs;
  std::string difference;  ///< keys in which the recipe differs from that of the baseline, "  key: a -> b" lines
};
/// Groups in order of their first run: recipes count as one if nothing but name, description and train.seed differs.
/// @throws DataError for a path that is no run.
std::vector<RunGroup> group_runs(const std::vector<std::filesystem::path>& runs);
/// Baseline and candidates as they were named. Where the runs of a side are of several recipes, `difference` says so
/// instead of listing keys. @throws DataError for a path that is no run.
std::vector<RunGroup> named_groups(const std::vector<std::filesystem::path>& baseline,
                                   const std::vector<std::filesystem::path>& candidates);

/// One score of two groups.
struct ScoreComparison {
  std::string name;
  measure::Better better = measure::Better::lower;
  std::vector<double> candidate;  ///< a value for each run that has the score
  std::vector<double> baseline;
  measure::Comparison result;
  /// The score does not compare between runs (each run's own D is another judge): the values stand there, without test
  /// and verdict.
  bool comparable = true;
};
/// Every score that runs of both sides hold, by name (so by one protocol), of their newest weights; measure's test
/// over the runs. Values beyond what equal laws give (density above 1, a val_loss above log 2) count as that. @throws
/// DataError naming all runs without scores, or if both sides have no score in common.
std::vector<ScoreComparison> compare_groups(const RunGroup& candidate, const RunGroup& baseline);

/// The comparisons as a table: score, mean of both, difference with interval, p with its test, verdict. `names`: by the
/// names that fix the protocols rather than in words.
std::string to_table(const std::vector<ScoreComparison>& comparisons, bool names = false);

}  // namespace ganymede::evaluate
