#pragma once

#include <span>
#include <string>
#include <vector>

#include "evaluate/model_scores.hpp"

namespace ganymede::evaluate {

/// What a measure of one model works with, and where it puts what it found.
struct MeasureTask {
  const ScoreContext& context;
  std::span<const std::int32_t> classes;  ///< of the fakes; empty: the generator takes none
  const Classified& fake;                 ///< what the classifier says of them, where a measure of the run wants it
  RunScores& result;
};

/// What a measure says something of.
enum class Measured {
  pictures,  ///< pictures and ink
  points,
  all
};

/// A measure of one model, beside those between two sets of features (measure::list_feature_measures).
struct OwnMeasure {
  Measure facts;
  bool features = true;     ///< the classifier of the data is asked
  bool classified = false;  ///< `fake` of the task must be there
  Measured of = Measured::pictures;
  const char* protocol = nullptr;  ///< of a judge that is trained: "nk_weak_v1"
  /// Why it says nothing of this model, apart from a missing classifier; "": it does. Null: always "".
  std::string (*obstacle)(const ScoreContext& context) = nullptr;
  /// Null: found with the measures between two sets.
  void (*run)(const MeasureTask& task) = nullptr;
};

/// All of them, in the order of lists, which is the order in which they are run.
std::span<const OwnMeasure> own_measures();

/// Why a measure says nothing of this model; "": it does.
std::string obstacle_of(const OwnMeasure& measure, const ScoreContext& context);

}  // namespace ganymede::evaluate
