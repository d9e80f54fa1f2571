#include "measure/score_kinds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "measure/feature_scores.hpp"

namespace ganymede::measure {
namespace {

TEST(ScoreKinds, AreFoundByTheLongestBeginningOfAName) {
  EXPECT_STREQ(kind_of("frechet10k_mnist_v1")->stem, "frechet");
  EXPECT_STREQ(kind_of("frechet_positions10k_mnist_v1")->stem, "frechet_positions");
  EXPECT_STREQ(kind_of("msd_100_a_class_mnist_v1")->stem, "msd");
  EXPECT_STREQ(kind_of("d_best_accuracy10k_mnist")->stem, "d_best_accuracy");
  EXPECT_EQ(kind_of("modesty10k_x"), nullptr);
  EXPECT_EQ(kind_of("mine"), nullptr);
  for (const FeatureMeasure& m : list_feature_measures()) EXPECT_NE(kind_of(m.name), nullptr) << m.name;
}

TEST(ScoreKinds, SayInWordsWhichWayIsBetter) {
  EXPECT_EQ(words_of({.name = "frechet10k_mnist_v1"}), "Fréchet distance (lower is better)");
  EXPECT_EQ(words_of({.name = "density10k_mnist_v1"}), "density (higher is better, up to 1)");
  EXPECT_EQ(words_of({.name = "mine", .better = Better::higher}), "mine (higher)");
  const std::vector<Score> two{{.name = "kernel1k_a"}, {.name = "kernel2k_a"}, {.name = "recall1k_a"}};
  EXPECT_EQ(screen_names(two),
            (std::vector<std::string>{"kernel distance (lower is better) kernel1k_a",
                                      "kernel distance (lower is better) kernel2k_a", "recall (higher is better)"}));
}

TEST(ScoreKinds, CountNothingBeyondChanceAsBetter) {
  const ScoreKind* density = kind_of("density10k_x");
  EXPECT_EQ(compared_value(density, Better::higher, 1.3), 1);
  EXPECT_EQ(compared_value(density, Better::higher, 0.7), 0.7);
  EXPECT_EQ(compared_value(kind_of("val_loss10k_nk_weak_v1_x"), Better::higher, 0.9), std::log(2));
  EXPECT_EQ(compared_value(kind_of("frechet10k_x"), Better::lower, 5), 5);
  EXPECT_FALSE(kind_of("d_accuracy10k_x")->between_runs);
}

}  // namespace
}  // namespace ganymede::measure
