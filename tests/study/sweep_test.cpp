#include "study/sweep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::study {
namespace {

SweepResults results_of(const std::vector<std::vector<double>>& values, measure::Better better) {
  SweepResults results{.plan = plan_sweep(run::find_recipe("ring"),
                                          {sweep_axis("train.batch=32,64"), sweep_axis("game.loss=hinge,absolute")},
                                          static_cast<int>(values.front().size()), ""),
                       .score = "frechet2k_ring_v1",
                       .better = better,
                       .arms = {}};
  for (const auto& arm : values) results.arms.push_back({.values = arm, .seconds = 1});
  return results;
}

TEST(SweepAxis, IsReadFromItsText) {
  const SweepAxis axis = sweep_axis("train.batch=64,128");
  EXPECT_EQ(axis.key, "train.batch");
  EXPECT_EQ(axis.values, (std::vector<std::string>{"64", "128"}));
  EXPECT_EQ(sweep_axis("game.augment=cutout;translation,cutout").values,
            (std::vector<std::string>{"cutout", "translation,cutout"}));
  for (const std::string text : {"", "a", "=1", "a=", "a=1,,2", "a=1,1"}) EXPECT_THROW(sweep_axis(text), ConfigError);
}

TEST(SweepPlan, HoldsEveryCombinationWithEverySeed) {
  const SweepPlan plan = plan_sweep(
      run::find_recipe("ring"), {sweep_axis("train.batch=32,64,128"), sweep_axis("game.loss=hinge,absolute")}, 2, "");
  ASSERT_EQ(plan.arms.size(), 6U);
  std::set<std::string> names;
  for (const SweepArm& arm : plan.arms) {
    ASSERT_EQ(arm.runs.size(), 2U);
    for (const train::PlannedRun& one : arm.runs) names.insert(one.name);
  }
  EXPECT_EQ(names.size(), 12U);
  EXPECT_EQ(plan.arms[3].name, "batch=64_loss=absolute");
  EXPECT_EQ(plan.arms[3].runs[1].recipe.train.batch, 64);
  EXPECT_EQ(plan.arms[3].runs[1].recipe.game.loss, play::Loss::absolute);
  EXPECT_EQ(plan.arms[3].runs[1].recipe.train.seed, plan.arms[3].runs[0].recipe.train.seed + 1);
  const SweepPlan twins = plan_sweep(
      run::find_recipe("quick"), {sweep_axis("generator.width=8,16"), sweep_axis("discriminator.width=8,16")}, 1, "");
  EXPECT_EQ(twins.arms[1].name, "generator.width=8_discriminator.width=16") << "one word would name two keys";
  EXPECT_EQ(twins.measure, "frechet");
  EXPECT_EQ(plan.measure, "mixture");
}

TEST(SweepRank, PutsTheBestFirstAndLeavesOutWhatFailed) {
  const double none = std::nan("");
  const std::vector<std::vector<double>> values{{4, 6}, {1, 2}, {none, none}, {3, none}};
  EXPECT_EQ(by_rank(results_of(values, measure::Better::lower)), (std::vector<std::size_t>{1, 3, 0}));
  EXPECT_EQ(by_rank(results_of(values, measure::Better::higher)), (std::vector<std::size_t>{0, 3, 1}));
  const std::vector<std::vector<double>> shares{{0.9}, {0.45}, {0.2}, {0.6}};
  EXPECT_EQ(by_rank(results_of(shares, measure::Better::half)), (std::vector<std::size_t>{1, 3, 2, 0}));
}

TEST(SweepJudgement, SaysWhetherTheBestIsBetterThanTheNext) {
  const auto verdict = [](const std::vector<std::vector<double>>& values) {
    return judge_sweep(results_of(values, measure::Better::lower)).findings.at(0).verdict;
  };
  EXPECT_EQ(verdict({{1.01, 1.02, 1.03}, {2.01, 2.02, 2.03}, {3, 3.1, 3.2}, {4, 4.1, 4.2}}), kConfirmed);
  EXPECT_EQ(verdict({{1.1, 2.2, 3.3}, {1.2, 2.3, 3.4}, {3, 3.1, 3.2}, {4, 4.1, 4.2}}), kCannotTell);
  EXPECT_TRUE(judge_sweep(results_of({{1.0}, {2.0}, {3.0}, {4.0}}, measure::Better::neither)).findings.empty());
}

TEST(SweepJson, HasMeanAndStudentsIntervalOfEverySetting) {
  const SweepResults results = results_of({{1, 3}, {2, 2.5}, {5, std::nan("")}, {4, 4}}, measure::Better::lower);
  const auto json = nlohmann::json::parse(sweep_json(results, judge_sweep(results)));
  const auto& first = json.at("settings").at(0);
  EXPECT_EQ(first.at("rank"), 1);
  EXPECT_DOUBLE_EQ(first.at("mean").get<double>(), 2);
  EXPECT_NEAR(first.at("high").get<double>(), 2 + 12.7062, 1e-3) << "t(1) = 12.706, s / sqrt(2) = 1";
  EXPECT_TRUE(json.at("settings").at(2).at("scores").at(1).is_null());
  EXPECT_TRUE(json.at("settings").at(2).at("low").is_null()) << "one seed has no interval";
  EXPECT_EQ(json.at("keys").at(1).at("key"), "game.loss");
}

}  // namespace
}  // namespace ganymede::study
