#include "evaluate/comparison.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "page/kept_scores.hpp"
#include "page/scored_runs.hpp"

namespace ganymede::evaluate {
namespace {

using page::testing::score;

struct Compared : ::testing::Test, page::testing::ScoredRuns {};

TEST_F(Compared, RunsThatDifferInTheirSeedAreOneGroup) {
  const std::vector<std::filesystem::path> paths = {make("a1", 1, 8).path(), make("b1", 1, 16).path(),
                                                    make("a2", 2, 8).path()};
  const auto groups = group_runs(paths);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "a1, a2");
  EXPECT_EQ(groups[1].name, "b1");
  EXPECT_NE(groups[1].difference.find("train.batch: 8 -> 16"), std::string::npos) << groups[1].difference;
}

TEST_F(Compared, NamedSidesSayWhatTheirRecipesDifferIn) {
  const auto a1 = make("a1", 1, 8).path(), a2 = make("a2", 2, 8).path(), b1 = make("b1", 1, 16).path();
  const auto groups = named_groups({a1, a2}, {b1});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "a1, a2");
  EXPECT_EQ(groups[1].difference, "  train.batch: 8 -> 16\n");
  EXPECT_NE(named_groups({a1}, {a2, b1})[1].difference.find("several recipes"), std::string::npos);
}

TEST_F(Compared, ComparisonsNameEveryRunWithoutScores) {
  const RunGroup mine{.name = "mine", .runs = {make("a1", 1, 8).path(), make("a2", 2, 8).path()}, .difference = {}};
  const RunGroup theirs{.name = "theirs", .runs = {make("b1", 1, 16).path()}, .difference = {}};
  try {
    compare_groups(mine, theirs);
    FAIL() << "no run has scores";
  } catch (const DataError& e) {
    const std::string b1 = theirs.runs[0].string(), a1 = mine.runs[0].string(), a2 = mine.runs[1].string();
    EXPECT_EQ(std::string(e.what()),
              b1 + ", " + a1 + ", " + a2 +
                  ": have no scores of their newest weights; make them with: ganymede evaluate " + b1 + " " + a1 + " " +
                  a2);
  }
}

TEST_F(Compared, ComparisonsSayBetterWorseOrCannotTell) {
  RunGroup mine{.name = "mine", .runs = {}, .difference = {}}, theirs = mine;
  for (int seed = 0; seed < 4; ++seed) {
    const auto a = make("a" + std::to_string(seed), static_cast<std::uint64_t>(seed), 8);
    page::keep_scores(a, {score("lower", 1 + 0.01 * seed), score("noisy", seed), score("mine alone", 1)}, 1, 7, false);
    const auto b = make("b" + std::to_string(seed), static_cast<std::uint64_t>(seed), 16);
    page::keep_scores(b, {score("lower", 2 + 0.01 * seed), score("noisy", seed + 0.1)}, 1, 7, false);
    mine.runs.push_back(a.path());
    theirs.runs.push_back(b.path());
  }
  const auto found = compare_groups(mine, theirs);
  ASSERT_EQ(found.size(), 2U);  // names in common alone
  EXPECT_EQ(found[0].name, "lower");
  EXPECT_EQ(found[0].result.verdict, measure::Verdict::better);
  EXPECT_NEAR(found[0].result.difference, -1, 1e-12);
  EXPECT_EQ(found[1].result.verdict, measure::Verdict::cannot_tell);
  EXPECT_EQ(compare_groups(theirs, mine)[0].result.verdict, measure::Verdict::worse);
  EXPECT_NE(to_table(found).find("cannot tell"), std::string::npos);
}

// Each run's own discriminator is another judge; and beyond what chance reaches no score says more: the loss of a
// classifier that is fooled (log 2), and balls that hold more fakes than reals (density 1).
TEST_F(Compared, ComparisonsGiveNoVerdictWhereScoresDoNotCompare) {
  RunGroup mine{.name = "mine", .runs = {}, .difference = {}}, theirs = mine;
  const auto higher = [](const std::string& name, double value) {
    measure::Score one = score(name, value);
    one.better = measure::Better::higher;
    return one;
  };
  for (int seed = 0; seed < 4; ++seed) {
    const double more = 0.001 * seed;
    const auto keep = [&](const std::string& name, int batch, double accuracy, double density, double loss) {
      const auto run = make(name + std::to_string(seed), static_cast<std::uint64_t>(seed), batch);
      page::keep_scores(run,
                        {score("d_accuracy120_x", accuracy + more), higher("density120_x", density + more),
                         higher("val_loss120_x", loss + more)},
                        1, 7, false);
      return run.path();
    };
    mine.runs.push_back(keep("a", 8, 0.6, 1.9, 2.0));
    theirs.runs.push_back(keep("b", 16, 0.9, 1.1, 0.7));
  }
  const auto found = compare_groups(mine, theirs);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_FALSE(found[0].comparable) << found[0].name;
  for (const ScoreComparison& one : found) EXPECT_EQ(one.result.verdict, measure::Verdict::cannot_tell) << one.name;
  EXPECT_NEAR(found[1].result.candidate_mean, 1.9015, 1e-12) << "what was measured is shown";
  EXPECT_NE(to_table(found).find("not comparable"), std::string::npos);
}

TEST_F(Compared, ARunWithoutScoresIsNamed) {
  const auto a = make("a", 1, 8);
  const RunGroup group{.name = "a", .runs = {a.path()}, .difference = {}};
  try {
    compare_groups(group, group);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("ganymede evaluate"), std::string::npos);
  }
}

}  // namespace
}  // namespace ganymede::evaluate
