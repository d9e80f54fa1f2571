#include "study/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ganymede::study {

const char* Contrast::word(bool higher) const {
  using enum measure::Verdict;
  if (!possible || comparison.verdict == cannot_tell) return kCannotTell;
  return (comparison.verdict == better) == higher ? kConfirmed : kRefuted;
}

std::string Contrast::text() const {
  if (!possible) return fmt::format("{}: fewer than two seeds of {} or {} finished", measure, candidate, baseline);
  return fmt::format("{}: {} {:.4g}, {} {:.4g}, difference {:+.4g} [{:.4g}, {:.4g}], {}", measure, candidate,
                     comparison.candidate_mean, baseline, comparison.baseline_mean, comparison.difference,
                     comparison.interval.low, comparison.interval.high,
                     comparison.p_value < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", comparison.p_value));
}

Contrast contrast(const std::string& measure, const std::string& candidate, std::span<const double> candidate_values,
                  const std::string& baseline, std::span<const double> baseline_values) {
  Contrast result{.measure = measure, .candidate = candidate, .baseline = baseline, .comparison = {}};
  if (candidate_values.size() < 2 || baseline_values.size() < 2) return result;
  result.possible = true;
  result.comparison = measure::compare_over_seeds({.candidate = candidate_values, .baseline = baseline_values},
                                                  {.better = measure::Better::higher});
  return result;
}

const char* all_of(const std::vector<const char*>& words) {
  const auto is = [](const char* wanted) {
    return [wanted](const char* word) { return std::string_view(word) == wanted; };
  };
  if (std::any_of(words.begin(), words.end(), is(kRefuted))) return kRefuted;
  return !words.empty() && std::all_of(words.begin(), words.end(), is(kConfirmed)) ? kConfirmed : kCannotTell;
}

std::string mean_and_spread(const std::vector<double>& values, const char* form) {
  if (values.empty()) return "-";
  const auto text = [&](double v) { return fmt::format(fmt::runtime(form), v); };
  if (values.size() < 2) return text(measure::mean_of(values));
  return text(measure::mean_of(values)) + " ± " + text(measure::deviation_of(values, 1));
}

}  // namespace ganymede::study
