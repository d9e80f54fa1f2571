#include "study/ink_study.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "run/recipe_file.hpp"
#include "study/ink_report.hpp"

namespace ganymede::study {
namespace {

TEST(InkPlan, HasEverySamplerWithTheSameSeedsAndData) {
  const InkPlan plan = plan_ink({.source = "builtin", .quick = true, .seeds = 3, .steps = 100});
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
  EXPECT_THROW(plan_ink({.source = "mnist"}), ConfigError);
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
struct MadeUpInk {
  MadeUpInk() : results{.plan = plan_ink({.seeds = 5})} {
    results.class_names = {"A", "B"};
    results.real_pairs.classes = {{.label = 0, .msd = 0.1}, {.label = 1, .msd = 0.1}};
    for (const char* name : {"gaussian", "centroid", "rejection", "partition", "own-partition"}) {
      InkArmResult arm{.name = name, .title = name, .runs = {}};
      for (int s = 0; s < 5; ++s) {
        InkRunResult run{.run = name};
        run.measures.accuracy = {{0.9, 0.9}, 0.9 + 0.001 * s};
        run.measures.msd = {{0.1, 0.1}, 0.1};
        run.measures.nrmsd = {{0.2, 0.2}, 0.2 + 0.001 * s};
        run.measures.distance = {{0.1, 0.1}, 0.1 + 0.001 * s};
        run.measures.discriminator_loss_deviation = 0.1 + 0.001 * s;
        run.measures.discriminator_gradient_deviation = 0.1 + 0.001 * s;
        run.measures.learnt = 2;
        arm.runs.push_back(run);
      }
      results.arms.push_back(arm);
    }
  }
  std::vector<InkRunResult>& runs(const std::string& name) { return const_cast<InkArmResult&>(results.arm(name)).runs; }
  Finding finding(const std::string& part) {
    for (const Finding& one : judge_ink(results).findings) {
      if (one.claim.find(part) != std::string::npos) return one;
    }
    ADD_FAILURE() << "no finding with " << part;
    return {};
  }
  InkResults results;
};

TEST(JudgeInk, CannotTellEqualSamplersApart) {
  MadeUpInk up;
  for (const Finding& one : judge_ink(up.results).findings) {
    const bool counted = one.claim.find("all symbols are recognisable") != std::string::npos;
    EXPECT_EQ(one.verdict, counted ? kConfirmed : kCannotTell) << one.claim;
  }
}

TEST(JudgeInk, ConfirmsThatGaussianWins) {
  MadeUpInk up;
  for (InkRunResult& run : up.runs("partition")) run.measures.accuracy.mean -= 0.3;
  EXPECT_EQ(up.finding("Plain Gaussian sampling wins").verdict, kConfirmed);
  EXPECT_EQ(up.finding("differ more").verdict, kCannotTell);
}

// "The most", "the least" are claims about every other sampler.
TEST(JudgeInk, HoldsTheCentroidSamplerAgainstAllOthers) {
  MadeUpInk up;
  for (InkRunResult& run : up.runs("centroid")) run.measures.nrmsd.mean -= 0.1;
  EXPECT_EQ(up.finding("least diversity of all").verdict, kConfirmed);
  EXPECT_EQ(up.finding("least diversity of all").tests.size(), 3U);
  for (InkRunResult& run : up.runs("rejection")) run.measures.nrmsd.mean -= 0.15;  // one lies lower
  EXPECT_EQ(up.finding("least diversity of all").verdict, kRefuted);
  for (InkRunResult& run : up.runs("rejection")) run.measures.nrmsd.mean += 0.05;  // and now as low
  EXPECT_EQ(up.finding("least diversity of all").verdict, kCannotTell);
}

// What two seeds count is never sure, whatever they count.
TEST(JudgeInk, IsNeverSureOfClassesCountedWithTwoSeeds) {
  MadeUpInk up;
  for (InkArmResult& arm : up.results.arms) arm.runs.resize(2);
  for (InkRunResult& run : up.runs("partition")) run.measures.learnt = 0, run.measures.collapsed = 2;
  for (const char* claim : {"some classes are not learnt", "some classes collapse"}) {
    EXPECT_EQ(up.finding(claim).verdict, kCannotTell);
    EXPECT_NE(up.finding(claim).evidence.find("permutation test"), std::string::npos);
  }
}

TEST(JudgeInk, CountsClassesThatFailWithEverySeed) {
  MadeUpInk up;
  const std::string claim = "all symbols are recognisable";
  up.runs("gaussian")[0].measures.accuracy.by_class[1] = 0.2;
  EXPECT_EQ(up.finding(claim).verdict, kCannotTell);  // one seed of five
  for (InkRunResult& run : up.runs("gaussian")) run.measures.msd.by_class[1] = 0.01;
  EXPECT_EQ(up.finding(claim).verdict, kRefuted);
  EXPECT_NE(up.finding(claim).evidence.find("these fail: B"), std::string::npos);
  for (std::size_t i = 1; i < up.runs("gaussian").size(); ++i) up.runs("gaussian")[i].failed = true;
  EXPECT_EQ(up.finding(claim).verdict, kCannotTell) << "one seed proves nothing";
}

TEST(JudgeInk, JudgesWhetherSharedPartitionsAgree) {
  MadeUpInk up;
  const std::string claim = "share a partition agree";
  const auto fill = [](std::vector<Agreement>& all, double agreement) {
    all.clear();
    for (int i = 0; i < 10; ++i) {  // of five seeds
      all.push_back(
          {.symbols = agreement + 0.01 * i, .walks = agreement + 0.01 * i, .crossings = 1 - agreement + 0.01 * i});
    }
  };
  EXPECT_EQ(up.finding(claim).verdict, kCannotTell);
  fill(up.results.shared, 0.8);
  fill(up.results.own, 0.1);
  EXPECT_EQ(up.finding(claim).verdict, kConfirmed) << up.finding(claim).evidence;
  std::swap(up.results.shared, up.results.own);
  EXPECT_EQ(up.finding(claim).verdict, kRefuted);
}

TEST(JudgeInk, CountsFailedSeedsInVerdictsAndCaptions) {
  MadeUpInk up;
  up.runs("partition")[1].failed = true;
  EXPECT_NE(up.finding("Plain Gaussian sampling wins").evidence.find("(4 of 5 seeds)"), std::string::npos);
  EXPECT_NE(up.results.failed_text().find("partition 1 of 5 seeds"), std::string::npos);
}

TEST(InkJson, HoldsNumbersFindingsAndThePage) {
  MadeUpInk up;
  up.results.real_distances = {0.1, std::nan("")};
  for (InkArmResult& arm : up.results.arms) {
    for (InkRunResult& run : arm.runs) run.measures.distance.by_class = {0.2, 0.3};
  }
  up.runs("centroid")[0].failed = true;
  up.runs("centroid")[1].losses = {{.step = 10, .discriminator = 1.25, .generator = std::nan("")}};
  InkFigures figures{.real = {}, .alphabets = std::vector<std::vector<page::Figure>>(5)};
  figures.alphabets[1].push_back({.file = "figures/alphabet-centroid-s2.svg", .caption = "the second"});
  const auto json = nlohmann::ordered_json::parse(ink_json(up.results, judge_ink(up.results), figures));
  EXPECT_EQ(json.at("schema"), "ganymede.study_ink/1");
  EXPECT_EQ(json.at("samplers").at("centroid").at(0).at("failed"), true);
  EXPECT_EQ(json.at("real_distance_by_class").dump(), "[0.1,null]");
  EXPECT_EQ(json.at("findings").size(), judge_ink(up.results).findings.size());
  EXPECT_EQ(json.at("page"), page::to_json(ink_document(up.results, judge_ink(up.results), figures)));
  const std::string text = json.at("page").dump();
  // The losses shown are those of the first run that did not fail, below its alphabet.
  const std::size_t sheet = text.find("figures/alphabet-centroid-s2.svg"), losses = text.find("[1.25]");
  ASSERT_NE(sheet, std::string::npos);
  EXPECT_LT(sheet, losses);
  EXPECT_LT(losses, text.find("\"rejection\"", losses));
}

}  // namespace
}  // namespace ganymede::study
