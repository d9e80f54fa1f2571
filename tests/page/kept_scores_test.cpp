#include "page/kept_scores.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "page/scored_runs.hpp"

namespace ganymede::page {
namespace {

using testing::score;

struct Kept : ::testing::Test, testing::ScoredRuns {};

TEST_F(Kept, ComeBackByName) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("b", 2), score("a", 1)}, 3, 7, false);
  const auto kept = kept_scores(run);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].score.name, "a");
  EXPECT_EQ(kept[1].score.value, 2);
  EXPECT_EQ(kept[1].epoch, 3U);
  EXPECT_EQ(kept[1].step, 7U);
}

TEST_F(Kept, LeaveOutOlderWeightsAndOtherEpochsAndOtherFiles) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("old", 1)}, 2, 6, false);
  keep_scores(run, {score("then", 1)}, 2, 6, true);
  std::ofstream(run.path() / "measures" / "ink_v1.json") << R"({"schema": "another/1"})";
  std::ofstream(run.path() / "measures" / "odd.json") << R"({"schema": 7})";
  EXPECT_TRUE(kept_scores(run).empty());
  const auto then = kept_scores(run, 2);
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].score.name, "then");
}

TEST_F(Kept, ADamagedFileIsNamed) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("x", 1)}, 3, 7, false);
  for (const char* text : {"{", R"({"schema": "ganymede.score/1"})"}) {
    std::ofstream(run.path() / "measures" / "x.json") << text;
    try {
      kept_scores(run);
      ADD_FAILURE() << text;
    } catch (const DataError& error) {
      EXPECT_NE(std::string(error.what()).find("x.json"), std::string::npos) << error.what();
    }
  }
}

measure::JudgeCurve curve(const std::string& name) {
  return {.name = name, .protocol = "nk_weak_v1", .points = {{.step = 1, .epoch = 1, .images = 128, .judged = 10}}};
}

TEST_F(Kept, CurvesLieBesideScoresAndAreNone) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("val_loss_x", 2)}, 3, 7, false);
  keep_curves(run, {curve("val_loss_x")}, 3, 7, false);
  keep_curves(run, {curve("then")}, 2, 6, true);
  EXPECT_TRUE(std::filesystem::exists(run.path() / "measures" / "val_loss_x.curve.json"));
  EXPECT_TRUE(std::filesystem::exists(run.path() / "measures" / "then.curve.epoch-00002.json"));
  EXPECT_EQ(kept_scores(run).size(), 1U);
  EXPECT_TRUE(kept_scores(run, 2).empty());
  const KeptCurves kept = kept_curves(run);
  ASSERT_EQ(kept.curves.size(), 1U);
  EXPECT_EQ(kept.curves[0].name, "val_loss_x");
  EXPECT_EQ(kept.curves[0].points[0].images, 128);
  EXPECT_EQ(kept_curves(run, 2).curves.at(0).name, "then");
  keep_curves(run, {curve("old")}, 2, 6, false);  // of weights that are the newest no more
  EXPECT_EQ(kept_curves(run).curves.size(), 1U);
}

TEST_F(Kept, ADamagedCurveIsNamedAndCostsNothingElse) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("x", 1)}, 3, 7, false);
  keep_curves(run, {curve("good"), curve("bad")}, 3, 7, false);
  for (const char* text : {"{", "[]", R"({"schema": "ganymede.curve/1"})", R"({"schema": "another/1"})"}) {
    std::ofstream(run.path() / "measures" / "bad.curve.json") << text;
    const KeptCurves kept = kept_curves(run);
    EXPECT_EQ(kept.curves.size(), 1U);
    ASSERT_EQ(kept.damaged.size(), 1U) << text;
    EXPECT_NE(kept.damaged[0].find("bad.curve.json"), std::string::npos) << kept.damaged[0];
    EXPECT_EQ(kept_scores(run).size(), 1U);
  }
}

}  // namespace
}  // namespace ganymede::page
