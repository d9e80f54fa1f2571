#include "study/image_study.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "run/recipe_file.hpp"
#include "study/image_report.hpp"

namespace ganymede::study {
namespace {

TEST(ImagePlans, HaveLegalRecipesOfOneLengthAndTheSameSeeds) {
  for (const bool quick : {true, false}) {
    for (auto* const plan_of : {plan_dims, plan_activations, plan_landscapes, plan_dcgan}) {
      const ImagePlan plan = plan_of({.quick = quick});
      EXPECT_EQ(plan.seeds, 3);
      for (const ImageArm& arm : plan.arms) {
        ASSERT_EQ(arm.runs.size(), static_cast<std::size_t>(plan.seeds));
        for (std::size_t s = 0; s < arm.runs.size(); ++s) {
          const run::Recipe& recipe = arm.runs[s].recipe;
          EXPECT_NO_THROW(run::check(recipe));
          EXPECT_EQ(recipe.train.seed, s + 1);
          EXPECT_EQ(recipe.train.epochs, arm.epochs.back());
          EXPECT_EQ(recipe.data, plan.arms[0].runs[0].recipe.data);
          for (const std::int64_t epoch : arm.epochs)
            EXPECT_TRUE(run::wants_snapshot(recipe.snapshot, epoch)) << arm.name << " " << epoch;
        }
      }
    }
  }
}

TEST(ImagePlans, TakeAnotherLengthAndOtherData) {
  const ImagePlan plan = plan_activations({.seeds = 1, .epochs = 2, .source = "builtin-digits"});
  EXPECT_EQ(plan.arms[0].epochs, (std::vector<std::int64_t>{1, 2}));
  EXPECT_THROW(plan_dims({.judge = "harsh"}), ConfigError);
  const ImagePlan own = plan_dims({.own_epochs = true});
  EXPECT_EQ(own.arms[0].epochs, (std::vector<std::int64_t>{1000, 5000}));
  EXPECT_EQ(own.arms[3].epochs, (std::vector<std::int64_t>{256}));
  EXPECT_EQ(own.points(), 3 * (2 + 2 + 1 + 1));
  EXPECT_EQ(plan_landscapes({}).arms[0].epochs.size(), 21U);  // at 10 and every 50
  EXPECT_EQ(plan.arms[0].runs[0].recipe.data.source, "builtin-digits");
  std::set<std::string> functions;
  for (const ImageArm& arm : plan.arms) functions.insert(arm.runs[0].recipe.generator.activation);
  EXPECT_EQ(functions, (std::set<std::string>{"relu", "leaky_relu", "prelu", "elu"}));
}

TEST(ImagePlans, HoldThePublishedTables) {
  const ImagePlan plan = plan_activations({});
  EXPECT_EQ(plan.arms[0].published.back().value, 0.1561);       // Table 3.1: ReLU at epoch 500
  EXPECT_EQ(plan_dims({}).arms[2].published[0].value, 0.0829);  // 4-D at epoch 1000
}

// Made-up results: which way each score points.
struct MadeUp {
  explicit MadeUp(const ImagePlan& plan) : results{.plan = plan} {
    for (const ImageArm& arm : plan.arms)
      results.arms.push_back({.name = arm.name, .title = arm.title, .epochs = arm.epochs});
  }
  void set(std::size_t arm, const std::string& score, std::vector<double> values) {
    auto& runs = results.arms[arm].runs;
    runs.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (runs[i].points.empty()) runs[i].points.push_back({.epoch = results.arms[arm].epochs.back()});
      runs[i].points.back().scores.push_back({.name = score + "10k_x_v1", .value = values[i]});
    }
  }
  ImageResults results;
};

TEST(JudgeImages, OrdersTheDimensionsByBothScores) {
  MadeUp up(plan_dims({}));
  up.set(0, "val_loss", {0.10, 0.11, 0.12});
  up.set(1, "val_loss", {0.20, 0.21, 0.22});
  up.set(2, "val_loss", {0.30, 0.31, 0.32});
  up.set(0, "frechet", {10, 11, 12});
  up.set(1, "frechet", {20, 21, 22});
  up.set(2, "frechet", {5, 5.5, 6});
  const auto findings = judge_images(up.results).findings;
  EXPECT_EQ(findings[0].verdict, kConfirmed);
  EXPECT_EQ(findings[1].verdict, kRefuted);
}

TEST(JudgeImages, ComparesAtTheLastEpochThatBothModelsHave) {
  MadeUp up(plan_dims({.own_epochs = true}));  // 2-D at 5000, 3-D at 2000: neither at the other's end
  up.set(0, "frechet", {10, 11, 12});
  up.set(1, "frechet", {1, 2, 3});
  up.set(2, "frechet", {1, 2, 3});
  EXPECT_EQ(judge_images(up.results).findings[1].verdict, kCannotTell);
  for (ImageRunResult& run : up.results.arms[0].runs)
    run.points.insert(run.points.begin(), {.epoch = 1000, .scores = run.points.back().scores});
  EXPECT_EQ(judge_images(up.results).findings[2].verdict, kConfirmed);  // 4-D against 2-D at 1000
}

// Of each model by itself, the same test on both sides of chance.
TEST(JudgeImages, HoldsTheCentreOfEachModelAgainstChance) {
  ImageResults results{.plan = plan_dims({}), .class_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}};
  ImageArmResult arm{.name = "digits-2d", .title = "2-D"};
  for (int i = 0; i < 6; ++i) arm.runs.push_back({.run = "s", .centre = 1});
  results.arms = {arm, {.name = "digits-3d", .title = "3-D"}, {.name = "digits-4d", .title = "4-D"}};
  const auto centre = [&](std::size_t model) { return judge_images(results).findings.at(3 + model); };
  EXPECT_EQ(centre(0).verdict, kConfirmed);
  EXPECT_NE(centre(0).evidence.find("6 of 6, 100 % [54, 100], chance 10 %"), std::string::npos) << centre(0).evidence;
  EXPECT_EQ(centre(1).verdict, kCannotTell);  // no run
  for (ImageRunResult& run : results.arms[0].runs) run.centre = 3;
  EXPECT_EQ(centre(0).verdict, kCannotTell);  // 0.9^6 = 0.53: six runs without a 1 are no rarity
  results.arms[0].runs.resize(60, results.arms[0].runs[0]);
  EXPECT_EQ(centre(0).verdict, kRefuted);  // 0.9^60 is one
}

// The study compares the largest loss over the epochs, and its two data sets have orders of their own.
TEST(JudgeImages, OrdersActivationsByTheLargestLossAsEachDataSetDid) {
  const auto claims = [](const ImagePlan& plan) {
    ImageResults results{.plan = plan};
    for (const ImageArm& one : plan.arms)
      results.arms.push_back({.name = one.name, .title = one.title, .epochs = one.epochs, .published = one.published});
    return judge_images(results).findings.at(2).claim;
  };
  EXPECT_NE(claims(plan_activations({})).find("ReLU, LeakyReLU, ELU, PReLU"), std::string::npos);
  EXPECT_NE(claims(plan_landscapes({})).find("ReLU, ELU, LeakyReLU, PReLU"), std::string::npos);
}

TEST(JudgeImages, ComparesTheLargestLossAndShowsTheLast) {
  MadeUp up(plan_activations({}));
  for (std::size_t a = 0; a < 4; ++a) {
    // ReLU's last loss is the lowest, and its largest, an epoch before, the highest.
    up.set(a, "val_loss",
           a == 0 ? std::vector<double>{0.0010, 0.0011, 0.0012} : std::vector<double>{0.010, 0.011, 0.012});
    if (a > 0) continue;
    for (ImageRunResult& run : up.results.arms[0].runs)
      run.points.insert(run.points.begin(), {.epoch = 400, .scores = {{.name = "val_loss10k_x_v1", .value = 0.5}}});
  }
  for (ImageRunResult& run : up.results.arms[0].runs)
    run.points[0].scores[0].value += 0.01 * (&run - up.results.arms[0].runs.data());
  const Finding best = judge_images(up.results).findings.at(0);
  EXPECT_EQ(best.verdict, kConfirmed) << best.evidence;
  EXPECT_NE(best.evidence.find("at the last epoch (500): ReLU 0.0011"), std::string::npos) << best.evidence;
}

TEST(ImageJson, HoldsNumbersFindingsAndThePage) {
  MadeUp up(plan_dims({.seeds = 2}));
  up.results.data = "digits-0";
  for (std::size_t a = 0; a < 4; ++a) up.set(a, "frechet", {10.0 + a, 11});
  up.results.arms[0].runs[1].failed = true;
  ImageFigures figures;
  figures.arms.resize(4);
  figures.arms[1].map = MapFigure{.picture = {.file = "figures/map-digits-3d.png", .caption = "3-D"}, .words = "all."};
  const auto json = nlohmann::ordered_json::parse(image_json(up.results, judge_images(up.results), figures));
  EXPECT_EQ(json.at("schema"), "ganymede.study_images/1");
  EXPECT_EQ(json.at("models").at("digits-3d").at("runs").at(0).at("points").at(0).at("scores").at(0).at("value"), 11);
  const auto findings = judge_images(up.results).findings;
  ASSERT_EQ(json.at("findings").size(), findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    EXPECT_EQ(json.at("findings").at(i).at("claim"), findings[i].claim);
    EXPECT_EQ(json.at("findings").at(i).at("points").get<std::vector<std::string>>(), findings[i].points);
  }
  const auto& page = json.at("page");
  EXPECT_EQ(page, page::to_json(image_document(up.results, judge_images(up.results), figures)));
  EXPECT_EQ(page.at("title"), up.results.plan.question);
  const std::string text = page.dump();
  for (const char* part : {"Data: digits-0. 4 models, 2 seeds each", "figures/map-digits-3d.png", "2-D 1 of 2 seeds",
                           "Table 3.3 counts 60,000 epochs", "Recipe of 4-D", "stopped by a guard"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(ImagePlans, SayWhereTheStudyContradictsItself) {
  const std::vector<std::string> landscapes = contradictions("landscapes");
  ASSERT_EQ(landscapes.size(), 3U);
  EXPECT_NE(landscapes[0].find("ReLU 0.1145"), std::string::npos);
  EXPECT_EQ(largest_of(plan_landscapes({}).arms[0].published).epoch, 450);
  EXPECT_EQ(largest_of(plan_activations({}).arms[3].published).value, 0.0967);
  EXPECT_TRUE(contradictions("dcgan").empty());
}

// Hours and seconds are those of each model; what is published of all together is no model's.
TEST(ImagePlans, AttributeCostsToTheirModels) {
  const ImagePlan plan = plan_landscapes({});
  std::vector<double> seconds;
  for (const ImageArm& arm : plan.arms) {
    seconds.push_back(arm.cost.seconds_per_epoch);
    EXPECT_EQ(arm.cost.hours, 0);
  }
  EXPECT_EQ(seconds, (std::vector<double>{410, 410, 430, 420}));
  EXPECT_NE(plan.cost_note.find("480 hours"), std::string::npos);
}

TEST(JudgeImages, ComparesSparsityWithNormalValues) {
  MadeUp up(plan_activations({}));
  for (ImageArmResult& arm : up.results.arms) {
    for (int s = 0; s < 3; ++s) {
      ImageRunResult run{.run = "s"};
      run.layers.push_back(
          {.layer = {.node = "act0", .kind = arm.name, .shape = {4}}, .activity = {.near_zero = 0.5 + 0.01 * s}});
      run.layers.push_back(
          {.layer = {.node = "conv0", .kind = "conv_transpose", .shape = {4}}, .activity = {.near_zero = 0}});
      arm.runs.push_back(run);
    }
  }
  EXPECT_EQ(judge_images(up.results).findings.back().verdict, kConfirmed);
  for (ImageRunResult& run : up.results.arms[3].runs) run.layers[0].activity.near_zero -= 0.48;
  EXPECT_EQ(judge_images(up.results).findings.back().verdict, kRefuted);
}

TEST(JudgeImages, AsksWhetherDsLossRisesAndGsFalls) {
  ImageResults results{.plan = plan_dcgan({})};
  ImageArmResult arm{.name = "dcgan", .title = "DCGAN", .epochs = {50}};
  for (int seed = 0; seed < 3; ++seed) {
    ImageRunResult run{.run = "s"};
    for (int e = 0; e < 8; ++e)
      run.epochs.push_back({1.0 + 0.01 * e + 0.001 * seed, 1.0 + 0.02 * e + 0.001 * seed * e, 0.5, 0.5 + 0.001 * seed});
    arm.runs.push_back(run);
  }
  results.arms.push_back(arm);
  const auto findings = judge_images(results).findings;
  EXPECT_EQ(findings[0].verdict, kConfirmed);  // D's loss rises
  EXPECT_EQ(findings[1].verdict, kRefuted);    // G's rises too
  EXPECT_EQ(findings[2].verdict, kConfirmed);  // D is right half of the time
  results.arms[0].epochs = {4};
  EXPECT_EQ(judge_images(results).findings[2].verdict, kCannotTell);  // not the end yet
}

}  // namespace
}  // namespace ganymede::study
