#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "study/ink_report.hpp"

namespace ganymede::study {
namespace {

using Measure = double (*)(const InkMeasures&);

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
double distance(const InkMeasures& m) {
  return m.distance.mean;
}
double loss_spread(const InkMeasures& m) {
  return m.discriminator_loss_deviation + m.generator_loss_deviation;
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

std::string collapsed_classes(const InkResults& results, const char* arm) {
  const InkArmResult& a = results.arm(arm);
  std::vector<std::string> names;
  for (const measure::PairDifference& real : results.real_pairs.classes) {
    const auto c = static_cast<std::size_t>(real.label);
    const auto values = a.values([c](const InkMeasures& m) { return m.msd.by_class[c]; });
    if (!values.empty() && measure::mean_of(values) < InkProtocol{}.collapsed * real.msd)
      names.push_back(results.class_names[c]);
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " "));
}

Arm arm_of(const InkResults& results, const std::string& name, Measure what) {
  const InkArmResult& arm = results.arm(name);
  return {name, arm.values(what), arm.runs.size()};
}

// "The centroid sampler is the least ...": against every other sampler.
Finding judge_centroid(const InkResults& results, const char* claim, Measure what, const char* name) {
  Finding finding{.claim = claim, .verdict = {}, .evidence = {}};
  for (const char* other : {"gaussian", "rejection", "partition"})
    finding.tests.push_back(contrast(name, arm_of(results, "centroid", what), arm_of(results, other, what), false));
  return finding;
}

// What is said of every class is counted: refuted by a class that fails with every seed, confirmed if none fails with
// any, with two seeds or more.
Finding judge_all_classes(const InkResults& results) {
  const InkArmResult& arm = results.arm("gaussian");
  Finding finding{.claim = "Without a partition all symbols are recognisable and varied (the study: Y, 4).",
                  .verdict = kCannotTell,
                  .evidence = {}};
  std::vector<std::string> always, sometimes;
  const auto finished = std::ranges::count_if(arm.runs, [](const InkRunResult& run) { return !run.failed; });
  for (const measure::PairDifference& real : results.real_pairs.classes) {
    const auto c = static_cast<std::size_t>(real.label);
    std::int64_t failures = 0;
    for (const InkRunResult& run : arm.runs) {
      if (run.failed) continue;
      failures += run.measures.accuracy.by_class[c] < InkProtocol{}.learnt ||
                          run.measures.msd.by_class[c] < InkProtocol{}.collapsed * real.msd
                      ? 1
                      : 0;
    }
    if (failures > 0) (failures == finished ? always : sometimes).push_back(results.class_names[c]);
  }
  finding.evidence = fmt::format(
      "counted, not tested, over {}: a class holds if at least {:.0f} % of its symbols are recognised and its MSD is "
      "at least {} of the real one. With every seed these fail: {}; with some: {}",
      seeds_text(arm_of(results, "gaussian", accuracy)), 100 * InkProtocol{}.learnt, InkProtocol{}.collapsed,
      always.empty() ? "none" : fmt::format("{}", fmt::join(always, " ")),
      sometimes.empty() ? "none" : fmt::format("{}", fmt::join(sometimes, " ")));
  if (finished < 2) return finding;
  if (!always.empty()) finding.verdict = kRefuted;
  if (always.empty() && sometimes.empty()) finding.verdict = kConfirmed;
  return finding;
}

// I9, over the seeds: pairs of models share seeds, so each seed's part is taken out of them.
Finding judge_sharing(const InkResults& results) {
  Finding finding{.claim =
                      "Models that share a partition agree: the same z gives the same symbol, and walks change it at "
                      "the same places, oftener than with partitions of their own (I9).",
                  .verdict = {},
                  .evidence = {}};
  const auto side = [&](const std::vector<Agreement>& all, const char* name, double Agreement::*what) {
    std::vector<double> pairs;
    for (const Agreement& one : all) pairs.push_back(one.*what);
    return Arm{name, seeds_of_pairs(pairs), static_cast<std::size_t>(results.plan.seeds)};
  };
  const auto test = [&](const char* name, double Agreement::*what, bool higher) {
    finding.tests.push_back(contrast(name, side(results.shared, "one partition", what),
                                     side(results.own, "a partition each", what), higher));
  };
  test("share of z that give the same symbol", &Agreement::symbols, true);
  test("the same along walks", &Agreement::walks, true);
  test("distance of the changes on walks", &Agreement::crossings, false);
  if (std::min(results.shared.size(), results.own.size()) < 3) {  // pairs: those of three seeds
    finding.tests.clear();
    finding.cannot = "at least three seeds that did not fail are needed";
    return finding;
  }
  finding.note = "values of a seed are the jackknife's over pairs, so they may leave [0, 1]";
  return finding;
}

}  // namespace

Judgement judge_ink(const InkResults& results) {
  Judgement judgement;
  std::vector<Finding>& findings = judgement.findings;
  const auto add = [&](const char* claim, Measure what, const char* name, bool higher, Scale scale = Scale::measured,
                       const std::string& note = "") {
    findings.push_back({.claim = claim,
                        .verdict = {},
                        .evidence = {},
                        .tests = {contrast(name, arm_of(results, "partition", what), arm_of(results, "gaussian", what),
                                           higher, scale)},
                        .note = note});
  };
  add("Plain Gaussian sampling wins: its symbols are more often recognised than the partition's.", accuracy,
      "accuracy of the classifier", false);
  add("With the partition, samples of one class differ more (Table 2).", nrmsd, "NRMSD", true);
  add("With the partition, some classes are not learnt (the study: A, B, K, 5).", learnt, "classes learnt", false,
      Scale::counted,
      fmt::format("not learnt on average over the seeds: partition {}; gaussian {}",
                  failing_classes(results, "partition"), failing_classes(results, "gaussian")));
  add("With the partition, some classes collapse partially.", collapsed, "collapsed classes", true, Scale::counted,
      fmt::format("collapsed on average over the seeds: partition {}; gaussian {}",
                  collapsed_classes(results, "partition"), collapsed_classes(results, "gaussian")));
  add("With the partition, classes are drawn without the true density of the real data.", distance,
      "mean distance of the classes to real symbols", true);
  findings.push_back(judge_all_classes(results));
  add("The partition does not make learning more stable (spread of the gradient norm of D).", gradient_spread,
      "relative spread", true);
  add("The partition does not make learning more stable (spread of the losses).", loss_spread,
      "standard deviations of both losses", true);
  findings.push_back(judge_centroid(results, "The centroid sampler is the most stable of all (spread of the losses).",
                                    loss_spread, "standard deviations of both losses"));
  findings.push_back(judge_centroid(
      results, "The same by the spread of the gradient norm of D: the smallest of all with the centroid sampler.",
      gradient_spread, "relative spread"));
  findings.push_back(judge_centroid(results, "The centroid sampler has the least diversity of all.", nrmsd, "NRMSD"));
  findings.push_back(judge_sharing(results));
  judgement.tests = settle(findings);
  return judgement;
}

}  // namespace ganymede::study
