#include "study/unrolled_study.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "study/unrolled_report.hpp"

namespace ganymede::study {
namespace {

measure::Score score(const std::string& name, double value) {
  measure::Score one;
  one.name = name;
  one.value = value;
  one.floor = 0.5;
  return one;
}

// Results of the quick plan with the same scores at every point: modes of an arm and seed as `modes` says.
UnrolledResults results_with(const UnrolledPlan& plan,
                             const std::function<double(int unroll, std::size_t seed)>& modes) {
  UnrolledResults results{.plan = plan, .experiments = {}};
  for (const UnrolledExperiment& one : plan.experiments) {
    UnrolledExperimentResult experiment{.plan = &one, .data = one.name, .steps_per_epoch = 100, .arms = {}};
    for (const UnrolledArm& arm : one.arms) {
      UnrolledArmResult result{.unroll = arm.unroll, .name = arm.name, .title = arm.title, .runs = {}};
      for (std::size_t s = 0; s < arm.runs.size(); ++s) {
        UnrolledRunResult run{
            .run = arm.runs[s].name, .seconds = 10, .seconds_per_step = 0.002 * (1 + arm.unroll), .points = {}};
        for (const std::int64_t epoch : one.epochs) {
          run.points.push_back({epoch,
                                {score("mixture_modes2500_x", modes(arm.unroll, s)),
                                 score("high_quality2500_x", 0.9 - 0.01 * arm.unroll + 0.001 * static_cast<double>(s)),
                                 score("reverse_kl2500_x", 1), score("modes2k_x", modes(arm.unroll, s)),
                                 score("class_js2k_x", 0.001 + 0.004 * static_cast<double>(s % 2)),
                                 score("frechet2k_x", 40), score("recall2k_x", 0.5)}});
        }
        result.runs.push_back(std::move(run));
      }
      experiment.arms.push_back(std::move(result));
    }
    results.experiments.push_back(std::move(experiment));
  }
  return results;
}

const Finding& finding_of(const Judgement& judgement, const std::string& beginning) {
  const auto found =
      std::ranges::find_if(judgement.findings, [&](const Finding& f) { return f.claim.starts_with(beginning); });
  if (found == judgement.findings.end()) throw std::out_of_range(beginning);
  return *found;
}

TEST(UnrolledPlan, HasThePlainGanBesideEveryUnrolledOne) {
  for (const bool quick : {true, false}) {
    const UnrolledPlan plan = plan_unrolled({.quick = quick});
    std::set<std::string> names;
    for (const UnrolledExperiment& one : plan.experiments) {
      names.insert(one.name);
      EXPECT_EQ(one.arms.front().unroll, 0) << one.name;
      EXPECT_GE(one.arms.back().unroll, one.points ? 10 : 5) << one.name;
      for (const UnrolledArm& arm : one.arms) {
        for (std::size_t s = 0; s < arm.runs.size(); ++s) {
          // Nothing but K differs: same data, same noise, same beginning.
          run::Recipe recipe = arm.runs[s].recipe;
          EXPECT_EQ(recipe.game.unroll, arm.unroll);
          recipe.game.unroll = one.arms.front().runs[s].recipe.game.unroll;
          EXPECT_EQ(recipe, one.arms.front().runs[s].recipe) << arm.name;
        }
        EXPECT_TRUE(!one.points || arm.runs.size() >= 5) << one.name;
      }
      EXPECT_TRUE(quick || one.name == "other-grid" || one.arms.size() == 5) << one.name << ": 0, 1, 5, 10, 20";
    }
    for (const char* name : {"ring", "grid", "other-grid", "stacked-quarter", "stacked-half", "lstm"})
      EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(UnrolledPlan, StacksDigitsOfMnistAndOfTheBuiltInOnesAlone) {
  const auto stacked = [](const std::string& source) {
    const UnrolledPlan plan = plan_unrolled({.quick = true, .source = source});
    std::string digits;
    for (const UnrolledExperiment& one : plan.experiments) {
      if (one.name == "stacked-half") digits = one.arms.front().runs.front().recipe.data.digits;
    }
    return digits;
  };
  EXPECT_EQ(stacked(""), "mnist");
  EXPECT_EQ(stacked("builtin-digits"), "builtin-digits");
  EXPECT_EQ(stacked("some/folder"), "");
}

TEST(JudgeUnrolled, ConfirmsModesThatEverySeedHasMoreOf) {
  const UnrolledPlan plan = plan_unrolled({.quick = true});
  const UnrolledResults results = results_with(
      plan, [](int unroll, std::size_t seed) { return unroll < 10 ? 1.0 + static_cast<double>(seed % 2) : 8.0; });
  const Judgement judgement = judge_unrolled(results);
  EXPECT_EQ(finding_of(judgement, "Ring: ten unrolled updates cover more modes than none").verdict, kConfirmed);
  EXPECT_EQ(finding_of(judgement, "Ring: ten unrolled updates cover more modes than one").verdict, kConfirmed);
  EXPECT_EQ(finding_of(judgement, "Ring: what unrolling wins").verdict, kConfirmed);  // 0.8 against 0.9
  EXPECT_EQ(finding_of(judgement, "Grid: more samples lie near").verdict, kRefuted);
  // Two seeds of digits allow no verdict on counts.
  EXPECT_EQ(finding_of(judgement, "The recurrent generator").verdict, kCannotTell);
  const std::string& note = finding_of(judgement, "Ring: ten unrolled updates cover more modes than none").evidence;
  EXPECT_NE(note.find("K = 10 8.0 [8.0, 8.0]"), std::string::npos) << note;
}

TEST(JudgeUnrolled, CannotTellArmsOfOneLaw) {
  const UnrolledPlan plan = plan_unrolled({.quick = true});
  const UnrolledResults results =
      results_with(plan, [](int, std::size_t seed) { return 3.0 + static_cast<double>(seed % 3); });
  EXPECT_EQ(finding_of(judge_unrolled(results), "Ring: ten unrolled updates cover more modes than none").verdict,
            kCannotTell);
}

TEST(JudgeUnrolled, GivesNoIntervalBelowZero) {
  const UnrolledPlan plan = plan_unrolled({.quick = true});
  const Judgement judgement = judge_unrolled(results_with(plan, [](int, std::size_t) { return 3.0; }));
  bool seen = false;
  for (const Finding& finding : judgement.findings) {
    if (finding.evidence.find("class JS, mean") == std::string::npos) continue;
    seen = true;
    EXPECT_NE(finding.evidence.find(" 0.003 [0.000, "), std::string::npos) << finding.evidence;
  }
  EXPECT_TRUE(seen);
}

TEST(JudgeUnrolled, CountsSeedsThatFailed) {
  const UnrolledPlan plan = plan_unrolled({.quick = true});
  UnrolledResults results = results_with(plan, [](int, std::size_t) { return 3.0; });
  UnrolledRunResult& failed = results.experiments.front().arms.front().runs.front();
  failed.failed = true;
  failed.points.clear();
  EXPECT_NE(results.failed_text().find("ring, K = 0 1 of 6 seeds"), std::string::npos) << results.failed_text();
  EXPECT_EQ(results.experiments.front().arms.front().values("mixture_modes").size(), 5U);
  EXPECT_EQ(results.experiments.front().arms.front().milliseconds().size(), 5U);
}

TEST(UnrolledPage, HasThePublishedNumbersTheCostAndTheCaution) {
  const UnrolledPlan plan = plan_unrolled({.quick = true});
  const UnrolledResults results = results_with(plan, [](int unroll, std::size_t) { return unroll == 0 ? 1.0 : 8.0; });
  const Judgement judgement = judge_unrolled(results);
  const auto json = nlohmann::ordered_json::parse(unrolled_json(results, judgement, {}));
  EXPECT_EQ(json.at("schema"), kUnrolledSchema);
  EXPECT_EQ(json.at("experiments").at("ring").at("arms").at("ring-k10").at("unroll"), 10);
  const std::string page = json.at("page").dump();
  for (const char* part : {"7.6", "6.3 ± 0.5", "ms a step", "22.00\",\"11.0\"", "depends on the set-up", "issue 2"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST(PublishedUnrolled, HasARowForEveryKOfStackedDigits) {
  for (const bool half : {false, true}) {
    std::vector<int> unrolls;
    for (const PublishedUnrolled& row : published_stacked(half)) {
      EXPECT_EQ(row.values.size(), 2U);
      if (row.source.starts_with("Metz")) unrolls.push_back(row.unroll);
    }
    EXPECT_EQ(unrolls, (std::vector{0, 1, 5, 10}));
  }
}

TEST(DensityOfPoints, IsDeepWhereManyAreAndWhiteElsewhere) {
  std::vector<float> points;
  for (int i = 0; i < 10; ++i) points.insert(points.end(), {0.5F, -0.5F});
  points.insert(points.end(), {5, 5});  // outside
  const picture::Image image = density_of_points(points, {-1, 1}, {-1, 1}, 10, 40);
  EXPECT_EQ(image.colour_at(0, 0), picture::kWhite);
  EXPECT_LT(picture::grey_of(image.colour_at(30, 30)), 60);  // right and below the middle
  EXPECT_EQ(image.colour_at(10, 30), picture::kWhite);
}

TEST(LabelledRows, LeaveThePlacesOfEmptyPicturesBlank) {
  const picture::Image cell(10, 20, 3, picture::kBlack);
  const picture::Image image = labelled_rows({"a", "b"}, {"x", "y"}, {{cell, {}}, {cell, cell}});
  int black = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) black += image.colour_at(y, x) == picture::kBlack ? 1 : 0;
  }
  EXPECT_EQ(black, 3 * 10 * 20);
}

}  // namespace
}  // namespace ganymede::study
