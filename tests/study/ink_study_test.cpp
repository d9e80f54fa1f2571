#include "study/ink_study.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/error.hpp"
#include "run/recipe_file.hpp"
#include "study/ink_report.hpp"

namespace ganymede::study {
namespace {

TEST(InkPlan, HasEverySamplerWithTheSameSeedsAndData) {
  const InkPlan plan = plan_ink({.data = "builtin", .quick = true, .seeds = 3, .steps = 100});
  std::set<std::string> samplers;
  for (const InkArm& arm : plan.arms) {
    ASSERT_EQ(arm.runs.size(), 3U);
    for (std::size_t s = 0; s < 3; ++s) {
      const run::Recipe& recipe = arm.runs[s].recipe;
      EXPECT_NO_THROW(run::check(recipe));
      EXPECT_EQ(recipe.train.seed, s + 1);
      EXPECT_EQ(recipe.train.steps, 100);
      EXPECT_EQ(recipe.data, plan.arms[0].runs[0].recipe.data);
      samplers.insert(recipe.latent.sampler);
    }
  }
  EXPECT_EQ(samplers, (std::set<std::string>{"gaussian", "centroid", "rejection", "partition"}));
  const auto all = plan.all_runs();
  EXPECT_EQ(all.size(), 15U);
  EXPECT_EQ(all[0].recipe.train.seed, all[4].recipe.train.seed);  // seed by seed
  EXPECT_THROW(plan_ink({.data = "mnist"}), ConfigError);
}

TEST(InkPlan, SharesOnePartitionButInTheLastArm) {
  const InkPlan plan = plan_ink({.seeds = 2});
  std::set<std::uint64_t> shared, own;
  for (const InkArm& arm : plan.arms) {
    for (const auto& run : arm.runs)
      (arm.name == "own-partition" ? own : shared).insert(run.recipe.latent.partition_seed);
  }
  EXPECT_EQ(shared.size(), 1U);
  EXPECT_EQ(own.size(), 2U);
}

// Made-up measures: the verdict words follow the numbers.
TEST(JudgeInk, ConfirmsRefutesOrCannotTell) {
  InkResults results{.plan = plan_ink({.seeds = 3})};
  results.class_names = {"A"};
  const auto arm = [&](const char* name, std::vector<double> accuracy, std::vector<double> nrmsd) {
    InkArmResult a{.name = name, .title = name, .runs = {}};
    for (std::size_t i = 0; i < accuracy.size(); ++i) {
      InkRunResult one{.run = name};
      one.measures.accuracy = {{accuracy[i]}, accuracy[i]};
      one.measures.nrmsd = {{nrmsd[i]}, nrmsd[i]};
      a.runs.push_back(one);
    }
    results.arms.push_back(a);
  };
  arm("gaussian", {0.90, 0.91, 0.92}, {0.07, 0.071, 0.069});
  arm("partition", {0.60, 0.61, 0.62}, {0.07, 0.0705, 0.0695});
  arm("centroid", {0.9, 0.9, 0.9}, {0.20, 0.21, 0.205});
  const auto findings = judge_ink(results);
  EXPECT_EQ(findings[0].verdict, "confirmed");    // plain Gaussian wins
  EXPECT_EQ(findings[1].verdict, "cannot tell");  // diversity of the partition
  EXPECT_EQ(findings.back().verdict, "refuted");  // the centroid sampler has the least diversity
  EXPECT_NE(findings[2].evidence.find("gaussian none"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::study
