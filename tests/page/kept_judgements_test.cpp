#include "page/kept_judgements.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "page/judge_sheet.hpp"
#include "page/kept_scores.hpp"
#include "page/made_run.hpp"
#include "page/report_people.hpp"

namespace ganymede::page {
namespace {

namespace fs = std::filesystem;

measure::Judgement person(const std::string& name, int trials, int found, std::uint64_t step) {
  measure::Judgement one{.test = {.run = "a",
                                  .epoch = 1,
                                  .step = step,
                                  .seed = 7,
                                  .trials = trials,
                                  .reals = "held-out <samples> of bars",
                                  .pictures = "0123abcd"},
                         .person = name,
                         .by = "page"};
  for (int i = 0; i < trials; ++i) {
    const measure::PairSide fake = measure::fake_side(7, i);
    const bool left = (fake == measure::PairSide::left) == (i < found);
    one.picks.push_back({.side = left ? measure::PairSide::left : measure::PairSide::right, .seconds = 1.5});
  }
  return one;
}

struct KeptJudgement : ::testing::Test, testing::MadeRuns {
  run::RunDirectory run = make("a");
  std::uint64_t step = 5;
  fs::path folder() const { return run.path() / kJudgementsFolder; }
  std::string page() const {
    Page made("x");
    add_people(made, run);
    return made.html();
  }
  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
};

TEST_F(KeptJudgement, ComesBackAndBecomesAScore) {
  const measure::Judgement ann = person("Ann K.", 20, 14, step);
  keep_judgement(run, ann);
  const std::string name = judgement_name(ann);
  EXPECT_TRUE(name.starts_with("ann-k-") && name.ends_with("-seed7-n20-step" + std::to_string(step))) << name;
  ASSERT_TRUE(kept_judgement(run.path(), name));
  EXPECT_EQ(measure::to_json(*kept_judgement(run.path(), name)), measure::to_json(ann));
  const auto scores = kept_scores(run);
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores[0].score.name, "user_study");
  EXPECT_EQ(scores[0].score.value, 0.7);
  EXPECT_NEAR(scores[0].score.low, 0.4572, 1e-4);  // Clopper and Pearson of 14 of 20
  EXPECT_NEAR(scores[0].score.high, 0.8811, 1e-4);
  EXPECT_EQ(scores[0].score.better, measure::Better::half);
  keep_judgement(run, person("Bob", 20, 6, step));
  EXPECT_EQ(kept_scores(run)[0].score.value, 0.5) << "of both";
}

TEST_F(KeptJudgement, IsNoScoreBeforeItIsFinished) {
  measure::Judgement half = person("Ann", 4, 4, step);
  half.picks.pop_back();
  keep_judgement(run, half);
  EXPECT_TRUE(kept_scores(run).empty());
  EXPECT_TRUE(contains(page(), "none finished yet"));
}

TEST_F(KeptJudgement, PeopleOfOneSpellingHaveFilesOfTheirOwn) {
  EXPECT_NE(judgement_name(person("Ann", 4, 4, 1)), judgement_name(person("ann", 4, 4, 1)));
  EXPECT_TRUE(judgement_name(person("王", 4, 4, 1)).starts_with("person-"));
  measure::Judgement quick = person("Ann", 4, 4, 1);
  quick.test.seconds = 2.5;
  EXPECT_TRUE(judgement_name(quick).ends_with("-step1-2.5s"));
}

TEST_F(KeptJudgement, OfOtherPicturesIsNotWrittenOver) {
  measure::Judgement ann = person("Ann", 4, 4, step);
  keep_judgement(run, ann);
  ann.test.pictures = "ffffffff";
  EXPECT_THROW(keep_judgement(run, ann), DataError);
}

TEST_F(KeptJudgement, NamesAreNoPaths) {
  for (const char* bad : {"../run", "a/b", "", "..", "A", "a\\b"})
    EXPECT_THROW(kept_judgement(run.path(), bad), DataError) << bad;
  EXPECT_FALSE(kept_judgement(run.path(), "nobody"));
}

TEST_F(KeptJudgement, DamagedOnesAreNamedAndLinksPassedOver) {
  keep_judgement(run, person("Ann", 4, 4, step));
  std::ofstream(folder() / "bad.json") << "{\"schema\": \"ganymede.user_study/1\"}";
  fs::create_symlink(folder() / (judgement_name(person("Ann", 4, 4, step)) + ".json"), folder() / "link.json");
  const KeptJudgements kept = kept_judgements(run.path());
  EXPECT_EQ(kept.found.size(), 1U);
  ASSERT_EQ(kept.damaged.size(), 1U);
  EXPECT_TRUE(contains(kept.damaged[0], "bad.json"));
  EXPECT_TRUE(contains(page(), "Left out: "));
}

TEST_F(KeptJudgement, AFolderThatIsALinkIsNone) {
  fs::create_directories(run.path() / "elsewhere");
  std::ofstream(run.path() / "elsewhere" / "ann.json") << measure::to_json(person("Ann", 4, 4, step));
  fs::create_directory_symlink(run.path() / "elsewhere", folder());
  EXPECT_TRUE(kept_judgements(run.path()).found.empty());
  EXPECT_FALSE(kept_judgement(run.path(), "ann"));
  EXPECT_THROW(keep_judgement(run, person("Ann", 4, 4, step)), DataError);
  EXPECT_EQ(std::distance(fs::directory_iterator(run.path() / "elsewhere"), fs::directory_iterator()), 1);
}

TEST_F(KeptJudgement, ThePageSaysWhatPeopleFoundBesideAClassifier) {
  EXPECT_FALSE(contains(page(), "What people find"));
  keep_judgement(run, person("Ann <b>", 40, 40, step));
  keep_judgement(run, person("Bob", 40, 40, step));
  keep_scores(run,
              {{.name = "error_rate100_nk_weak_v1_x",
                .value = 0.25,
                .low = 0.2,
                .high = 0.3,
                .count_real = 10,
                .count_fake = 10,
                .floor = {},
                .better = measure::Better::half,
                .protocol = "x"}},
              1, step, false);
  const std::string html = page();
  for (const char* part : {"What people find", "people tell them from real ones", "Ann &lt;b&gt;", "all people",
                           "held-out &lt;samples&gt;", "classifier error_rate100_nk_weak_v1_x", "[0.7, 0.8]",
                           "the 40 pairs of answers to 40 trials", "a share of 1 agree"})
    EXPECT_TRUE(contains(html, part)) << part;
}

TEST(JudgeSheet, HoldsItsPicturesAndNothingOfTheTruth) {
  const Tensor left = Tensor::of<std::uint8_t>({2, 1, 2, 1}, std::vector<std::uint8_t>{0, 255, 7, 8});
  const Tensor right = Tensor::of<std::uint8_t>({2, 1, 2, 1}, std::vector<std::uint8_t>{1, 2, 3, 4});
  const measure::BlindTest test{.run = "</script><b>", .trials = 2, .reals = "x", .pictures = "0123abcd"};
  const std::string html = judge_sheet(test, left, right);
  EXPECT_NE(html.find("\"left\":\"AP8HCA==\",\"right\":\"AQIDBA==\""), std::string::npos);
  EXPECT_EQ(html.find("</script><b>"), std::string::npos) << "escaped";
  EXPECT_EQ(html.find("@DATA@"), std::string::npos);
  for (const char* outside : {"http:", "https:", "src=", "@import", "url("})
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  EXPECT_EQ(html.find("\"fake"), std::string::npos);
  EXPECT_THROW(judge_sheet({.trials = 3}, left, right), ShapeError);
}

}  // namespace
}  // namespace ganymede::page
