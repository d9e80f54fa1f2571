#pragma once

#include <span>
#include <string>
#include <vector>

#include "measure/compare.hpp"

namespace ganymede::study {

inline constexpr const char* kConfirmed = "confirmed";
inline constexpr const char* kRefuted = "refuted";
inline constexpr const char* kCannotTell = "cannot tell";

/// One finding of a study and what our runs say of it.
struct Finding {
  std::string claim;
  std::string verdict;   ///< kConfirmed, kRefuted or kCannotTell
  std::string evidence;  ///< the numbers
};

/// One measure of two arms over their seeds.
struct Contrast {
  std::string measure, candidate, baseline;  ///< for a person
  measure::Comparison comparison;
  bool possible = false;  ///< two seeds or more on both sides

  /// The word for the claim that the candidate's value is the higher (or the lower) one.
  const char* word(bool higher) const;
  /// "NRMSD: partition 0.21, gaussian 0.17, difference +0.04 [0.01, 0.07], p = 0.012".
  std::string text() const;
};
Contrast contrast(const std::string& measure, const std::string& candidate, std::span<const double> candidate_values,
                  const std::string& baseline, std::span<const double> baseline_values);

/// The word for several claims at once: refuted if one is, confirmed if all are, else cannot tell.
const char* all_of(const std::vector<const char*>& words);

/// "0.1234 ± 0.0021" over seeds; one value alone without a spread, none as "-". `form`: of fmt, "{:.4f}".
std::string mean_and_spread(const std::vector<double>& values, const char* form = "{:.4f}");

}  // namespace ganymede::study
