#include <fmt/format.h>

#include <cmath>
#include <map>

#include "study/directions/directions_report.hpp"

namespace ganymede::study {
namespace {

double right_of_plane(const DirectionsRun& run) {
  return run.mean([](const AttributeFound& one) { return one.separated.balanced; });
}
double own_change(const DirectionsRun& run) {
  return run.mean([](const AttributeFound& one) { return one.moved; }, true);
}
double explained_by_z(const DirectionsRun& run) {
  return run.mean([](const AttributeFound& one) { return one.explained; });
}
double covariance_by_sigma(const DirectionsRun& run) {
  return run.covariance_told;
}
double side_effects_by_sigma(const DirectionsRun& run) {
  return run.side_effects_told;
}
double kept_still(const DirectionsRun& run) {
  return run.pairs.other_before - run.pairs.other_after;
}
double changed_still(const DirectionsRun& run) {
  return run.pairs.own_after;
}

// Of all models: what holds of one number of dimensions alone is no claim about latent spaces.
Arm over_models(const DirectionsResults& results, const std::string& name,
                const std::function<double(const DirectionsRun&)>& of) {
  Arm all{.name = name, .values = {}, .seeds = 0};
  for (const DirectionsArmResult& arm : results.arms) {
    const Arm one = arm.arm(of);
    all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    all.seeds += one.seeds;
  }
  return all;
}

// Whether the models are disentangled, in how many runs.
std::string verdicts_of(const DirectionsResults& results) {
  std::map<std::string, int> words;
  for (const DirectionsArmResult& arm : results.arms) {
    for (const DirectionsRun& run : arm.runs) {
      if (!run.failed) ++words[run.verdict];
    }
  }
  std::string text;
  for (const auto& [word, count] : words) text += fmt::format("{}{} in {} runs", text.empty() ? "" : ", ", word, count);
  return text;
}

Finding of_dimensions(const DirectionsResults& results) {
  const DirectionsArmResult& few = results.arms.front();
  const DirectionsArmResult& many = results.arms.back();
  const auto compare = [&](const char* measure, const std::function<double(const DirectionsRun&)>& of, bool higher) {
    return contrast(measure, many.arm(of), few.arm(of), higher);
  };
  return {
      .claim = fmt::format("Ours, not the lecture's: {} hold attributes apart better than {}.", many.plan->title,
                           few.plan->title),
      .verdict = {},
      .evidence = {},
      .tests = {
          compare(
              "share of Sigma_s off its diagonal", [](const DirectionsRun& run) { return run.off_diagonal; }, false),
          compare(
              "largest cosine of two normals", [](const DirectionsRun& run) { return std::fabs(run.cosine); }, false)}};
}

}  // namespace

const std::vector<std::string>& directions_claims() {
  static const std::vector<std::string> all = {
      "A hyperplane n'z = 0 separates an attribute.", "Moving along its normal n changes the attribute.",
      "Scores are s = Lambda N'z, and their covariance is Sigma_s = Lambda N'N Lambda.",
      "Attributes change apart where Sigma_s is diagonal, and together as far as it is not.",
      "A projected direction changes one attribute and keeps another."};
  return all;
}

const std::vector<ClaimNumber>& claim_numbers() {
  static const std::vector<ClaimNumber> all = {
      {0, "right of n'z = 0", "fresh samples on the right side of n'z = 0, both kinds alike", 0.5, "{:.1f} %", 100,
       right_of_plane},
      {1, "own change", "change of a told attribute one step along its normal, in its deviations", 0, "{:.2f}", 1,
       own_change},
      {2, "R^2", "R^2 of s = Lambda N'z on samples held out", kMostOfIt, "{:.2f}", 1, explained_by_z},
      {2, "covariances told", "what Sigma_s tells of the measured covariances off the diagonal", kMostOfIt, "{:.2f}", 1,
       covariance_by_sigma},
      {3, "side effects told", "what Sigma_s tells of how far the others move along a normal", kMostOfIt, "{:.2f}", 1,
       side_effects_by_sigma},
      {4, "other moves less by", "how much less the other moves once its part is taken away, in deviations", 0,
       "{:.2f}", 1, kept_still},
      {4, "target still changes", "what the target still changes, in deviations", 0, "{:.2f}", 1, changed_still}};
  return all;
}

Judgement judge_directions(const DirectionsResults& results) {
  Judgement judgement;
  for (std::size_t c = 0; c < directions_claims().size(); ++c) {
    Finding finding{.claim = directions_claims()[c], .verdict = {}, .evidence = {}};
    for (const ClaimNumber& number : claim_numbers()) {
      if (number.claim != c) continue;
      const std::string name = fmt::format("{}; wanted above {}", number.name,
                                           fmt::format(fmt::runtime(number.form), number.unit * number.wanted));
      finding.tests.push_back(
          against(over_models(results, name, number.of), number.wanted, true, number.form, number.unit));
    }
    if (c == 3) finding.note = fmt::format("is the model disentangled: {}", verdicts_of(results));
    judgement.findings.push_back(std::move(finding));
  }
  judgement.findings.push_back(of_dimensions(results));
  judgement.tests = settle(judgement.findings);
  return judgement;
}

}  // namespace ganymede::study
