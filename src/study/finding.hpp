#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "measure/compare.hpp"

namespace ganymede::study {

inline constexpr const char* kConfirmed = "confirmed";
inline constexpr const char* kRefuted = "refuted";
inline constexpr const char* kCannotTell = "cannot tell";

/// The level of a study's verdicts, all its tests together.
inline constexpr double kAlpha = 0.05;

/// One measure of one arm over the seeds that gave it.
struct Arm {
  std::string name;
  std::vector<double> values;  ///< of the seeds that did not fail
  std::size_t seeds = 0;       ///< trained, those that failed too
};

/// The seeds of an arm that a guard stopped.
struct FailedSeeds {
  std::string arm;
  std::size_t failed = 0;
  std::size_t seeds = 0;  ///< trained
};
/// " Failed (stopped by a guard), and without values here: relu 1 of 3 seeds." for captions; "" where none failed.
std::string failed_text(const std::vector<FailedSeeds>& arms);

/// A test that a verdict rests on.
struct Test {
  std::string text;       ///< what was compared, with the numbers and intervals
  double p = 1;           ///< two-sided; NaN: not possible
  bool supports = false;  ///< what was found lies on the claim's side
  std::string more;       ///< further p-values and reservations, said after p
  bool possible() const;
  /// kConfirmed, kRefuted or kCannotTell, by p as it was corrected.
  const char* word(double corrected) const;
};

/// One finding of a study and what our runs say of it.
struct Finding {
  std::string claim;
  std::string verdict;   ///< kConfirmed, kRefuted or kCannotTell; of tests: by `settle`
  std::string evidence;  ///< the numbers, in one line
  std::vector<Test> tests{};
  std::string note{};  ///< evidence beside the tests
  /// Why no test can answer the claim, whatever they say; empty: they can.
  std::string cannot{};
  /// The evidence point by point, where tests gave it; by `settle`.
  std::vector<std::string> points{};
};

/// All findings of a study, settled.
struct Judgement {
  std::vector<Finding> findings;
  std::size_t tests = 0;  ///< corrected together
};

/// Corrects the tests of all findings of one study together (Holm 1979) and writes verdicts and evidence: refuted where
/// one test speaks against the claim, confirmed where all speak for it; where neither, the evidence begins with why.
/// Findings without tests stay as they are. Returns the number of tests.
std::size_t settle(std::vector<Finding>& findings);
/// What a page says of it.
std::string correction_text(std::size_t tests);

/// What a value counts: few whole numbers have no normal law, however few the seeds; they are permuted.
enum class Scale { measured, counted };
/// That the candidate's value is the higher (or the lower) one: Welch's t-test over the seeds, beside it the exact
/// permutation test, which decides for counts. Not possible with fewer than two seeds on a side.
Test contrast(const std::string& measure, const Arm& candidate, const Arm& baseline, bool higher,
              Scale scale = Scale::measured);
/// That an arm's mean lies above (or below) a fixed value: Student's t-test over the seeds; where they do not spread,
/// the signs. `form`: of the numbers, "{:.1f} %"; values are multiplied by `unit` to be shown. Of unit 100 they are
/// shares: the interval that is shown ends at 0 and 100 %.
Test against(const Arm& arm, double value, bool above, const char* form = "{:.4g}", double unit = 1);
/// That something happens oftener than by chance: the exact binomial test of `hits` in `trials`, the same for both
/// sides, with the exact interval of the share.
Test against_chance(const std::string& what, std::int64_t hits, std::int64_t trials, double chance);

/// The word for several claims at once: refuted if one is, confirmed if all are, else cannot tell.
const char* all_of(const std::vector<const char*>& words);

/// "3 seeds", "2 of 3 seeds".
std::string seeds_text(const Arm& arm);

/// What pairs of seeds say of each seed, f(a, b) of all a < b in order: pseudo-values of the jackknife of a mean over
/// pairs (Arvesen 1969), k m - (k - 1) m without the seed, one a seed. Pairs share seeds, so they are no sample. Empty
/// for fewer than three seeds. @throws Error unless there are k (k - 1) / 2 pairs.
std::vector<double> seeds_of_pairs(std::span<const double> pairs);

/// "0.1234 ± 0.0021" over seeds; one value alone without a spread; none, or one that is not finite, as "-".
/// `form`: of fmt, "{:.4f}".
std::string mean_and_spread(const std::vector<double>& values, const char* form = "{:.4f}");

}  // namespace ganymede::study
