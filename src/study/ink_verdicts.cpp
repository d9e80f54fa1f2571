#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "measure/compare.hpp"
#include "study/ink_report.hpp"

namespace ganymede::study {
namespace {

using Measure = double (*)(const InkMeasures&);

constexpr const char* kConfirmed = "confirmed";
constexpr const char* kRefuted = "refuted";
constexpr const char* kCannotTell = "cannot tell";

double accuracy(const InkMeasures& m) {
  return m.accuracy.mean;
}
double nrmsd(const InkMeasures& m) {
  return m.nrmsd.mean;
}
double learnt(const InkMeasures& m) {
  return static_cast<double>(m.learnt);
}
double collapsed(const InkMeasures& m) {
  return static_cast<double>(m.collapsed);
}
double gradient_spread(const InkMeasures& m) {
  return m.discriminator_gradient_deviation;
}
double loss_spread(const InkMeasures& m) {
  return m.discriminator_loss_deviation + m.generator_loss_deviation;
}

struct Compared {
  measure::Comparison comparison;
  bool possible = false;
};

// The candidate arm against the baseline arm, higher counted as better.
Compared compare(const InkResults& results, const char* candidate, const char* baseline, Measure what) {
  const auto a = results.arm(candidate).values(what);
  const auto b = results.arm(baseline).values(what);
  if (a.size() < 2 || b.size() < 2) return {};
  return {measure::compare_over_seeds({.candidate = a, .baseline = b}, {.better = measure::Better::higher}), true};
}

std::string numbers(const Compared& c, const char* candidate, const char* baseline, const char* what) {
  if (!c.possible) return fmt::format("{}: fewer than two seeds of {} or {} finished", what, candidate, baseline);
  return fmt::format("{}: {} {:.4g}, {} {:.4g}, difference {:+.4g} [{:.4g}, {:.4g}], p = {:.3f}", what, candidate,
                     c.comparison.candidate_mean, baseline, c.comparison.baseline_mean, c.comparison.difference,
                     c.comparison.interval.low, c.comparison.interval.high, c.comparison.p_value);
}

// The claim says that the candidate's measure is the higher (or the lower) one.
const char* word(const Compared& c, bool higher) {
  using enum measure::Verdict;
  if (!c.possible || c.comparison.verdict == cannot_tell) return kCannotTell;
  return (c.comparison.verdict == better) == higher ? kConfirmed : kRefuted;
}

std::string failing_classes(const InkResults& results, const char* arm) {
  const InkArmResult& a = results.arm(arm);
  std::vector<std::string> names;
  for (std::size_t c = 0; c < results.class_names.size(); ++c) {
    const auto values = a.values([c](const InkMeasures& m) { return m.accuracy.by_class[c]; });
    if (!values.empty() && measure::mean_of(values) < InkProtocol{}.learnt) names.push_back(results.class_names[c]);
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

std::vector<Finding> judge_ink(const InkResults& results) {
  std::vector<Finding> findings;
  const auto add = [&](const char* claim, const char* candidate, Measure what, const char* name, bool higher,
                       const std::string& more = "") {
    const Compared c = compare(results, candidate, "gaussian", what);
    findings.push_back({claim, word(c, higher), numbers(c, candidate, "gaussian", name) + more});
  };
  add("Plain Gaussian sampling wins: its symbols are more often recognised than the partition's.", "partition",
      accuracy, "accuracy of the classifier", false);
  add("With the partition, samples of one class differ more (Table 2).", "partition", nrmsd, "NRMSD", true);
  add("With the partition, some classes are not learnt (the study: A, B, K, 5).", "partition", learnt, "classes learnt",
      false,
      fmt::format("; not learnt on average over the seeds: partition {}; gaussian {}",
                  failing_classes(results, "partition"), failing_classes(results, "gaussian")));
  add("With the partition, some classes collapse partially.", "partition", collapsed, "collapsed classes", true);
  add("The partition does not make learning more stable (spread of the gradient norm of D).", "partition",
      gradient_spread, "relative spread", true);
  add("The partition does not make learning more stable (spread of the losses).", "partition", loss_spread,
      "standard deviations of both losses", true);
  add("The centroid sampler is the most stable one (spread of the losses).", "centroid", loss_spread,
      "standard deviations of both losses", false);
  add("The centroid sampler has the least diversity.", "centroid", nrmsd, "NRMSD", false);
  return findings;
}

}  // namespace ganymede::study
