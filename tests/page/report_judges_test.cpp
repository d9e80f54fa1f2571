#include "page/report_judges.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "page/kept_scores.hpp"
#include "page/made_run.hpp"
#include "run/events.hpp"

namespace ganymede::page {
namespace {

TEST(SpeedOfTelling, IsWhereNineTenthsAreFirstTold) {
  const Speed speed = speed_of({.name = "", .x = {10, 20, 40, 80}, .y = {0.5, 0.9, 0.7, 1}});
  EXPECT_TRUE(speed.reached);
  EXPECT_EQ(speed.samples, 20);
  EXPECT_EQ(speed.share, 0.9);
}

TEST(SpeedOfTelling, IsOfTheBestWhereThatIsNeverReached) {
  const Speed speed = speed_of({.name = "", .x = {10, 20, 40}, .y = {0.5, 0.8, 0.6}});
  EXPECT_FALSE(speed.reached);
  EXPECT_EQ(speed.samples, 20);
  EXPECT_EQ(speed.share, 0.8);
  EXPECT_THROW(speed_of({}), Error);
}

TEST(ToldInTraining, IsTheMeanOfBothSidesOverSamplesOfBoth) {
  const Events events{
      nlohmann::json::parse(R"({"event": "start", "images": 0, "images_per_epoch": 10})"),
      nlohmann::json::parse(R"({"event": "step", "images": 8, "real_accuracy": 0.5, "fake_accuracy": 1})"),
      nlohmann::json::parse(R"({"event": "epoch", "images": 8, "real_accuracy": 0, "fake_accuracy": 0})"),
      nlohmann::json::parse(R"({"event": "step", "images": 16, "real_accuracy": "nan", "fake_accuracy": 1})"),
      nlohmann::json::parse(R"({"event": "step", "images": 24, "real_accuracy": 1, "fake_accuracy": 1})")};
  const picture::Series told = told_in_training(events);
  EXPECT_EQ(told.x, (std::vector<double>{16, 48}));
  EXPECT_EQ(told.y, (std::vector<double>{0.75, 1}));
}

TEST(ReportJudges, PutsClassifiersBesideTheRunsOwnDiscriminator) {
  const testing::MadeRuns tiny;
  const run::RunDirectory run = tiny.make("a");
  const Events events = run::read_events(run.events_path());
  const auto html = [&] {
    Page page("p");
    add_judges(page, run, events);
    return page.html();
  };
  EXPECT_EQ(html().find("Real or generated"), std::string::npos);

  const auto info = run.info();
  const auto score = [](const char* name, double value) {
    return measure::Score{.name = name,
                          .value = value,
                          .low = value - 0.125,
                          .high = value + 0.0625,
                          .count_real = 120,
                          .count_fake = 120,
                          .protocol = "p"};
  };
  keep_scores(run,
              {score("error_rate300_nk_weak_v1_x", 0.25), score("d_accuracy240_x", 0.625),
               score("d_best_accuracy240_x", 0.875)},
              info.epoch, info.step, false);
  measure::JudgeCurve curve{.name = "val_loss300_nk_weak_v1_x", .protocol = "nk_weak_v1", .points = {}};
  for (const auto& [images, error] : {std::pair{128, 0.5}, {6400, 0.2}, {38400, 0.25}}) {
    curve.points.push_back(
        {.step = images / 128, .epoch = images / 600.0, .images = images, .error_rate = error, .judged = 480});
  }
  keep_curves(run, {curve}, info.epoch, info.step, false);
  const std::string page = html();
  for (const char* part :
       {"Real or generated: nk_weak_v1, loss", "chance, log 2", "Real or generated: nk_weak_v1, errors",
        "Share told rightly",
        "<td class=\"text\">nk_weak_v1</td><td class=\"text\">never; 0.8 at 6,400</td><td>38,400</td>",
        "<td>38,400</td><td>0.75 [0.6875, 0.875] of 240</td><td>-</td>",
        "<td>0.625 [0.5, 0.6875] of 240</td><td>0.875 [0.75, 0.9375] of 240</td>"})
    EXPECT_NE(page.find(part), std::string::npos) << part;

  // D has the player's colour whatever stands beside it, and no classifier has one of the players'.
  const std::size_t plot = page.find(">Share told rightly<");
  const std::size_t judge = page.find(">nk_weak_v1<", plot), own = page.find(">own D, in training<", judge);
  ASSERT_NE(own, std::string::npos);
  const std::string before_judge = page.substr(plot, judge - plot), before_own = page.substr(judge, own - judge);
  EXPECT_EQ(before_judge.find("#d55e00"), std::string::npos);
  EXPECT_EQ(before_judge.find("#0072b2"), std::string::npos);
  EXPECT_NE(before_own.find("#d55e00"), std::string::npos);

  std::ofstream(run.path() / "measures" / "bad.curve.json") << "{";
  EXPECT_NE(html().find("Left out: "), std::string::npos);
  EXPECT_NE(html().find("bad.curve.json: no JSON"), std::string::npos);
  EXPECT_NE(html().find("Share told rightly"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::page
