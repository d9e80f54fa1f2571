#include <fmt/format.h>
#include <fmt/ranges.h>

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

}  // namespace

std::vector<Finding> judge_ink(const InkResults& results) {
  std::vector<Finding> findings;
  const auto add = [&](const char* claim, const char* candidate, Measure what, const char* name, bool higher,
                       const std::string& more = "") {
    const Contrast c = contrast(name, candidate, results.arm(candidate).values(what), "gaussian",
                                results.arm("gaussian").values(what));
    findings.push_back({claim, c.word(higher), c.text() + more});
  };
  add("Plain Gaussian sampling wins: its symbols are more often recognised than the partition's.", "partition",
      accuracy, "accuracy of the classifier", false);
  add("With the partition, samples of one class differ more (Table 2).", "partition", nrmsd, "NRMSD", true);
  add("With the partition, some classes are not learnt (the study: A, B, K, 5).", "partition", learnt, "classes learnt",
      false,
      fmt::format("; not learnt on average over the seeds: partition {}; gaussian {}",
                  failing_classes(results, "partition"), failing_classes(results, "gaussian")));
  add("With the partition, some classes collapse partially.", "partition", collapsed, "collapsed classes", true,
      fmt::format("; collapsed on average over the seeds: partition {}; gaussian {}",
                  collapsed_classes(results, "partition"), collapsed_classes(results, "gaussian")));
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
