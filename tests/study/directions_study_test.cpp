#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "study/directions/directions_point.hpp"
#include "study/directions/directions_report.hpp"

namespace ganymede::study {
namespace {

measure::FeatureMatrix normal_z(std::int64_t count, std::int64_t dim, std::uint64_t seed) {
  measure::FeatureMatrix z{.values = std::vector<float>(static_cast<std::size_t>(count * dim)), .dim = dim};
  Random(seed, "test.study_directions").normal(0, z.values);
  return z;
}

template <class F>
std::vector<double> scores_by(const measure::FeatureMatrix& z, const F& f) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < z.count(); ++i) values.push_back(f(z.view().row(i)));
  return values;
}

// s0 = z0, s1 = 0.6 z0 + 0.8 z1: slopes 1, cosine 0.6, both linear.
std::vector<std::vector<double>> two_scores(std::span<const float> z) {
  std::vector<std::vector<double>> columns(2);
  for (std::size_t i = 0; i < z.size(); i += 2) {
    columns[0].push_back(double{z[i]});
    columns[1].push_back(0.6 * double{z[i]} + 0.8 * double{z[i + 1]});
  }
  return columns;
}
const std::vector<std::string> kTwo = {"first", "second"};

explore::AttributeDirections two_found() {
  const measure::FeatureMatrix z = normal_z(400, 2, 1);
  const auto columns = two_scores(z.values);
  return explore::fit_directions(z,
                                 {{.name = "first", .sentence = "", .binary = false, .values = columns[0]},
                                  {.name = "second", .sentence = "", .binary = false, .values = columns[1]}},
                                 {.resamples = 10});
}

TEST(Separate, TellsALinearScoreThroughTheOriginAndNoiseNotAtAll) {
  const measure::FeatureMatrix z = normal_z(1000, 3, 1), fresh = normal_z(1000, 3, 2);
  const auto linear = [](std::span<const float> row) { return 2.0 * row[1] + 5; };
  const Separated told = separate(z, scores_by(z, linear), fresh, scores_by(fresh, linear));
  EXPECT_GT(told.balanced, 0.97);
  EXPECT_GT(told.with_offset, 0.97);
  EXPECT_NEAR(told.commonest, 0.5, 0.05);
  EXPECT_NEAR(told.offset, 0, 0.1) << "a median halves";
  const auto even = [](std::span<const float> row) { return std::fabs(double{row[0]}); };  // no half-space tells it
  EXPECT_NEAR(separate(z, scores_by(z, even), fresh, scores_by(fresh, even)).balanced, 0.5, 0.06);
}

// A score that few have: its median is its least value, the hyperplane with offset says no to all, and n'z = 0 is what
// the lecture has.
TEST(Separate, CountsBothKindsAlike) {
  const measure::FeatureMatrix z = normal_z(2000, 2, 3), fresh = normal_z(2000, 2, 4);
  const auto rare = [](std::span<const float> row) { return row[0] > 1.2816F ? 1.0 : 0.0; };  // one in ten
  const Separated found = separate(z, scores_by(z, rare), fresh, scores_by(fresh, rare));
  EXPECT_NEAR(found.commonest, 0.9, 0.02);
  EXPECT_LT(found.offset, -0.8);
  EXPECT_NEAR(found.balanced, (1 + 0.5 / 0.9) / 2, 0.03) << "all of the rare, 5/9 of the others lie right of n'z = 0";
  EXPECT_GT(found.with_offset, 0.95);
  const auto never = [](std::span<const float>) { return 1.0; };
  EXPECT_TRUE(std::isnan(separate(z, scores_by(z, never), fresh, scores_by(fresh, never)).balanced));
}

TEST(ShareTold, IsOneOfAllNoneOfZeroAndBelowForTheWrongSign) {
  EXPECT_DOUBLE_EQ(share_told({1, -2}, {1, -2}), 1);
  EXPECT_DOUBLE_EQ(share_told({1, -2}, {0, 0}), 0);
  EXPECT_DOUBLE_EQ(share_told({1, -2}, {-1, 2}), -3);
  EXPECT_DOUBLE_EQ(share_told({2, 0}, {1, 0}), 0.75);
  EXPECT_TRUE(std::isnan(share_told({}, {})));
  EXPECT_TRUE(std::isnan(share_told({0}, {1})));
}

TEST(Claims, OfALinearModelAreToldWhole) {
  const explore::AttributeDirections found = two_found();
  EXPECT_GT(covariance_told(found), 0.98);
  const measure::FeatureMatrix z = normal_z(50, 2, 5);
  const explore::Proof proof = explore::prove_directions(found, z, 1, kTwo, two_scores);
  EXPECT_NEAR(side_effects_told(found, proof), 1, 1e-6);
}

TEST(Claims, CountSlopesAndTheStep) {
  const auto scaled = [](std::span<const float> z) {
    auto columns = two_scores(z);
    for (double& v : columns[0]) v *= 2;
    for (double& v : columns[1]) v *= -3;
    return columns;
  };
  const measure::FeatureMatrix z = normal_z(400, 2, 1), moved = normal_z(50, 2, 5);
  const auto columns = scaled(z.values);
  const explore::AttributeDirections found =
      explore::fit_directions(z,
                              {{.name = "first", .sentence = "", .binary = false, .values = columns[0]},
                               {.name = "second", .sentence = "", .binary = false, .values = columns[1]}},
                              {.resamples = 10});
  EXPECT_NEAR(side_effects_told(found, explore::prove_directions(found, moved, 0.5, kTwo, scaled)), 1, 1e-6);
  EXPECT_GT(covariance_told(found), 0.98);
}

TEST(Claims, OfAModelThatBendsAreToldInPart) {
  const explore::AttributeDirections found = two_found();
  const measure::FeatureMatrix z = normal_z(50, 2, 5);
  // Scores that move back by half: predicted 0.6, found -0.3.
  const auto bent = [](std::span<const float> moved) {
    auto columns = two_scores(moved);
    for (auto& column : columns) {
      for (double& v : column) v *= -0.5;
    }
    return columns;
  };
  const explore::Proof proof = explore::prove_directions(found, z, 1, kTwo, bent);
  EXPECT_NEAR(side_effects_told(found, proof), 1 - 9.0, 0.01);
}

// Along n_0 the second moves by 0.6; beside n_1 there remains 0.8 of n_0, along which the first moves by 0.8.
TEST(ProvePairs, KeepsTheOtherAndMovesTheTargetByWhatIsLeft) {
  const explore::AttributeDirections found = two_found();
  const measure::FeatureMatrix z = normal_z(30, 2, 6);
  const Pairs pairs = prove_pairs(found, z, 1, kTwo, two_scores);
  ASSERT_EQ(pairs.count, 2);
  const double d0 = found.attributes[0].deviation, d1 = found.attributes[1].deviation;
  EXPECT_NEAR(pairs.other_before, (0.6 / d0 + 0.6 / d1) / 2, 1e-5);
  EXPECT_NEAR(pairs.other_after, 0, 1e-5);
  EXPECT_NEAR(pairs.own_before, (1 / d0 + 1 / d1) / 2, 1e-5);
  EXPECT_NEAR(pairs.own_after, (0.8 / d0 + 0.8 / d1) / 2, 1e-5);
  EXPECT_EQ(prove_pairs(found, z, 1, {"first"}, two_scores).count, 0) << "nothing beside it was measured";
}

DirectionsRun run_of(double quality) {
  DirectionsRun run{.run = "r"};
  run.attributes = {
      {.name = "ink",
       .separated = {.balanced = 0.5 + 0.4 * quality, .with_offset = 0.8, .commonest = 0.5, .offset = 0.1},
       .explained = 0.9 * quality,
       .told = true,
       .left = 0.5,
       .moved = quality,
       .moved_conditional = std::nan(""),
       .moved_orthogonal = 0.2},
      {.name = "holes", .separated = {}, .explained = 0.9 * quality, .told = false}};
  run.attributes[1].separated = {std::nan(""), std::nan(""), std::nan(""), std::nan("")};
  run.verdict = "no";
  run.sentence = "Entangled.";
  run.cosine = -0.4;
  run.off_diagonal = 0.3;
  run.covariance_told = run.side_effects_told = 0.9 * quality;
  run.rises = 1;
  run.pairs = {
      .count = 2, .other_before = 0.5, .other_after = 0.5 - 0.4 * quality, .own_before = 1, .own_after = quality};
  return run;
}

DirectionsResults results_of(double quality) {
  DirectionsResults results{.plan = plan_directions({.quick = true}), .arms = {}};
  for (const DirectionsArm& arm : results.plan.arms) {
    results.arms.push_back({.plan = &arm, .runs = {}});
    for (int seed = 0; seed < 3; ++seed) {
      results.arms.back().runs.push_back(run_of(quality + 0.001 * seed));
      results.arms.back().runs.back().off_diagonal += 0.01 * seed;
    }
  }
  return results;
}

TEST(JudgeDirections, HasAFindingForEveryClaim) {
  const Judgement judgement = judge_directions(results_of(1));
  ASSERT_EQ(judgement.findings.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(judgement.findings[i].verdict, kConfirmed)
        << judgement.findings[i].claim << judgement.findings[i].evidence;
  }
  EXPECT_EQ(judgement.findings[0].claim, "A hyperplane n'z = 0 separates an attribute.");
  EXPECT_NE(judgement.findings[0].evidence.find("wanted above 50.0 %"), std::string::npos);
  EXPECT_NE(judgement.findings[0].evidence.find("(12 seeds)"), std::string::npos) << "all models' runs";
  EXPECT_NE(judgement.findings[3].evidence.find("disentangled: no in 12 runs"), std::string::npos);
  EXPECT_EQ(judgement.findings.back().verdict, kCannotTell) << "all models are alike here";
  const Judgement bad = judge_directions(results_of(-0.5));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(bad.findings[i].verdict, kRefuted) << bad.findings[i].claim;
}

// One of two numbers of a claim that is not as wanted is enough.
TEST(JudgeDirections, WantsEveryNumberOfAClaim) {
  DirectionsResults results = results_of(1);
  for (DirectionsArmResult& arm : results.arms) {
    for (DirectionsRun& run : arm.runs) run.covariance_told -= 0.8;
  }
  const Judgement judgement = judge_directions(results);
  EXPECT_EQ(judgement.findings[2].verdict, kRefuted);
  EXPECT_EQ(judgement.findings[3].verdict, kConfirmed);
}

TEST(JudgeDirections, LeavesOutSeedsThatFailed) {
  DirectionsResults results = results_of(1);
  for (DirectionsArmResult& arm : results.arms) {
    for (DirectionsRun& run : arm.runs) run.failed = &arm != results.arms.data() || &run != arm.runs.data();
  }
  for (const Finding& finding : judge_directions(results).findings) EXPECT_EQ(finding.verdict, kCannotTell);
  EXPECT_NE(results.failed_text().find("2 dimensions 2 of 3 seeds"), std::string::npos) << results.failed_text();
}

TEST(DirectionsReport, HasTheClaimsAsATableAndMissingNumbersAsDashes) {
  const DirectionsResults results = results_of(1);
  const Judgement judgement = judge_directions(results);
  const auto json = nlohmann::json::parse(directions_json(results, judgement, {}));
  EXPECT_EQ(json.at("schema"), kDirectionsSchema);
  const auto& runs = json.at("models").at("dcgan").at("runs");
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_TRUE(runs[0].at("attributes")[0].at("moved_conditional").is_null());
  EXPECT_EQ(json.at("models").at("dcgan").at("dimensions"), 100);
  const std::string text = json.at("page").dump();
  for (const char* part : {"confirmed", "1. A hyperplane", "Dimensions compared", "ink", "holes", "Lambda N'N Lambda"})
    EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(DirectionsPoint, IsReadAsItIsWrittenAndOfItsProtocolAlone) {
  const testing::FreshFolder folder;
  const DirectionsRun run = run_of(0.7);
  const auto file = folder / "point.json";
  write_file_atomically(file, directions_point_json(run, "p"));
  const auto again = read_directions_point(file, "p");
  ASSERT_TRUE(again);
  EXPECT_EQ(directions_point_json(*again, "p"), read_file(file));
  EXPECT_TRUE(std::isnan(again->attributes[1].separated.balanced));
  EXPECT_FALSE(read_directions_point(file, "q"));
  EXPECT_FALSE(read_directions_point(folder / "none.json", "p"));
  auto json = nlohmann::json::parse(read_file(file));
  json.erase("pairs_own_after");
  write_file_atomically(file, json.dump());
  EXPECT_THROW(read_directions_point(file, "p"), DataError);
}

}  // namespace
}  // namespace ganymede::study
