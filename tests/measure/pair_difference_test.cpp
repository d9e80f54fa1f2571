#include "measure/pair_difference.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;
using testing::rows;

const std::vector<std::int32_t> kLabels{7, 2, 7, 2, 7, 5};

TEST(DifferencesWithin, AreThoseByHand) {
  // Class 2: (0,0) and (2,0): msd 2. Class 7: (0,0), (0,2), (4,0): 2, 8, 10. Class 5 has one sample.
  const FeatureMatrix samples = rows(2, {0, 0, 0, 0, 0, 2, 2, 0, 4, 0, 9, 9});
  const PairDifferences found = differences_within({samples, kLabels});
  ASSERT_EQ(found.classes.size(), 2u);
  EXPECT_EQ(found.classes[0].label, 2);
  EXPECT_EQ(found.classes[0].pairs, 1);
  EXPECT_NEAR(found.classes[0].msd, 2, 1e-12);
  EXPECT_EQ(found.classes[1].label, 7);
  EXPECT_EQ(found.classes[1].pairs, 3);
  EXPECT_NEAR(found.classes[1].msd, 20. / 3, 1e-12);
  EXPECT_NEAR(found.average.msd, (2 + 20. / 3) / 2, 1e-12);
  EXPECT_EQ(found.normaliser, 9);
  EXPECT_NEAR(found.classes[1].nrmsd, (std::sqrt(2) + std::sqrt(8) + std::sqrt(10)) / 27, 1e-12);
  EXPECT_NEAR(found.average.nrmsd, (std::sqrt(2) / 9 + found.classes[1].nrmsd) / 2, 1e-12);
}

TEST(DifferencesBetween, TakeOneSampleOfEachDraw) {
  const std::vector<std::int32_t> first{1, 1, 3}, second{1, 4};
  const PairDifferences found = differences_between({rows(1, {0, 4, 9}), first}, {rows(1, {2, 9}), second});
  ASSERT_EQ(found.classes.size(), 1u);
  EXPECT_EQ(found.average.pairs, 2);
  EXPECT_NEAR(found.average.msd, 4, 1e-12);
  EXPECT_NEAR(found.average.nrmsd, 2. / 9, 1e-12);
}

TEST(Normaliser, HasFourDefinitions) {
  const std::vector<float> values{0, 1, 2, 5};
  EXPECT_EQ(normaliser_of(values, Normaliser::range), 5);
  EXPECT_NEAR(normaliser_of(values, Normaliser::deviation), std::sqrt(3.5), 1e-12);
  EXPECT_EQ(normaliser_of(values, Normaliser::mean), 2);
  EXPECT_EQ(normaliser_of(values, Normaliser::quartiles), 2.75 - .75);
  for (const auto n : {Normaliser::range, Normaliser::deviation, Normaliser::mean, Normaliser::quartiles}) {
    EXPECT_EQ(normaliser_from(name_of(n)), n);
  }
  EXPECT_THROW(normaliser_from("maximum"), ConfigError);
}

TEST(Nrmsd, MayBeDividedByAReferenceOrByEachPair) {
  const FeatureMatrix samples = rows(2, {0, 1, 0, 3}), reference = rows(2, {0, 20});
  const std::vector<std::int32_t> labels{0, 0};
  EXPECT_NEAR(differences_within({samples, labels}, {.reference = reference}).average.nrmsd, std::sqrt(2) / 20, 1e-12);
  EXPECT_NEAR(differences_within({samples, labels}, {.scope = NormaliserScope::pair}).average.nrmsd, std::sqrt(2) / 3,
              1e-12);
  const FeatureMatrix opposite = rows(2, {1, -1, 3, -3});
  EXPECT_THROW(differences_within({opposite, labels}, {.normaliser = Normaliser::mean}), DataError);
}

TEST(DifferencesWithin, AreZeroForCollapsedClasses) {
  const std::vector<std::int32_t> labels{0, 0, 0};
  const PairDifferences found = differences_within({rows(2, {3, 4, 3, 4, 3, 4}), labels});
  EXPECT_EQ(found.average.msd, 0);
  EXPECT_EQ(found.average.nrmsd, 0);
  EXPECT_EQ(found.average.msd_interval, (Interval{0, 0}));
}

// Samples of N(0, I): msd has the expectation 2. The honest interval holds it about as often as it says; the one over
// pairs, which takes them for independent, is narrower.
TEST(DifferencesWithin, HaveAnIntervalThatHoldsTheTruth) {
  const std::vector<std::int32_t> labels(40, 0);
  int held = 0;
  double samples_width = 0, pairs_width = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const FeatureMatrix draw = gaussian(40, 3, i);
    PairOptions options{.bootstrap = {.resamples = 300}};
    const Interval honest = differences_within({draw, labels}, options).average.msd_interval;
    options.unit = ResampledUnit::pairs;
    const Interval narrow = differences_within({draw, labels}, options).average.msd_interval;
    held += honest.low <= 2 && 2 <= honest.high;
    samples_width += honest.high - honest.low;
    pairs_width += narrow.high - narrow.low;
  }
  EXPECT_GE(held, 176);  // 88 %
  EXPECT_LE(held, 198);
  EXPECT_GT(samples_width, 1.5 * pairs_width);
}

TEST(DifferencesWithin, DrawPairsWhereThereAreTooMany) {
  const std::vector<std::int32_t> labels(300, 0);
  const FeatureMatrix draw = gaussian(300, 3, 1);
  const PairDifferences all =
                            differences_within({draw, labels}, {.most_pairs = 100000, .bootstrap = {.resamples = 10}}),
                        some = differences_within({draw, labels}, {.most_pairs = 5000, .bootstrap = {.resamples = 10}});
  EXPECT_EQ(all.average.pairs, 300 * 299 / 2);
  EXPECT_EQ(some.average.pairs, 5000);
  EXPECT_NEAR(some.average.msd, all.average.msd, 4 * 1.7 / std::sqrt(5000.0));
}

TEST(Differences, RejectWhatHasNoPairs) {
  const std::vector<std::int32_t> two{0, 1};
  EXPECT_THROW(differences_within({rows(1, {0, 1}), two}), DataError);
  EXPECT_THROW(differences_within({rows(1, {0, 1, 2}), two}), ShapeError);
  EXPECT_THROW(differences_between({rows(1, {0, 1}), two}, {rows(2, {0, 1, 2, 3}), two}), ShapeError);
}

}  // namespace
}  // namespace ganymede::measure
