#include "measure/feature_scores.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "measure/frechet.hpp"
#include "measure/kernel_distance.hpp"
#include "measure/numpy_order.hpp"
#include "measure/sets.hpp"
#include "measure/subsamples.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;

constexpr std::int64_t kCount = 400;

const Score& named(const std::vector<Score>& scores, const std::string& name) {
  return *std::ranges::find(scores, name, &Score::name);
}

TEST(FeatureScores, AreNamedByMeasureCountAndFeatures) {
  ThreadPool pool(2);
  const auto scores = feature_scores({.real = gaussian(900, 4, 1), .fake = gaussian(500, 4, 2)},
                                     {.features = "test_v1", .count = kCount}, pool);
  ASSERT_EQ(scores.size(), list_feature_measures().size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i].name, std::string(list_feature_measures()[i].name) + "400_test_v1");
    EXPECT_EQ(scores[i].count_fake, kCount);
    EXPECT_EQ(scores[i].count_floor, kCount);  // 900 reals have two halves of 400
    EXPECT_LE(scores[i].low, scores[i].value) << scores[i].name;
    EXPECT_GE(scores[i].high, scores[i].value) << scores[i].name;
    EXPECT_NE(scores[i].protocol.find("features test_v1 of 4 values, seed 1; "), std::string::npos);
  }
}

TEST(FeatureScores, OfOneLawAreAtTheirFloor) {
  ThreadPool pool(2);
  const auto scores = feature_scores({.real = gaussian(800, 3, 1), .fake = gaussian(400, 3, 2)},
                                     {.features = "t", .count = kCount}, pool);
  for (const Score& score : scores) {
    // Both are the same score of other samples of the law.
    EXPECT_NEAR(score.value, score.floor.value(), score.high - score.low) << to_line(score);
    EXPECT_LT(score.high - score.low, score.name.starts_with("density") ? .4 : .25) << to_line(score);
  }
}

// Neighbourhoods are shared, so that no sample is a trial of its own: the intervals are those of subsampling.
TEST(FeatureScores, HaveTheIntervalsOfTheirSubsamples) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(kCount, 3, 1), fake = gaussian(kCount, 3, 2);
  const RealAndFake sets{.real = real, .fake = fake};
  const auto scores = feature_scores(sets, {.features = "t", .count = kCount}, pool);
  const auto subsets = manifold_of_subsamples(sets, 5, 1, pool);
  const auto expect = [&](const std::string& name, std::vector<double> values, std::int64_t count) {
    const Score& score = named(scores, name + "400_t");
    const Interval wanted = share_interval(score.value, values, count);
    EXPECT_EQ(score.low, wanted.low) << name;
    EXPECT_EQ(score.high, wanted.high) << name;
  };
  const auto values_of = [&](double ManifoldScores::*what) {
    std::vector<double> values;
    for (const ManifoldScores& one : subsets) values.push_back(one.*what);
    return values;
  };
  expect("precision", values_of(&ManifoldScores::precision), kCount);
  expect("recall", values_of(&ManifoldScores::recall), kCount);
  expect("coverage", values_of(&ManifoldScores::coverage), kCount);
  expect("one_nn", one_nn_of_subsamples(sets, 1, pool), 2 * kCount);
  const Score& density = named(scores, "density400_t");
  EXPECT_EQ(density.high, count_interval(density.value, values_of(&ManifoldScores::density)).high);
}

// Rounding puts the distance of a set to itself on either side of 0: value and interval are clamped alike.
TEST(FeatureScores, HaveNoDistanceBelowZero) {
  ThreadPool pool(2);
  const std::vector<std::string> frechet{"frechet"};
  for (std::uint32_t i = 0; i < 20; ++i) {
    const FeatureMatrix set = gaussian(200, 24, i, 3);
    const Score score = feature_scores({.real = set, .fake = set}, {.count = 200}, pool, frechet).at(0);
    EXPECT_GE(score.value, 0);
    EXPECT_GE(score.low, 0);
    EXPECT_LE(score.low, score.value);
    EXPECT_GE(score.high, score.value);
  }
}

TEST(FeatureScores, SeeEachFailure) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(800, 3, 1);
  const FeatureProtocol protocol{.features = "t", .count = kCount};
  const auto shifted = feature_scores({.real = real, .fake = gaussian(400, 3, 2, 2)}, protocol, pool);
  EXPECT_GT(named(shifted, "frechet400_t").low, 10 * *named(shifted, "frechet400_t").floor);
  EXPECT_GT(named(shifted, "kernel400_t").low, 0);
  EXPECT_GT(named(shifted, "one_nn400_t").low, .6);
  const auto collapsed = feature_scores({.real = real, .fake = gaussian(400, 3, 2, 0, .05F)}, protocol, pool);
  EXPECT_GT(named(collapsed, "precision400_t").value, .95);
  EXPECT_LT(named(collapsed, "recall400_t").high, .2);
  const auto copied = feature_scores({.real = real, .fake = real.view().slice(0, 400)}, protocol, pool);
  EXPECT_EQ(named(copied, "one_nn400_t").value, 0);
}

TEST(FeatureScores, DoNotDependOnTheNumberOfThreads) {
  const FeatureMatrix real = gaussian(300, 70, 1), fake = gaussian(300, 70, 2);
  ThreadPool one(1), three(3);
  const FeatureProtocol protocol{.count = 300};
  const auto a = feature_scores({.real = real, .fake = fake}, protocol, one),
             b = feature_scores({.real = real, .fake = fake}, protocol, three);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].value, b[i].value);
    EXPECT_EQ(a[i].low, b[i].low);
    EXPECT_EQ(a[i].high, b[i].high);
    EXPECT_EQ(a[i].floor, b[i].floor);
  }
}

TEST(FeatureScores, TakeTheMeasuresThatAreNamed) {
  ThreadPool pool(1);
  const FeatureMatrix set = gaussian(200, 2, 1);
  const std::vector<std::string> two{"coverage", "frechet"}, typo{"frechett"};
  const auto scores = feature_scores({.real = set, .fake = set}, {.count = 200}, pool, two);
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[0].name, "frechet200_features");
  EXPECT_EQ(scores[1].name, "coverage200_features");
  try {
    feature_scores({.real = set, .fake = set}, {.count = 200}, pool, typo);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean \"frechet\"?"), std::string::npos) << error.what();
  }
  EXPECT_THROW(feature_scores({.real = set, .fake = set}, {.count = 201}, pool), DataError);
  EXPECT_THROW(feature_scores({.real = set, .fake = set}, {.count = 99}, pool), ConfigError);
}

// Far from the origin float32 products lose what the distances are made of.
TEST(FeatureScores, OfAPeersProtocolCountNeighboursInFloat64) {
  ThreadPool pool(2);
  FeatureMatrix real = gaussian(200, 2, 1), fake = gaussian(150, 2, 2);
  const std::vector<std::string> four{"precision", "recall", "density", "coverage"};
  const FeatureProtocol protocol{.features = "t", .count = 150, .peer = PeerProtocol{.count_real = 200}};
  const auto before = feature_scores({.real = real, .fake = fake}, protocol, pool, four);
  for (FeatureMatrix* set : {&real, &fake}) {
    for (float& v : set->values) v = std::round(v * 1024) / 1024 + 4096;
  }
  const auto after = feature_scores({.real = real, .fake = fake}, protocol, pool, four);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(after[i].value, before[i].value, .02) << before[i].name;
}

TEST(FeatureScores, OfAPeersProtocolTakeAllSamplesOfBothSides) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(300, 3, 1), fake = gaussian(200, 3, 2, 1);
  const RealAndFake sets{.real = real, .fake = fake};
  const std::vector<std::string> measures{"frechet", "kernel", "precision", "sliced_wasserstein"};
  const FeatureProtocol protocol{
      .features = "custom-0a1b2c3d", .count = 200, .peer = PeerProtocol{.count_real = 300, .subset_size = 150}};
  const auto scores = feature_scores(sets, protocol, pool, measures);
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores[0].name, "frechet200_custom-0a1b2c3d_v1");
  EXPECT_EQ(scores[0].value, frechet_distance(sets, pool));
  EXPECT_EQ(scores[0].count_real, 300);
  EXPECT_EQ(scores[0].count_fake, 200);
  EXPECT_EQ(scores[0].count_floor, 150);
  EXPECT_EQ(scores[1].name, "kernel200_custom-0a1b2c3d-100x150_v1") << "not the usual 1,000";
  EXPECT_EQ(scores[2].value, compare_manifolds(sets, 5, pool, Ball::open, true).precision());
  for (const Score& score : scores) EXPECT_LE(score.low, score.value) << score.name;
}

// By hand: subsets as NumPy draws them, fakes first, and the mean of their unbiased distances.
TEST(FeatureScores, OfAPeersProtocolDrawSubsetsAsTorchFidelityDoes) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(130, 4, 1), fake = gaussian(110, 4, 2, .5F);
  NumPyOrder order(2020);
  double sum = 0;
  for (int s = 0; s < 3; ++s) {
    const FeatureMatrix fakes = gather(fake, order.choice(110, 40)), reals = gather(real, order.choice(130, 40));
    sum += squared_mmd({.real = reals, .fake = fakes}, pool);
  }
  const std::vector<std::string> kernel{"kernel"};
  const FeatureProtocol protocol{
      .features = "t", .count = 110, .peer = PeerProtocol{.count_real = 130, .subsets = 3, .subset_size = 40}};
  EXPECT_NEAR(feature_scores({.real = real, .fake = fake}, protocol, pool, kernel).at(0).value, sum / 3, 1e-12);
}

TEST(FeatureScores, OfAPeersProtocolSayWhatIsNotTheUsual) {
  ThreadPool pool(1);
  const FeatureMatrix set = gaussian(200, 2, 1);
  const std::vector<std::string> recall{"recall"};
  FeatureProtocol protocol{.features = "t", .count = 200, .peer = PeerProtocol{.count_real = 200}};
  const auto name = [&] { return feature_scores({.real = set, .fake = set}, protocol, pool, recall).at(0).name; };
  EXPECT_EQ(name(), "recall200_t_v1");
  protocol.peer->neighbours = 3;
  protocol.peer->ball = Ball::closed;
  EXPECT_EQ(name(), "recall200_t-k3-closed_v1");
  protocol.peer->intervals = false;
  const Score score = feature_scores({.real = set, .fake = set}, protocol, pool, recall).at(0);
  EXPECT_TRUE(std::isnan(score.low) && std::isnan(score.high));
  EXPECT_FALSE(score.floor.has_value());
}

TEST(FeatureScores, OfAPeersProtocolRefuseWhatItCannotTake) {
  ThreadPool pool(1);
  const FeatureMatrix real = gaussian(300, 2, 1), fake = gaussian(200, 2, 2);
  const FeatureProtocol protocol{.features = "t", .count = 200, .peer = PeerProtocol{.count_real = 300}};
  const std::vector<std::string> kernel{"kernel"}, one_nn{"one_nn"};
  EXPECT_THROW(feature_scores({.real = real, .fake = fake}, protocol, pool, kernel), ConfigError) << "1,000 of 200";
  EXPECT_THROW(feature_scores({.real = real, .fake = fake}, protocol, pool, one_nn), ConfigError)
      << "chance is not 1/2";
}

TEST(InceptionScoreOf, ByAPeersProtocolIsOfTheFakesAlone) {
  FeatureMatrix fake{.values = std::vector<float>(2000), .dim = 10};
  for (std::size_t i = 0; i < 200; ++i) fake.values[i * 10 + i % 10] = 1;
  FeatureProtocol protocol{.features = "t", .count = 200, .peer = PeerProtocol{.splits = 1}};
  const Score one = inception_score_of({.real = {}, .fake = fake}, protocol);
  EXPECT_EQ(one.name, "inception200_t-splits1_v1");
  EXPECT_NEAR(one.value, 10, 1e-6);
  EXPECT_FALSE(one.floor.has_value());
  protocol.peer->splits = 10;
  const Score ten = inception_score_of({.real = {}, .fake = fake}, protocol);
  EXPECT_EQ(ten.name, "inception200_t_v1");
  EXPECT_NEAR(ten.value, 8.00974998233878, 1e-9) << "of the splits that torch-fidelity makes";
}

TEST(FrechetPositionsScore, CountsSamplesAndNotPositions) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(400 * 6, 3, 1), fake = gaussian(200 * 6, 3, 2, 1);
  const Score score = frechet_positions_score({.real = real, .fake = fake}, 6, {.features = "t", .count = 200}, pool);
  EXPECT_EQ(score.name, "frechet_positions200_t");
  EXPECT_EQ(score.count_real, 200);
  EXPECT_EQ(score.count_floor, 200);
  EXPECT_EQ(score.value, frechet_distance({.real = real.view().slice(0, 1200), .fake = fake}, pool));
  EXPECT_LT(score.floor.value(), .1);
  EXPECT_LT(score.low, 3);
  EXPECT_GT(score.high, 3);
}

TEST(InceptionScoreOf, HasTheRealsForAFloor) {
  FeatureMatrix real{.values = std::vector<float>(2000), .dim = 10},
      fake{.values = std::vector<float>(2000, .1F), .dim = 10};
  for (std::size_t i = 0; i < 200; ++i) real.values[i * 10 + i % 10] = 1;
  const Score score = inception_score_of({.real = real, .fake = fake}, {.features = "t", .count = 200});
  EXPECT_NEAR(score.value, 1, 1e-6);
  EXPECT_GT(score.floor.value(), 6);
}

}  // namespace
}  // namespace ganymede::measure
