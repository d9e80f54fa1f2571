#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluate/reference.hpp"
#include "explore/weights.hpp"
#include "measure/judge_curve.hpp"
#include "measure/score.hpp"
#include "picture/image.hpp"

namespace ganymede::evaluate {

/// A measure of a run, as --measures names it; some give several scores.
struct Measure {
  const char* name;
  const char* sentence;
  bool quick;  ///< seconds rather than minutes
};
/// Those of measure::list_feature_measures, then inception, modes, class_accuracy, msd, path_length, discriminator,
/// neighbours, weak, strong.
std::span<const Measure> list_measures();
/// A name that the field has for measures of list_measures.
struct MeasureAlias {
  const char* name;  ///< "prdc"
  std::vector<std::string> measures;
};
/// fid, kid, is, prdc, ppl ...
std::span<const MeasureAlias> list_aliases();
/// The same list with our names in place of the field's, whatever their case, '-' for '_'.
std::vector<std::string> own_names(const std::vector<std::string>& wanted);
/// A sentence on the aliases among them: what they are called here; none where there are none.
std::vector<std::string> words_on_aliases(const std::vector<std::string>& wanted);
/// Names from a list that may hold "quick" (also for an empty list), "all", names and aliases; in the order of
/// list_measures, each once. @throws ConfigError for another name, with the nearest.
std::vector<std::string> resolve_measures(const std::vector<std::string>& wanted);

struct EvaluateOptions {
  std::int64_t count = 10000;           ///< samples of each side, fewer where fewer reals are held out
  std::int64_t stacked_count = 25600;   ///< fakes, and as many reals, of the measure stacked
  std::vector<std::string> measures{};  ///< as resolve_measures takes them
  int threads = 0;
  std::uint64_t seed = 1;                                        ///< of splits, subsets, bootstraps
  std::vector<data::SearchPlace> places{};                       ///< for strong, which wants more of a made set
  std::function<void(const std::string& measure)> on_measure{};  ///< before each
  /// Callback of the fit of a judge, and its number of steps.
  std::function<fit::OnProgress(const std::string& what, std::int64_t steps)> on_fit{};
  /// Given the features that the scores between two sets are made of: `count` of each side or more, and that count.
  std::function<void(const Classified& real, const Classified& fake, std::int64_t count)> on_features{};
  /// Asked between pieces of work, about once a second or oftener; true ends all of it with an Error.
  std::function<bool()> stop{};
};
/// @throws Error if options.stop says so.
void end_if_stopped(const EvaluateOptions& options);
/// A source that does so before each draw; `options` must outlive it.
SampleSource watched(SampleSource source, const EvaluateOptions& options);

struct RunScores {
  std::vector<measure::Score> scores;
  std::vector<measure::JudgeCurve> curves{};  ///< of weak and strong
  std::vector<std::string> notes;             ///< what was left out and why, what else must be known
  std::optional<picture::Image> neighbours;
};

/// All that evaluate_run asks of weights, data and options, without its work. @throws as it does.
void check_evaluable(const explore::Weights& weights, const Reference& reference, const EvaluateOptions& options);

/// Scores of a run's weights against the held-out samples of its data; pictures at 8-bit levels on both sides. Fakes
/// are the samples named kScoreSeed ...; of a conditional generator fake i has the class of real i, so that both sides
/// hold as many of each. The floor is between two halves of the reals. Needs memory for features of all samples, but
/// for 1,024 pictures only (real or generated: for all, as bytes).
/// @throws ConfigError for a count below 100 or an unknown measure; DataError if too few reals are held out, or
/// the generator draws samples unlike them; Error if it was stopped.
RunScores evaluate_run(const explore::Weights& weights, const std::filesystem::path& run_folder, Reference& reference,
                       const EvaluateOptions& options);

/// Scores between two sets of classified samples: the feature measures and inception of `measures`.
std::vector<measure::Score> compare_sets(const Classified& real, const Classified& fake, std::int64_t count,
                                         const std::string& name, const EvaluateOptions& options,
                                         const std::vector<std::string>& measures);

}  // namespace ganymede::evaluate
