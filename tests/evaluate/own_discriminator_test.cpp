#include "evaluate/own_discriminator.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "evaluate/classified.hpp"
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

TEST(ScoresOfLogits, CountByHand) {
  const std::vector<double> real{2, -1, 3, -2, 4, 1, -5, 1}, fake{-1, 2, -2, -3, 1, -4, -1, -2};
  const auto scores = scores_of_logits(real, fake, play::Loss::non_saturating, "8_x");
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[0].name, "d_accuracy8_x");
  EXPECT_EQ(scores[0].value, 11.0 / 16);  // reals 2, 3, 4, 1, 1 and fakes -1, -2, -3, -4, -1, -2
  EXPECT_EQ(scores[0].count_real, 8);
  // Reals 2, 3, 4, -5 against -1, -2, 1, 1 standing for fakes: 3 + 2 told rightly.
  EXPECT_EQ(scores[0].floor, 5.0 / 8);
  EXPECT_EQ(scores[0].count_floor, 4);
  // Chosen on 2, 3, 4, -5 against -1, -2, 1, -1: 1.5; judged on -1, -2, 1, 1 against 2, -3, -4, -2.
  EXPECT_EQ(scores[1].name, "d_best_accuracy8_x");
  EXPECT_EQ(scores[1].value, 3.0 / 8);
  EXPECT_EQ(scores[1].count_real, 4);
  // Halves: chosen on 2, 4 against -1, 1: 1.5; judged on 3, -5 against -2, 1.
  EXPECT_EQ(scores[1].floor, 3.0 / 4);
  EXPECT_EQ(scores[1].count_floor, 2);
}

TEST(ScoresOfLogits, OneLawOnBothSidesIsAtTheFloor) {
  std::vector<double> real, fake;
  RandomSequence random(Random(1, "logits"), 0);
  for (int i = 0; i < 4000; ++i) {
    real.push_back(random.uniform() - 0.3);
    fake.push_back(random.uniform() - 0.3);
  }
  for (const auto& score : scores_of_logits(real, fake, play::Loss::non_saturating, "4k_x")) {
    EXPECT_NEAR(score.value, 0.5, 0.04) << score.name;
    EXPECT_NEAR(score.floor.value_or(0), 0.5, 0.05) << score.name;  // four deviations of 2,000 judged
  }
}

TEST(ScoresOfLogits, TakeTheThresholdOfTheLoss) {
  const std::vector<double> real{0.4, 0.6}, fake{0.2, 0.7};
  EXPECT_EQ(scores_of_logits(real, fake, play::Loss::least_squares, "2_x")[0].value, 0.5);
  EXPECT_EQ(scores_of_logits(real, fake, play::Loss::non_saturating, "2_x")[0].value, 0.5);
  EXPECT_FALSE(scores_of_logits(real, fake, play::Loss::least_squares, "2_x")[0].floor);  // too few
  const auto scores = scores_of_logits(real, fake, play::Loss::wasserstein, "2_x");
  ASSERT_EQ(scores.size(), 1U);  // a critic's own threshold is none
  EXPECT_EQ(scores[0].name, "d_best_accuracy2_x");
  EXPECT_EQ(scores_of_logits({1}, {0}, play::Loss::wasserstein, "1_x").size(), 0U);
}

TEST(OwnDiscriminator, JudgesTheHeldOutSamples) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  const explore::Weights weights = explore::load_weights(run);
  const Reference reference{tiny.recipe, tiny.reference_options()};
  explore::TrainedGenerator generator{*tiny.session.backend, weights.snapshot, run.path(), 1};
  const auto scores = discriminator_scores(weights.snapshot, generator, reference, {.threads = 1});
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_TRUE(scores[0].name.starts_with("d_accuracy240_bars-")) << scores[0].name;
  EXPECT_EQ(scores[0].count_real, 240);
  EXPECT_TRUE(scores[1].name.starts_with("d_best_accuracy240_bars-"));
  EXPECT_EQ(scores[1].count_real + scores[1].count_fake, 240);  // the other half chose the threshold
  // The same by hand: D's logits of the reals in the reference's order and of the fakes of the judges' names.
  engine::Model model(weights.snapshot.discriminator, 16, 1);
  NamedTensors of_d;
  for (const auto& [key, tensor] : weights.snapshot.tensors)
    if (key.starts_with("discriminator.")) of_d[key] = tensor;
  model.load(of_d);
  const auto logits = [&](const Tensor& pictures) {
    std::vector<float> values;
    for (const std::uint8_t v : pictures.values<std::uint8_t>())
      values.push_back((static_cast<float>(v) - 127.5F) / 127.5F);
    const Tensor found = model.infer({.count = pictures.shape()[0], .values = values}).output;
    return std::vector<double>(found.values<float>().begin(), found.values<float>().end());
  };
  const std::vector<double> real = logits(reference.held_out(0, 240));
  const std::vector<double> fake = logits(explore::as_samples(generator.draw(kJudgeValidationSeed, 240)));
  const auto by_hand = scores_of_logits(real, fake, play::Loss::non_saturating, "240_x");
  ASSERT_EQ(by_hand.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(scores[i].value, by_hand[i].value) << scores[i].name;
    EXPECT_EQ(scores[i].floor, by_hand[i].floor) << scores[i].name;
    EXPECT_EQ(scores[i].count_floor, scores[i].count_real / 2) << scores[i].name;
  }
  const auto right = std::ranges::count_if(real, [](double v) { return v > 0; }) +
                     std::ranges::count_if(fake, [](double v) { return v <= 0; });
  EXPECT_EQ(scores[0].value, static_cast<double>(right) / 480);
}

}  // namespace
}  // namespace ganymede::evaluate
