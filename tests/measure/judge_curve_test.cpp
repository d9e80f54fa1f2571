#include "measure/judge_curve.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/mutate.hpp"

namespace ganymede::measure {
namespace {

JudgePoint point(std::int64_t step, std::int64_t images, double error_rate, std::int64_t judged) {
  return {.step = step,
          .epoch = static_cast<double>(step) / 3,
          .images = images,
          .train_loss = 0.7,
          .val_loss = 0.6,
          .error_rate = error_rate,
          .judged = judged};
}

/// 100 + 100 samples in batches of 80: 80, 80, 40.
JudgeCurve learnt() {
  return {.name = "val_loss100_x",
          .protocol = "nk_weak_v1",
          .points = {point(1, 80, 0.5, 10), point(2, 160, 0.3, 10), point(3, 200, 0.1, 10), point(7, 480, 0.05, 40)}};
}

TEST(JudgeCurve, KnowsWhenEnoughWasTold) {
  const JudgeCurve curve = learnt();
  EXPECT_EQ(images_until(curve), 200);  // 0.9 itself counts
  EXPECT_EQ(images_until(curve, 0.95), 480);
  EXPECT_EQ(images_until(curve, 0.96), std::nullopt);
}

TEST(JudgeCurve, ComesBackFromItsText) {
  const JudgeCurve curve = learnt();
  auto json = to_json(curve);
  EXPECT_EQ(json.at("images_until_90"), 200);
  EXPECT_EQ(json.at("images").dump(), "[80,160,200,480]");
  json["epoch"] = 3;  // what a run's folder adds
  const JudgeCurve back = parse_curve(json.dump(), "x");
  EXPECT_EQ(back.name, curve.name);
  EXPECT_EQ(back.protocol, curve.protocol);
  EXPECT_EQ(to_json(back), to_json(curve));
}

TEST(JudgeCurve, SaysWhatIsWrong) {
  const auto json = to_json(learnt());
  const auto fault = [&](auto change) {
    auto changed = json;
    change(changed);
    try {
      parse_curve(changed.dump(), "file");
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(fault([](auto& j) { j["schema"] = "ganymede.score/1"; }),
            "file: wanted the schema \"ganymede.curve/1\", found \"ganymede.score/1\"");
  EXPECT_EQ(fault([](auto& j) { j.erase("val_loss"); }), "file: no curve: \"val_loss\" is missing");
  EXPECT_EQ(fault([](auto& j) { j["images"].erase(0); }), "file: images: wanted 4 values, as steps has, found 3");
  EXPECT_EQ(fault([](auto& j) { j["error_rate"][1] = 1.5; }), "file: error_rate: wanted numbers of 0 to 1, found 1.5");
  EXPECT_EQ(fault([](auto& j) { j["train_loss"][1] = nullptr; }),
            "file: train_loss: wanted numbers of 0 to 1e+15, found null");
  EXPECT_EQ(fault([](auto& j) { j["steps"][0] = 9; }), "file: steps and images: wanted ascending numbers");
  EXPECT_EQ(fault([](auto& j) { j["steps"] = nlohmann::json::array(); }), "file: steps: wanted a point or more");
  EXPECT_EQ(fault([](auto& j) { j["epochs"] = 3; }), "file: epochs: wanted a list, found number");
}

// Bytes changed, taken out and put in: an error that names the file, or a curve that holds what it promises.
TEST(JudgeCurve, SurvivesAnyDamage) {
  const std::string whole = to_json(learnt()).dump();
  int read = 0, refused = 0;
  for (std::uint32_t round = 0; round < 3000; ++round) {
    RandomSequence random(Random(1, "damage"), round);
    const std::string text = ganymede::testing::mutate_json(whole, random);
    try {
      const JudgeCurve curve = parse_curve(text, "file");
      ++read;
      ASSERT_FALSE(curve.points.empty());
      for (std::size_t i = 0; i < curve.points.size(); ++i) {
        const JudgePoint& p = curve.points[i];
        EXPECT_TRUE(p.error_rate >= 0 && p.error_rate <= 1 && p.images >= 0 && p.val_loss >= 0);
        EXPECT_TRUE(i == 0 || p.images >= curve.points[i - 1].images);
      }
    } catch (const DataError& error) {
      ++refused;
      EXPECT_TRUE(std::string(error.what()).starts_with("file: ")) << error.what();
    }
  }
  EXPECT_GT(read, 50);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace ganymede::measure
