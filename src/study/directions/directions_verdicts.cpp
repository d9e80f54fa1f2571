#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "study/directions/directions_report.hpp"

namespace ganymede::study {
namespace {

double balanced_of(const AttributeFound& one) {
  return one.separated.balanced;
}
double with_offset_of(const AttributeFound& one) {
  return one.separated.with_offset;
}
double explained_of(const AttributeFound& one) {
  return one.explained;
}
double moved_of(const AttributeFound& one) {
  return one.moved;
}

Arm named(Arm arm, const std::string& name) {
  arm.name = name;
  return arm;
}

std::string mean_words(const Arm& arm, const char* form = "{:.2f}") {
  return mean_and_spread(arm.values, form);
}

Finding separable(const DirectionsArmResult& arm) {
  Finding finding;
  finding.tests = {against(named(arm.arm([](const DirectionsRun& r) { return r.mean(balanced_of); }),
                                 "fresh samples on the right side of n'z = 0, both kinds alike, chance 50 %"),
                           0.5, true, "{:.1f} %", 100)};
  finding.note = fmt::format("with the offset {} are told rightly",
                             mean_words(arm.arm([](const DirectionsRun& r) { return r.mean(with_offset_of); })));
  return finding;
}

Finding moves(const DirectionsArmResult& arm) {
  Finding finding;
  finding.tests = {against(named(arm.arm([](const DirectionsRun& r) { return r.mean(moved_of, true); }),
                                 "a told attribute's change one step along its normal, in its deviations"),
                           0, true, "{:.2f}")};
  std::int64_t rises = 0, told = 0;
  for (const DirectionsRun& run : arm.runs) {
    rises += run.rises;
    told += run.told();
  }
  finding.note = fmt::format("{} of {} told attributes rise, their interval above 0", rises, told);
  return finding;
}

Finding linear(const DirectionsArmResult& arm) {
  Finding finding;
  finding.tests = {against(named(arm.arm([](const DirectionsRun& r) { return r.mean(explained_of); }),
                                 "R^2 of s = Lambda N'z on samples held out, all attributes"),
                           kMostOfIt, true, "{:.2f}"),
                   against(named(arm.arm([](const DirectionsRun& r) { return r.covariance_told; }),
                                 "what Sigma_s = Lambda N'N Lambda tells of the measured covariances off the diagonal"),
                           kMostOfIt, true, "{:.2f}")};
  finding.note = fmt::format("wanted: more than {:.0f} %", 100 * kMostOfIt);
  return finding;
}

Finding diagonal(const DirectionsArmResult& arm) {
  Finding finding;
  finding.tests = {against(named(arm.arm([](const DirectionsRun& r) { return r.side_effects_told; }),
                                 "what Sigma_s tells of how far the others move along a normal"),
                           kMostOfIt, true, "{:.2f}")};
  std::map<std::string, int> words;
  for (const DirectionsRun& run : arm.runs) {
    if (!run.failed) ++words[run.verdict];
  }
  std::string verdicts;
  for (const auto& [word, count] : words) {
    verdicts += fmt::format("{}{} of {} seeds", verdicts.empty() ? "" : ", ", word + " in " + std::to_string(count),
                            arm.runs.size());
  }
  finding.note = fmt::format(
      "wanted: more than {:.0f} %; is this model disentangled: {}; its largest cosine is {} in size, {} of Sigma_s "
      "lies "
      "off the diagonal",
      100 * kMostOfIt, verdicts, mean_words(arm.arm([](const DirectionsRun& r) { return std::abs(r.cosine); })),
      mean_words(arm.arm([](const DirectionsRun& r) { return r.off_diagonal; })));
  return finding;
}

Finding conditional(const DirectionsArmResult& arm) {
  Finding finding;
  finding.tests = {
      against(named(arm.arm([](const DirectionsRun& r) { return r.pairs.other_before - r.pairs.other_after; }),
                    "how much less another attribute moves once its normal's part is taken away, in deviations"),
              0, true, "{:.3f}"),
      against(named(arm.arm([](const DirectionsRun& r) { return r.pairs.own_after; }), "what the target still changes"),
              0, true, "{:.2f}")};
  finding.note = fmt::format("the other moves by {} before and {} after, the target by {} before",
                             mean_words(arm.arm([](const DirectionsRun& r) { return r.pairs.other_before; })),
                             mean_words(arm.arm([](const DirectionsRun& r) { return r.pairs.other_after; })),
                             mean_words(arm.arm([](const DirectionsRun& r) { return r.pairs.own_before; })));
  return finding;
}

Finding of_dimensions(const DirectionsResults& results) {
  const DirectionsArmResult& few = results.arms.front();
  const DirectionsArmResult& many = results.arms.back();
  const auto compare = [&](const char* measure, const std::function<double(const DirectionsRun&)>& of, bool higher) {
    return contrast(measure, many.arm(of), few.arm(of), higher);
  };
  return {.claim = fmt::format("Ours, not the lecture's: {} hold attributes apart better than {}.", many.plan->title,
                               few.plan->title),
          .verdict = {},
          .evidence = {},
          .tests = {
              compare(
                  "R^2", [](const DirectionsRun& r) { return r.mean(explained_of); }, true),
              compare(
                  "share of Sigma_s off its diagonal", [](const DirectionsRun& r) { return r.off_diagonal; }, false)}};
}

}  // namespace

const std::vector<DirectionsClaim>& directions_claims() {
  static const std::vector<DirectionsClaim> all = {
      {"separable", "a hyperplane n'z = 0 separates an attribute."},
      {"moves", "moving along its normal n changes it."},
      {"linear", "scores are s = Lambda N'z, their covariance is Lambda N'N Lambda."},
      {"diagonal", "attributes change apart where Sigma_s is diagonal, and together as far as it is not."},
      {"conditional", "a projected direction changes one attribute and keeps another."}};
  return all;
}

Judgement judge_directions(const DirectionsResults& results) {
  constexpr Finding (*kJudges[])(const DirectionsArmResult&) = {separable, moves, linear, diagonal, conditional};
  Judgement judgement;
  for (std::size_t c = 0; c < std::size(kJudges); ++c) {
    for (const DirectionsArmResult& arm : results.arms) {
      Finding finding = kJudges[c](arm);
      finding.claim = fmt::format("{}: {}", arm.plan->title, directions_claims()[c].sentence);
      judgement.findings.push_back(std::move(finding));
    }
  }
  judgement.findings.push_back(of_dimensions(results));
  judgement.tests = settle(judgement.findings);
  return judgement;
}

}  // namespace ganymede::study
