#include "evaluate/real_or_generated.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluate/tiny.hpp"

namespace ganymede::evaluate {
namespace {

struct Judges : ::testing::Test {
  testing::TinyRuns tiny;
  run::RunDirectory run = tiny.train("a");
  explore::Weights weights = explore::load_weights(run);
  Reference reference{tiny.recipe, tiny.reference_options()};
  explore::TrainedGenerator generator{*tiny.session.backend, weights.snapshot, run.path(), 1};
  EvaluateOptions options{.threads = 1};
};

TEST_F(Judges, WeakTellsAnUntrainedGeneratorAtOnceButNotHalvesOfReals) {
  const RealOrGeneratedScores found = judge_real_or_generated(generator, reference, tiny.recipe, "nk_weak_v1", options);
  const auto& scores = found.scores;
  ASSERT_EQ(scores.size(), 2U);
  const measure::Score &loss = scores[0], &error = scores[1];
  EXPECT_TRUE(loss.name.starts_with("val_loss300_nk_weak_v1_bars-")) << loss.name;
  EXPECT_TRUE(error.name.starts_with("error_rate300_nk_weak_v1_bars-"));
  EXPECT_EQ(loss.count_real, 240);
  EXPECT_EQ(loss.count_fake, 240);
  EXPECT_LT(error.value, 0.02);
  EXPECT_LE(error.low, error.value);
  EXPECT_GE(error.high, error.value);
  EXPECT_LT(loss.value, 0.2);
  EXPECT_NEAR((loss.low + loss.high) / 2, loss.value, 1e-6);  // the interval is of the fit's own loss
  ASSERT_TRUE(error.floor && loss.floor);
  EXPECT_NEAR(*error.floor, 0.5, 0.15);  // 240 judged: four deviations
  EXPECT_GT(*loss.floor, std::log(2) - 0.1);
  EXPECT_EQ(loss.better, measure::Better::higher);
  EXPECT_EQ(error.better, measure::Better::half);

  const measure::JudgeCurve& curve = found.curve;
  EXPECT_EQ(curve.name, loss.name);
  ASSERT_EQ(curve.points.size(), 12U);       // 1, 2 ... 32, 50, 100 ... 300
  EXPECT_EQ(curve.points.back().step, 300);  // five steps an epoch: 4 x 128 + 88 of 600
  EXPECT_EQ(curve.points.back().images, 36000);
  EXPECT_EQ(curve.points[1].images, 256);
  EXPECT_EQ(curve.points[3].images, 600 + 3 * 128);
  EXPECT_EQ(curve.points.back().val_loss, loss.value);
  EXPECT_EQ(curve.points.back().error_rate, error.value);
  EXPECT_EQ(curve.points.back().judged, 480);
  EXPECT_LE(images_until(curve).value_or(1 << 30), 36000);
}

// 100 + 100 samples in batches of 80: 80, 80, 40.
TEST(JudgeCurve, CountsSamplesOfShortLastBatches) {
  fit::RealOrGeneratedProtocol protocol;
  protocol.name = "nk_weak_v1";
  protocol.fit.batch = 80;
  fit::RealOrGeneratedResult result;
  result.real_train = result.fake_train = 100;
  const auto point = [](std::int64_t step, std::int64_t errors, std::int64_t count) {
    return fit::CurvePoint{.step = step, .validation = {.loss = 0.6, .errors = errors, .count = count}};
  };
  result.fit.curve = {point(1, 5, 10), point(2, 3, 10), point(3, 1, 10), point(7, 2, 40)};
  const measure::JudgeCurve curve = curve_of("val_loss100_x", protocol, result);
  EXPECT_EQ(curve.protocol, "nk_weak_v1");
  ASSERT_EQ(curve.points.size(), 4U);
  EXPECT_EQ(curve.points[0].images, 80);
  EXPECT_EQ(curve.points[1].images, 160);
  EXPECT_EQ(curve.points[2].images, 200);
  EXPECT_EQ(curve.points[3].images, 480);  // two epochs and a batch
  EXPECT_EQ(curve.points[1].error_rate, 0.3);
  EXPECT_EQ(curve.points[3].judged, 40);
}

TEST_F(Judges, AreStoppedBetweenDrawsAndStepsAndSay) {
  for (const std::int64_t after : {0, 1, 7}) {
    std::int64_t asked = 0;
    options.stop = [&] { return asked++ >= after; };
    EXPECT_THROW(judge_real_or_generated(generator, reference, tiny.recipe, "nk_weak_v1", options), Error) << after;
    EXPECT_EQ(asked, after + 1);
  }
}

TEST_F(Judges, WeakTakesNoMoreThanTheCountAsked) {
  options.count = 120;
  const RealOrGeneratedScores found = judge_real_or_generated(generator, reference, tiny.recipe, "nk_weak_v1", options);
  EXPECT_TRUE(found.scores.at(0).name.starts_with("val_loss120_")) << found.scores[0].name;
  EXPECT_EQ(found.scores[0].count_real, 120);
  EXPECT_EQ(found.scores[0].count_fake, 120);
}

TEST_F(Judges, SeeFakesAtLevelsOrAsGeneratedAsTheirProtocolSays) {
  const auto seen = [&](const char* name) {
    const auto protocol = fit::real_or_generated_protocol(name, {1, 28, 28});
    return fakes_for(protocol, generator, kJudgeValidationSeed, {})(0, 2).dtype();
  };
  EXPECT_EQ(seen("nk_strong_v1"), DType::u8);
  EXPECT_EQ(seen("nk_strong_raw_v1"), DType::f32);
}

TEST_F(Judges, StrongWantsAllOfItsSamples) {
  EXPECT_THROW(judge_real_or_generated(generator, reference, tiny.recipe, "nk_strong_v1", options), DataError);
}

}  // namespace
}  // namespace ganymede::evaluate
