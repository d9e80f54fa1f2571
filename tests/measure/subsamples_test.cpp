#include "measure/subsamples.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/error.hpp"
#include "measure/distributions.hpp"
#include "measure/neighbours.hpp"
#include "measure/sets.hpp"

namespace ganymede::measure {
namespace {

using testing::gaussian;

constexpr std::array<const char*, 5> kNames{"precision", "recall", "density", "coverage", "one_nn"};

struct Found {
  std::array<double, 5> values;
  std::array<Interval, 5> intervals;
};

Found measured(const RealAndFake& sets, ThreadPool& pool) {
  const Manifold m = compare_manifolds(sets, 5, pool);
  Found found{.values = {m.precision(), m.recall(), m.density(), m.coverage(), leave_one_out_1nn(sets, pool).accuracy},
              .intervals = {}};
  std::array<std::vector<double>, 5> of_subsets;
  for (const ManifoldScores& s : manifold_of_subsamples(sets, 5, 1, pool)) {
    of_subsets[0].push_back(s.precision);
    of_subsets[1].push_back(s.recall);
    of_subsets[2].push_back(s.density);
    of_subsets[3].push_back(s.coverage);
  }
  of_subsets[4] = one_nn_of_subsamples(sets, 1, pool);
  const std::int64_t n = sets.real.count();
  for (std::size_t i = 0; i < 5; ++i) {
    found.intervals[i] = i == 2 ? count_interval(found.values[i], of_subsets[i])
                                : share_interval(found.values[i], of_subsets[i], i == 4 ? 2 * n : n);
  }
  return found;
}

/// How often intervals hold what equal laws give on average, over many pairs of sets of 200.
void expect_coverage(std::int64_t dim, std::uint32_t repetitions, double least, double most) {
  ThreadPool pool(1);
  std::vector<Found> all;
  for (std::uint32_t i = 0; i < repetitions; ++i) {
    const FeatureMatrix real = gaussian(200, dim, 2 * i), fake = gaussian(200, dim, 2 * i + 1);
    all.push_back(measured({.real = real, .fake = fake}, pool));
  }
  for (std::size_t m = 0; m < kNames.size(); ++m) {
    double truth = 0;
    for (const Found& found : all) truth += found.values[m] / repetitions;
    int held = 0;
    for (const Found& found : all) held += found.intervals[m].low <= truth && truth <= found.intervals[m].high;
    EXPECT_GE(held, least * repetitions) << kNames[m] << " in " << dim << " dimensions";
    EXPECT_LE(held, most * repetitions) << kNames[m] << " in " << dim << " dimensions";
    ::testing::Test::RecordProperty(std::string(kNames[m]) + std::to_string(dim), held);
  }
}

TEST(Subsamples, IntervalsHoldTheTruthOfEqualLawsInTwoDimensions) {
  expect_coverage(2, 100, .85, 1);
}
TEST(Subsamples, IntervalsHoldTheTruthOfEqualLawsIn64Dimensions) {
  expect_coverage(64, 60, .8, 1);
}
TEST(Subsamples, SlowIntervalsHoldTheTruthAsOftenAsTheySay) {
  expect_coverage(2, 400, .88, .99);
  expect_coverage(64, 400, .88, .99);
}

/// What a subset is measured to have, measured again from its own samples alone.
TEST(Subsamples, AreTheScoresOfTheirOwnSamples) {
  ThreadPool pool(2);
  const FeatureMatrix real = gaussian(150, 3, 1), fake = gaussian(130, 3, 2, .5F);
  const auto scores = manifold_of_subsamples({.real = real, .fake = fake}, 5, 9, pool);
  const auto accuracy = one_nn_of_subsamples({.real = real, .fake = fake}, 9, pool);
  ASSERT_EQ(scores.size(), static_cast<std::size_t>(kSubsamples));
  for (const std::uint32_t h : {0U, 1U, 63U}) {
    const FeatureMatrix a = gather(real, subset(150, 60, Random(9, "measure.subsamples.real"), h)),
                        b = gather(fake, subset(130, 52, Random(9, "measure.subsamples.fake"), h));
    const Manifold alone = compare_manifolds({.real = a, .fake = b}, 5, pool);
    EXPECT_DOUBLE_EQ(scores[h].precision, alone.precision());
    EXPECT_DOUBLE_EQ(scores[h].recall, alone.recall());
    EXPECT_DOUBLE_EQ(scores[h].density, alone.density());
    EXPECT_DOUBLE_EQ(scores[h].coverage, alone.coverage());
    EXPECT_DOUBLE_EQ(accuracy[h], leave_one_out_1nn({.real = a, .fake = b}, pool).accuracy);
  }
}

TEST(Subsamples, DoNotDependOnTheNumberOfThreads) {
  const FeatureMatrix real = gaussian(200, 10, 1), fake = gaussian(200, 10, 2);
  ThreadPool one(1), three(3);
  const Found a = measured({.real = real, .fake = fake}, one), b = measured({.real = real, .fake = fake}, three);
  EXPECT_EQ(a.intervals, b.intervals);
}

// No fake among the reals, in no subset: the spread is 0, and still 200 samples cannot show that the share is 0.
TEST(ShareInterval, IsTheBinomialOneWhereSubsetsAgree) {
  const std::vector<double> none(kSubsamples, 0.0);
  EXPECT_EQ(share_interval(0, none, 200), clopper_pearson(0, 200));
  EXPECT_GT(share_interval(0, none, 200).high, .01);
}

TEST(Subsamples, RejectTooFewSamples) {
  ThreadPool pool(1);
  const FeatureMatrix few = gaussian(12, 2, 1);
  EXPECT_THROW(manifold_of_subsamples({.real = few, .fake = few}, 5, 1, pool), ConfigError);
}

}  // namespace
}  // namespace ganymede::measure
