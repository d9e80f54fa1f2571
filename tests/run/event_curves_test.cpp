#include "run/event_curves.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ganymede::run {
namespace {

using Json = nlohmann::json;

std::vector<Json> events() {
  return {Json::parse(R"({"event": "start", "step": 0, "epoch": 0, "images": 0, "seed": 1, "time_utc": "x"})"),
          Json::parse(R"({"event": "step", "step": 3, "epoch": 0, "images": 12, "generator_loss": 0.1,
                          "time_seconds": 2.5, "time_images_per_second": 40})"),
          Json::parse(R"({"event": "step", "step": 6, "epoch": 1, "images": 24, "generator_loss": "nan",
                          "penalty": -0.5})"),
          Json::parse(R"({"event": "epoch", "step": 6, "epoch": 1, "images": 24, "generator_loss": "inf",
                          "samples": "samples/epoch-0001.png", "good": true})"),
          Json::parse(R"({"event": "end", "step": 6, "time_seconds": 3})")};
}

TEST(CurvePoint, HoldsTheNumbersOfTheCourse) {
  const auto all = events();
  EXPECT_TRUE(curve_point(all[0]).empty()) << "of the run";
  EXPECT_TRUE(curve_point(all[4]).empty());
  EXPECT_EQ(curve_point(all[1]), (CurvePoint{{"generator_loss", .1}, {"time_images_per_second", 40}}));
  ASSERT_EQ(curve_point(all[3]).size(), 1U) << "neither texts nor truths";
  EXPECT_EQ(curve_point(all[3])[0].second, INFINITY);
  EXPECT_TRUE(std::isnan(curve_point(all[2])[0].second));
}

TEST(CurveTables, AreOneAKindWithEveryColumn) {
  const auto tables = curve_tables(events());
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(to_csv(tables.at("step")),
            "step,epoch,images,generator_loss,time_images_per_second,penalty\n"
            "3,0,12,0.1,40,\n"
            "6,1,24,nan,,-0.5\n");
  EXPECT_EQ(to_csv(tables.at("epoch")), "step,epoch,images,generator_loss\n6,1,24,inf\n");
}

TEST(CurveTables, KeepNumbersToTheBit) {
  const double value = 0.1 + 0.2;
  const auto tables = curve_tables({Json{{"event", "weak"}, {"step", 1}, {"val_loss", value}}});
  const std::string csv = to_csv(tables.at("weak"));
  EXPECT_EQ(std::stod(csv.substr(csv.rfind(',') + 1)), value);
  EXPECT_EQ(csv, "step,epoch,images,val_loss\n1,,,0.30000000000000004\n");
}

TEST(CurveTables, RefuseAnEventWithoutItsStep) {
  EXPECT_THROW(curve_tables({Json{{"event", "weak"}, {"val_loss", 1}}}), DataError);
}

}  // namespace
}  // namespace ganymede::run
