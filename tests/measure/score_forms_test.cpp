#include "measure/score_forms.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;

TEST(ScoreForms, NameTheirProtocol) {
  const PathLengthOptions path{.prior = {.dim = 2}, .kind = latent::PathKind::lerp, .count = 1000};
  const FeatureGenerator identity = [](std::span<const float> z, std::int64_t) {
    return FeatureMatrix{{z.begin(), z.end()}, 2};
  };
  const Score length = score_of(perceptual_path_length(identity, path), path, "pixels");
  EXPECT_EQ(length.name, "path_length1k_pixels");
  EXPECT_EQ(
      length.protocol,
      "features pixels, lerp between two draws of the normal prior in 2 dimensions, t uniform, epsilon 0.01, 0.01 "
      "trimmed at either end, seed 1; interval: bootstrap over paths");

  const Score told = score_of(classifier_two_sample_test(15, 20), "weak_v1");
  EXPECT_EQ(told.name, "two_sample_accuracy_weak_v1");
  EXPECT_EQ(told.better, Better::half);
  EXPECT_NE(told.protocol.find("p = 0.02069"), std::string::npos) << told.protocol;
}

TEST(ScoreForms, OfPairsSayWhatTheyAreDividedBy) {
  const FeatureMatrix draw = gaussian(60, 3, 1), real = gaussian(60, 3, 2, 0, 2);
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 60; ++i) labels.push_back(i % 3);
  const PairOptions options{.normaliser = Normaliser::deviation, .reference = real};
  const auto scores = scores_of(differences_within({draw, labels}, options), options, "moves",
                                differences_within({real, labels}, options));
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[0].name, "msd_moves");
  EXPECT_EQ(scores[1].name, "nrmsd_deviation_moves");
  EXPECT_NEAR(scores[0].floor.value() / scores[0].value, 4, 1);
  EXPECT_NE(scores[1].protocol.find("divided by the deviation"), std::string::npos) << scores[1].protocol;
  EXPECT_LT(scores[0].low, scores[0].value);
}

TEST(ScoreForms, OfAMixtureHaveTheRealsForAFloor) {
  const data::Mixture ring = data::ring_mixture(8, 1, .02);
  const MixtureCoverage one = mixture_coverage(testing::rows(2, {1, 0, 1, .01F}), ring),
                        all = mixture_coverage(Features{ring.centres, ring.dim}, ring);
  const auto scores = scores_of(one, "ring8", 3, 1, all);
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_EQ(scores[0].name, "mixture_modes2_ring8");
  EXPECT_EQ(scores[0].value, 1);
  EXPECT_EQ(scores[0].floor, 8);
  EXPECT_EQ(scores[1].value, 1);
  EXPECT_NEAR(scores[2].value, std::log(8), 1e-12);
  EXPECT_NEAR(scores[2].floor.value(), 0, 1e-12);
  EXPECT_EQ(scores[0].low, 1) << "the mode was met twice";
  EXPECT_GE(scores[2].high, scores[2].value);
}

TEST(ScoreForms, OfCountedClassesAreNamedByTheirNumberOfSamples) {
  const auto scores = scores_of(mode_coverage({25600, 0}), "stacked_v1", "by hand", mode_coverage({12800, 12800}));
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[0].name, "modes25600_stacked_v1");
  EXPECT_EQ(scores[0].value, 1);
  EXPECT_EQ(scores[0].floor, 2);
  EXPECT_EQ(scores[1].name, "reverse_kl25600_stacked_v1");
  EXPECT_NEAR(scores[1].value, std::log(2), 1e-12);
  EXPECT_EQ(scores[1].floor, 0);
  EXPECT_EQ(scores[1].count_real, 25600);
  EXPECT_TRUE(scores[1].protocol.starts_with("by hand; interval: "));
}

}  // namespace
}  // namespace ganymede::measure
