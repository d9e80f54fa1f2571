#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "measure/resample.hpp"
#include "study/unrolled_report.hpp"

namespace ganymede::study {
namespace {

constexpr int kMany = 10;  // the number of updates whose gain is judged

const UnrolledScore& score_of(const UnrolledExperiment& one, const std::string& prefix) {
  return *std::ranges::find(one.scores, prefix, &UnrolledScore::prefix);
}

Arm arm_of(const UnrolledExperimentResult& one, int unroll, const std::string& prefix) {
  const UnrolledArmResult* found = one.arm(unroll);
  if (found == nullptr) return {.name = fmt::format("K = {}", unroll), .values = {}};
  return {found->title, found->values(prefix), found->runs.size()};
}

Test compare_unrolls(const UnrolledExperimentResult& one, int candidate, int baseline, const std::string& prefix,
                     bool higher) {
  const UnrolledScore& score = score_of(*one.plan, prefix);
  return contrast(score.title, arm_of(one, candidate, prefix), arm_of(one, baseline, prefix), higher,
                  score.most > 0 ? Scale::counted : Scale::measured);
}

// Every K's mean with its interval, to be read beside a comparison of two of them.
std::string every_arm(const UnrolledExperimentResult& one, const std::string& prefix) {
  const UnrolledScore& score = score_of(*one.plan, prefix);
  std::vector<std::string> texts;
  for (const UnrolledArmResult& arm : one.arms) {
    const std::vector<double> values = arm.values(prefix);
    if (values.empty()) continue;
    const auto number = [&](double v) { return fmt::format(fmt::runtime(score.form), score.unit * v); };
    std::string text = fmt::format("{} {}", arm.title, number(measure::mean_of(values)));
    if (values.size() > 1) {
      measure::Interval interval = measure::mean_interval(values);
      const double most = score.unit == 100 ? 1 : score.most;
      interval.low = std::max(interval.low, 0.0);  // none of the scores is ever below
      if (most > 0) interval.high = std::min(interval.high, most);
      text += fmt::format(" [{}, {}]", number(interval.low), number(interval.high));
    }
    texts.push_back(text);
  }
  return fmt::format("{}, mean and 95 % interval over the seeds: {}", score.title, fmt::join(texts, ", "));
}

Finding judged(const UnrolledExperimentResult& one, std::string claim, std::vector<Test> tests,
               const std::string& prefix) {
  return {.claim = std::move(claim),
          .verdict = {},
          .evidence = {},
          .tests = std::move(tests),
          .note = every_arm(one, prefix)};
}

int most_unrolled(const UnrolledExperimentResult& one) {
  return one.arms.back().unroll;
}

void judge_ring(const UnrolledExperimentResult& one, std::vector<Finding>& findings) {
  findings.push_back(judged(one, "Ring: ten unrolled updates cover more modes than none (published: 1 and 7.6 of 8).",
                            {compare_unrolls(one, kMany, 0, "mixture_modes", true)}, "mixture_modes"));
  findings.push_back(judged(one, "Ring: ten unrolled updates cover more modes than one.",
                            {compare_unrolls(one, kMany, 1, "mixture_modes", true)}, "mixture_modes"));
  findings.push_back(
      judged(one, "Ring: what unrolling wins in modes it pays with precision (published: 99.3 and 35.6 % near a mode).",
             {compare_unrolls(one, kMany, 0, "high_quality", false)}, "high_quality"));
}

void judge_grid(const UnrolledExperimentResult& one, std::vector<Finding>& findings) {
  findings.push_back(judged(one,
                            "Grid: ten unrolled updates cover more modes than none (published: 3.3 and 23.6 of 25).",
                            {compare_unrolls(one, kMany, 0, "mixture_modes", true)}, "mixture_modes"));
  findings.push_back(judged(one, "Grid: more samples lie near a mode with them (published: 0.5 and 16 %).",
                            {compare_unrolls(one, kMany, 0, "high_quality", true)}, "high_quality"));
}

void judge_other_grid(const UnrolledExperimentResult& one, std::vector<Finding>& findings) {
  findings.push_back(judged(one, "Grid by another game: ten unrolled updates cover more modes there too.",
                            {compare_unrolls(one, kMany, 0, "mixture_modes", true)}, "mixture_modes"));
}

void judge_stacked(const UnrolledExperimentResult& one, std::vector<Finding>& findings) {
  const bool half = one.plan->name == "stacked-half";
  const int many = one.arm(kMany) != nullptr ? kMany : most_unrolled(one);
  findings.push_back(judged(
      one,
      fmt::format("Stacked digits, D {}: unrolled updates cover more modes than none (published: {} of 1,000 with 10).",
                  half ? "half of G" : "a quarter of G", half ? "628.0 and 817.4" : "30.6 and 327.2"),
      {compare_unrolls(one, many, 0, "modes", true)}, "modes"));
  findings.push_back(
      judged(one,
             fmt::format("Stacked digits, D {}: the KL is lower with them (published: {}).",
                         half ? "half of G" : "a quarter of G", half ? "2.58 and 1.43" : "5.99 and 4.66"),
             {compare_unrolls(one, many, 0, "reverse_kl", false)}, "reverse_kl"));
}

void judge_lstm(const UnrolledExperimentResult& one, std::vector<Finding>& findings) {
  const int most = most_unrolled(one);
  findings.push_back(
      judged(one, "The recurrent generator of digits meets more classes with unrolling (published as a picture alone).",
             {compare_unrolls(one, most, 0, "modes", true)}, "modes"));
  findings.push_back(judged(one, "It meets them more evenly: the shares of the classes are nearer to the data's.",
                            {compare_unrolls(one, most, 0, "class_js", false)}, "class_js"));
  findings.push_back(judged(one,
                            "Its samples are more diverse with unrolling: more of the real digits lie within them.",
                            {compare_unrolls(one, most, 0, "recall", true)}, "recall"));
}

}  // namespace

Judgement judge_unrolled(const UnrolledResults& results) {
  Judgement judgement;
  for (const UnrolledExperimentResult& one : results.experiments) {
    if (one.plan->name == "ring") judge_ring(one, judgement.findings);
    if (one.plan->name == "grid") judge_grid(one, judgement.findings);
    if (one.plan->name == "other-grid") judge_other_grid(one, judgement.findings);
    if (one.plan->name.starts_with("stacked")) judge_stacked(one, judgement.findings);
    if (one.plan->name == "lstm") judge_lstm(one, judgement.findings);
  }
  judgement.tests = settle(judgement.findings);
  return judgement;
}

}  // namespace ganymede::study
