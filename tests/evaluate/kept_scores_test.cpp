#include "evaluate/kept_scores.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "evaluate/comparison.hpp"
#include "evaluate/tiny.hpp"

namespace ganymede::evaluate {
namespace {

measure::Score score(const std::string& name, double value) {
  return {.name = name, .value = value, .low = value - 1, .high = value + 1, .count_fake = 5, .protocol = "p"};
}

struct Kept : ::testing::Test {
  /// A run that has got to `step`, with a recipe of that seed and batch.
  run::RunDirectory make(const std::string& name, std::uint64_t seed, int batch, std::uint64_t step = 7) const {
    run::Recipe recipe;
    recipe.name = "r";
    recipe.train.seed = seed;
    recipe.train.batch = batch;
    recipe.train.epochs = 1;
    run::RunInfo info;
    info.step = step;
    auto directory = run::RunDirectory::create(root, name, recipe, info);
    info.step = step;
    directory.write_info(info);
    return directory;
  }
  ganymede::testing::FreshFolder root;
};

TEST_F(Kept, ComeBackByName) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("b", 2), score("a", 1)}, 3, 7, false);
  const auto kept = kept_scores(run);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].score.name, "a");
  EXPECT_EQ(kept[1].score.value, 2);
  EXPECT_EQ(kept[1].epoch, 3U);
  EXPECT_EQ(kept[1].step, 7U);
}

TEST_F(Kept, LeaveOutOlderWeightsAndOtherEpochsAndOtherFiles) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("old", 1)}, 2, 6, false);
  keep_scores(run, {score("then", 1)}, 2, 6, true);
  std::ofstream(run.path() / "measures" / "ink_v1.json") << R"({"schema": "another/1"})";
  std::ofstream(run.path() / "measures" / "odd.json") << R"({"schema": 7})";
  EXPECT_TRUE(kept_scores(run).empty());
  const auto then = kept_scores(run, 2);
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].score.name, "then");
}

TEST_F(Kept, ADamagedFileIsNamed) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("x", 1)}, 3, 7, false);
  for (const char* text : {"{", R"({"schema": "ganymede.score/1"})"}) {
    std::ofstream(run.path() / "measures" / "x.json") << text;
    try {
      kept_scores(run);
      ADD_FAILURE() << text;
    } catch (const DataError& error) {
      EXPECT_NE(std::string(error.what()).find("x.json"), std::string::npos) << error.what();
    }
  }
}

JudgeCurve curve(const std::string& name) {
  return {.name = name, .protocol = "nk_weak_v1", .points = {{.step = 1, .epoch = 1, .images = 128, .judged = 10}}};
}

TEST_F(Kept, CurvesLieBesideScoresAndAreNone) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("val_loss_x", 2)}, 3, 7, false);
  keep_curves(run, {curve("val_loss_x")}, 3, 7, false);
  keep_curves(run, {curve("then")}, 2, 6, true);
  EXPECT_TRUE(std::filesystem::exists(run.path() / "measures" / "val_loss_x.curve.json"));
  EXPECT_TRUE(std::filesystem::exists(run.path() / "measures" / "then.curve.epoch-00002.json"));
  EXPECT_EQ(kept_scores(run).size(), 1U);
  EXPECT_TRUE(kept_scores(run, 2).empty());
  const KeptCurves kept = kept_curves(run);
  ASSERT_EQ(kept.curves.size(), 1U);
  EXPECT_EQ(kept.curves[0].name, "val_loss_x");
  EXPECT_EQ(kept.curves[0].points[0].images, 128);
  EXPECT_EQ(kept_curves(run, 2).curves.at(0).name, "then");
  keep_curves(run, {curve("old")}, 2, 6, false);  // of weights that are the newest no more
  EXPECT_EQ(kept_curves(run).curves.size(), 1U);
}

TEST_F(Kept, ADamagedCurveIsNamedAndCostsNothingElse) {
  const auto run = make("a", 1, 8);
  keep_scores(run, {score("x", 1)}, 3, 7, false);
  keep_curves(run, {curve("good"), curve("bad")}, 3, 7, false);
  for (const char* text : {"{", "[]", R"({"schema": "ganymede.curve/1"})", R"({"schema": "another/1"})"}) {
    std::ofstream(run.path() / "measures" / "bad.curve.json") << text;
    const KeptCurves kept = kept_curves(run);
    EXPECT_EQ(kept.curves.size(), 1U);
    ASSERT_EQ(kept.damaged.size(), 1U) << text;
    EXPECT_NE(kept.damaged[0].find("bad.curve.json"), std::string::npos) << kept.damaged[0];
    EXPECT_EQ(kept_scores(run).size(), 1U);
  }
}

TEST_F(Kept, RunsThatDifferInTheirSeedAreOneGroup) {
  const std::vector<std::filesystem::path> paths = {make("a1", 1, 8).path(), make("b1", 1, 16).path(),
                                                    make("a2", 2, 8).path()};
  const auto groups = group_runs(paths);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "a1, a2");
  EXPECT_EQ(groups[1].name, "b1");
  EXPECT_NE(groups[1].difference.find("train.batch: 8 -> 16"), std::string::npos) << groups[1].difference;
}

TEST_F(Kept, NamedSidesSayWhatTheirRecipesDifferIn) {
  const auto a1 = make("a1", 1, 8).path(), a2 = make("a2", 2, 8).path(), b1 = make("b1", 1, 16).path();
  const auto groups = named_groups({a1, a2}, {b1});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "a1, a2");
  EXPECT_EQ(groups[1].difference, "  train.batch: 8 -> 16\n");
  EXPECT_NE(named_groups({a1}, {a2, b1})[1].difference.find("several recipes"), std::string::npos);
}

TEST_F(Kept, ComparisonsNameEveryRunWithoutScores) {
  const RunGroup mine{.name = "mine", .runs = {make("a1", 1, 8).path(), make("a2", 2, 8).path()}, .difference = {}};
  const RunGroup theirs{.name = "theirs", .runs = {make("b1", 1, 16).path()}, .difference = {}};
  try {
    compare_groups(mine, theirs);
    FAIL() << "no run has scores";
  } catch (const DataError& e) {
    const std::string b1 = theirs.runs[0].string(), a1 = mine.runs[0].string(), a2 = mine.runs[1].string();
    EXPECT_EQ(std::string(e.what()), b1 + ", " + a1 + ", " + a2 +
                                         ": have no scores of their newest weights; make them with: ganymede evaluate " +
                                         b1 + " " + a1 + " " + a2);
  }
}

TEST_F(Kept, ComparisonsSayBetterWorseOrCannotTell) {
  RunGroup mine{.name = "mine", .runs = {}, .difference = {}}, theirs = mine;
  for (int seed = 0; seed < 4; ++seed) {
    const auto a = make("a" + std::to_string(seed), static_cast<std::uint64_t>(seed), 8);
    keep_scores(a, {score("lower", 1 + 0.01 * seed), score("noisy", seed), score("mine alone", 1)}, 1, 7, false);
    const auto b = make("b" + std::to_string(seed), static_cast<std::uint64_t>(seed), 16);
    keep_scores(b, {score("lower", 2 + 0.01 * seed), score("noisy", seed + 0.1)}, 1, 7, false);
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
TEST_F(Kept, ComparisonsGiveNoVerdictWhereScoresDoNotCompare) {
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
      keep_scores(run,
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

TEST_F(Kept, ARunWithoutScoresIsNamed) {
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
