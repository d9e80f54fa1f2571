#include "evaluate/real_or_fake.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluate/tiny.hpp"

namespace ganymede::evaluate {
namespace {

TEST(BestThreshold, SeparatesWhatCanBeSeparated) {
  EXPECT_EQ(best_threshold({3, 5}, {-1, 1}), 2);
}

TEST(BestThreshold, LeavesTheFewestWrong) {
  // Above 2.5: reals 3, 4 right, 1 wrong; fakes 0, 2 right, 5 wrong. No other threshold tells more than four.
  EXPECT_EQ(best_threshold({1, 3, 4}, {0, 2, 5}), 0.5);  // as many, but lower: reals 1, 3, 4 and fake 0
}

TEST(BestThreshold, CallsAllRealWhereFakesLieAbove) {
  EXPECT_LT(best_threshold({0, 1, 2}, {5}), 0);
}

TEST(BestThreshold, NeverCutsEqualLogits) {
  EXPECT_EQ(best_threshold({1, 1, 2}, {1, 0}), 0.5);
}

struct Judges : ::testing::Test {
  testing::TinyRuns tiny;
  run::RunDirectory run = tiny.train("a");
  Weights weights = load_weights(run);
  Reference reference{tiny.recipe, tiny.reference_options()};
  TrainedGenerator generator{weights.snapshot, run.path(), 1};
  EvaluateOptions options{.threads = 1};
};

TEST_F(Judges, WeakTellsAnUntrainedGeneratorAtOnceButNotHalvesOfReals) {
  const auto scores = real_or_generated_scores(generator, reference, tiny.recipe, "nk_weak_v1", options);
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
}

TEST_F(Judges, StrongWantsAllOfItsSamples) {
  EXPECT_THROW(real_or_generated_scores(generator, reference, tiny.recipe, "nk_strong_v1", options), DataError);
}

TEST_F(Judges, TheRunsOwnDiscriminatorJudgesTheSameSamples) {
  const auto scores = discriminator_scores(weights.snapshot, generator, reference, options);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_TRUE(scores[0].name.starts_with("d_accuracy240_bars-")) << scores[0].name;
  EXPECT_EQ(scores[0].count_real, 240);
  EXPECT_TRUE(scores[1].name.starts_with("d_best_accuracy240_bars-"));
  EXPECT_EQ(scores[1].count_real + scores[1].count_fake, 240);  // the other half chose the threshold
  EXPECT_GE(scores[1].value, scores[0].value - 0.1);
}

}  // namespace
}  // namespace ganymede::evaluate
