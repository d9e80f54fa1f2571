#include "explore/attributes/attribute_directions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/signal.hpp"
#include "explore/attributes/activation_directions.hpp"
#include "explore/attributes/direction_strips.hpp"
#include "explore/attributes/edit.hpp"
#include "explore/attributes/find_directions.hpp"
#include "explore/tiny.hpp"
#include "explore/weights.hpp"
#include "fit/networks.hpp"

namespace ganymede::explore {
namespace {

measure::FeatureMatrix normals_of(std::int64_t count, std::int64_t dim) {
  measure::FeatureMatrix z{.values = std::vector<float>(static_cast<std::size_t>(count * dim)), .dim = dim};
  Random(3, "test.directions").normal(0, z.values);
  return z;
}

/// Scores f of every row of z.
template <class F>
AttributeScores scored(const std::string& name, const measure::FeatureMatrix& z, bool binary, const F& f) {
  AttributeScores scores{.name = name, .sentence = "by hand", .binary = binary, .values = {}};
  for (std::int64_t i = 0; i < z.count(); ++i) scores.values.push_back(f(z.view().row(i)));
  return scores;
}

const auto kFirst = [](std::span<const float> z) { return 3.0 * z[0] + 10; };
const auto kSlanting = [](std::span<const float> z) { return 0.6 * z[0] + 0.8 * z[1]; };
const auto kThird = [](std::span<const float> z) { return -2.0 * z[2]; };

TEST(FitDirections, FindTheLinearModelThatMadeTheScores) {
  const measure::FeatureMatrix z = normals_of(600, 4);
  const AttributeDirections found = fit_directions(
      z,
      {scored("first", z, false, kFirst), scored("slanting", z, false, kSlanting), scored("third", z, false, kThird)});
  ASSERT_EQ(found.attributes.size(), 3U);
  EXPECT_EQ(found.held_out, 180);
  const AttributeDirection& first = found.attributes[0];
  EXPECT_NEAR(first.normal[0], 1, 1e-6);
  EXPECT_NEAR(first.slope, 3, 1e-6);
  EXPECT_NEAR(first.intercept, 10, 1e-5);
  EXPECT_NEAR(first.explained.value, 1, 1e-9);
  EXPECT_TRUE(first.told);
  EXPECT_FALSE(first.accuracy.has_value());
  EXPECT_NEAR(found.attributes[2].normal[2], -1, 1e-6);
  // first and slanting have the cosine 0.6; what is left of each is 0.8, and third is free.
  EXPECT_NEAR(found.entanglement.cosine.value, 0.6, 1e-6);
  EXPECT_EQ(found.entanglement.first, "first");
  EXPECT_EQ(found.entanglement.second, "slanting");
  EXPECT_EQ(found.entanglement.verdict, Disentangled::no);
  EXPECT_NEAR(found.attributes[1].alone.left, 0.8, 1e-6);
  EXPECT_NEAR(found.attributes[1].alone.direction[1], 1, 1e-6);
  EXPECT_NEAR(found.attributes[2].alone.left, 1, 1e-6);
  // In units of the deviations the model of scores that are linear is the measured covariance, but for chance.
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_NEAR(found.entanglement.model[i], found.entanglement.measured[i], 0.15) << i;
  EXPECT_NEAR(found.entanglement.off_diagonal.value, 2 * 0.36 / (3 + 2 * 0.36), 0.02);
}

TEST(FitDirections, OrthogonalNormalsAreDisentangled) {
  const measure::FeatureMatrix z = normals_of(400, 4);
  const AttributeDirections found =
      fit_directions(z, {scored("first", z, false, kFirst), scored("third", z, false, kThird)});
  EXPECT_EQ(found.entanglement.verdict, Disentangled::yes);
  EXPECT_TRUE(found.entanglement.sentence.starts_with("Disentangled")) << found.entanglement.sentence;
  EXPECT_LT(found.entanglement.off_diagonal.value, 1e-9);
}

TEST(FitDirections, AYesOrNoHasAHyperplaneWithItsOffset) {
  const measure::FeatureMatrix z = normals_of(1000, 3);
  const AttributeDirections found = fit_directions(
      z, {scored("tick", z, true, [](std::span<const float> v) { return kSlanting(v) > 0.5 ? 1.0 : 0.0; })});
  ASSERT_EQ(found.attributes.size(), 1U);
  const AttributeDirection& one = found.attributes[0];
  EXPECT_NEAR(one.normal[0], 0.6, 0.05);
  EXPECT_NEAR(one.normal[1], 0.8, 0.05);
  EXPECT_NEAR(one.offset, -0.5, 0.06);
  ASSERT_TRUE(one.accuracy.has_value());
  EXPECT_GT(one.accuracy->value, 0.95);
  EXPECT_LE(one.accuracy->interval.low, one.accuracy->value);
  EXPECT_NEAR(one.commonest, 0.69, 0.08);  // P(N(0, 1) < 0.5)
  EXPECT_EQ(found.entanglement.verdict, Disentangled::unknown) << "one alone";
}

TEST(FitDirections, WhatIsNoiseIsNotToldAndWhatDoesNotVaryIsLeftOut) {
  const measure::FeatureMatrix z = normals_of(300, 3), other = normals_of(1200, 1);
  AttributeScores noise = scored("noise", z, false, kFirst);
  for (std::size_t i = 0; i < noise.values.size(); ++i) noise.values[i] = other.values[900 + i];
  const AttributeDirections found =
      fit_directions(z, {noise, scored("first", z, false, kFirst), scored("flat", z, false, [](auto) { return 2.0; }),
                         scored("rare", z, true, [](std::span<const float> v) { return v[0] > 2.6F ? 1.0 : 0.0; })});
  ASSERT_EQ(found.attributes.size(), 2U);
  EXPECT_FALSE(found.attributes[0].told);
  EXPECT_TRUE(found.attributes[0].alone.direction.empty());
  EXPECT_NEAR(found.attributes[1].alone.left, 1, 1e-12) << "noise takes nothing away";
  ASSERT_EQ(found.left_out.size(), 2U);
  EXPECT_EQ(found.left_out[0].why, "all 300 samples have 2");
  EXPECT_EQ(found.left_out[1].name, "rare");
  EXPECT_THROW(fit_directions(normals_of(20, 3), {}), DataError);
}

TEST(DirectionProof, AlongAConditionalDirectionTheOthersStay) {
  const measure::FeatureMatrix z = normals_of(400, 4);
  const AttributeDirections found =
      fit_directions(z, {scored("first", z, false, kFirst), scored("slanting", z, false, kSlanting)});
  const Proof proof =
      prove_directions(found, normals_of(50, 4), 0.5, {"first", "slanting"}, [](std::span<const float> moved) {
        std::vector<std::vector<double>> scores(2);
        for (std::size_t i = 0; i < moved.size(); i += 4) {
          scores[0].push_back(kFirst(moved.subspan(i, 4)));
          scores[1].push_back(kSlanting(moved.subspan(i, 4)));
        }
        return scores;
      });
  ASSERT_EQ(proof.rows.size(), 6U);
  EXPECT_NEAR(proof.rows[0].changes[0].value, 0.5 * 3 / found.attributes[0].deviation, 1e-4);
  EXPECT_NEAR(proof.rows[0].changes[1].value, 0.5 * 0.6 / found.attributes[1].deviation, 1e-4);
  EXPECT_NEAR(proof.rows[2].changes[0].value, 0.5 * 3 * 0.8 / found.attributes[0].deviation, 1e-4);
  EXPECT_NEAR(proof.rows[2].changes[1].value, 0, 1e-5);
  EXPECT_NEAR(proof.leak(AlongWhat::normal), 0.6, 0.05);
  EXPECT_NEAR(proof.leak(AlongWhat::alone), 0, 1e-4);
  EXPECT_EQ(proof.rises(AlongWhat::normal), std::pair(std::int64_t{2}, std::int64_t{2}));
}

KeptDirections kept_of(const AttributeDirections& found) {
  return {.name = "mine", .run = "a", .samples = "seeds 0 to 9", .classifier = {}, .dim = 4, .found = found};
}

TEST(DirectionFile, GivesBackEveryVectorByNameAndRefusesDamage) {
  const measure::FeatureMatrix z = normals_of(300, 4);
  const AttributeDirections found =
      fit_directions(z, {scored("first", z, false, kFirst), scored("slanting", z, false, kSlanting)});
  KeptDirections kept = kept_of(found);
  kept.by_weights = {{.name = "principal 1", .vector = {0, 0, 0, 1}, .strength = 2}};
  const std::string text = to_json(kept);
  const auto named = parse_named_directions(text, "x.json");
  ASSERT_EQ(named.size(), 7U);
  EXPECT_EQ(named[0].name, "first");
  EXPECT_EQ(named[1].name, "first:conditional");
  EXPECT_EQ(named[2].name, "first:orthogonal");
  EXPECT_EQ(named[6].name, "principal 1");
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(named[0].vector[k], found.attributes[0].normal[k], 1e-12);
    EXPECT_NEAR(named[4].vector[k], found.attributes[1].alone.direction[k], 1e-12);
  }
  auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.at("schema"), "ganymede.directions/1");
  for (const std::string field : {"schema", "attributes", "latent_dim", "principal", "activation"}) {
    auto damaged = json;
    damaged.erase(field);
    EXPECT_THROW(parse_named_directions(damaged.dump(), "x"), DataError) << field;
  }
  json["latent_dim"] = 3;
  EXPECT_THROW(parse_named_directions(json.dump(), "x"), DataError);
  for (std::size_t cut = 0; cut < text.size() - 2; cut += 97)
    EXPECT_THROW(parse_named_directions(text.substr(0, cut), "x"), DataError);
  for (const std::string wrong : {"", ".a", "-a", "a/b", "a b", "../a", "a.strips"})
    EXPECT_FALSE(is_direction_file_name(wrong));
  EXPECT_TRUE(is_direction_file_name("attributes-class-3"));
}

TEST(ScoreTable, IsReadAsItIsWrittenAndNamesItsFaults) {
  const ScoreTable table{.names = {"thickness", "mine"}, .seeds = {7, 8}, .columns = {{1.5, 2.25}, {0, 1}}};
  const std::string text = to_csv(table);
  EXPECT_EQ(text, "seed,thickness,mine\n7,1.5,0\n8,2.25,1\n");
  const ScoreTable again = parse_scores(text, "t");
  EXPECT_EQ(again.names, table.names);
  EXPECT_EQ(again.seeds, table.seeds);
  EXPECT_EQ(again.columns, table.columns);
  EXPECT_TRUE(is_binary(again.columns[1]) && !is_binary(again.columns[0]));
  const ScoreTable gaps = parse_scores("\xEF\xBB\xBFmine;seed\r\n# a word\n1;3\n;4\n0;5\n", "t");
  EXPECT_EQ(gaps.seeds, (std::vector<std::uint64_t>{3, 5}));
  EXPECT_EQ(gaps.left_out, 1);
  for (const std::string wrong : {"", "seed\n1\n", "mine\n1\n", "seed,a\n", "seed,a\n1,x\n", "seed,a\n1,inf\n",
                                  "seed,a\n-1,2\n", "seed,a\n1\n", "seed,a\n1,2\n1,3\n", "seed,a,a\n1,2,3\n"})
    EXPECT_THROW(parse_scores(wrong, "t"), DataError) << wrong;
}

TEST(EditOf, MovesAlongOneOrTwo) {
  const train::NamedSamples start{.count = 1, .z = {1, 2}, .classes = {4}};
  const std::vector<Direction> along{{.name = "a", .vector = {1, 0}}, {.name = "b", .vector = {0, 1}}};
  const Edit strip = edit_of(start, std::span(along).first(1), -1, 1, 3);
  EXPECT_EQ(strip.samples.z, (std::vector<float>{0, 2, 1, 2, 2, 2}));
  EXPECT_EQ(strip.samples.classes, (std::vector<std::int32_t>{4, 4, 4}));
  const Edit grid = edit_of(start, along, -1, 1, 2);
  EXPECT_EQ(grid.samples.z, (std::vector<float>{0, 3, 2, 3, 0, 1, 2, 1})) << "the second upwards";
  const train::NamedSamples two{.count = 2, .z = {1, 2, 5, 6}, .classes = {}};
  EXPECT_EQ(edit_of(two, std::span(along).first(1), 0, 1, 2).samples.z, (std::vector<float>{1, 2, 2, 2, 5, 6, 6, 6}));
  EXPECT_THROW(edit_of(two, along, -1, 1, 2), ConfigError);
  EXPECT_THROW(edit_of({.count = 1, .z = {1, 2, 3}, .classes = {}}, along, -1, 1, 2), ConfigError);
  EXPECT_EQ(step_text(-1.5), "-1.5");
  EXPECT_EQ(step_text(-0.001F), "0");
  EXPECT_EQ(step_text(3), "3");
}

struct OfARun : ::testing::Test {
  testing::TinyRuns tiny;
  run::RunDirectory run = tiny.train("a");
  Weights weights = load_weights(run);
  TrainedGenerator generator{engine::cpu_backend(), weights.snapshot, run.path(), 1};
};

TEST_F(OfARun, ActivationDirectionsAreUnitVectorsInOrderOfTheirVariance) {
  const ActivationDirections found = activation_directions(generator, generator.samples(0, 60), 8);
  ASSERT_GE(found.directions.size(), 1U);
  ASSERT_LE(found.directions.size(), 2U) << "z has two dimensions";
  double squares = 0;
  for (const float v : found.directions[0].vector) squares += double{v} * v;
  EXPECT_NEAR(squares, 1, 1e-5);
  for (std::size_t k = 1; k < found.shares.size(); ++k) EXPECT_GE(found.shares[k - 1], found.shares[k]);
  EXPECT_LE(found.shares[0], 1);
  EXPECT_EQ(found.layer.substr(0, 3), "act");
}

TEST_F(OfARun, ADirectionIsFoundByItsNameOfAnyFileAndKeepsOthers) {
  const measure::FeatureMatrix z = normals_of(200, 2);
  KeptDirections kept =
      kept_of(fit_directions(z, {scored("first", z, false, kFirst), scored("slanting", z, false, kSlanting)}));
  kept.dim = 2;
  write_directions(run.path() / "directions", kept);
  const auto along = [&](const std::string& text, const std::vector<std::string>& keep = {}) {
    return direction_along(run.path() / "directions", text, keep, generator).vector;
  };
  EXPECT_NEAR(along("first")[0], 1, 1e-6);
  EXPECT_NEAR(along("mine/slanting")[1], 0.8, 1e-6);
  EXPECT_NEAR(along("slanting", {"first"})[1], 1, 1e-6);
  EXPECT_EQ(along("z2"), (std::vector<float>{0, 1}));
  EXPECT_THROW(along("frist"), ConfigError);
  EXPECT_THROW(along("first", {"z1"}), ConfigError) << "nothing is left";
  EXPECT_TRUE(std::filesystem::exists(run.path() / "directions/mine.png"));
}

// Thirty numbers explain sixty by chance: what is held out must not be among what is fitted.
TEST(FitDirections, JudgeByWhatTheyWereNotFittedTo) {
  const measure::FeatureMatrix z = normals_of(60, 30), noise = normals_of(4 * 60, 30);
  std::int64_t row = 60;
  const AttributeDirections found = fit_directions(
      z, {scored("noise", z, false, [&](std::span<const float>) { return double{noise.view().row(row++)[0]}; })},
      {.resamples = 10});
  EXPECT_LT(found.attributes[0].explained.value, 0);
  EXPECT_FALSE(found.attributes[0].told);
}

TEST(FitDirections, SetTheOffsetToWhereAScoreHasItsMean) {
  measure::FeatureMatrix z = normals_of(600, 3);
  for (float& v : z.values) v += 2;
  const AttributeDirections found = fit_directions(z, {scored("first", z, false, kFirst)}, {.resamples = 10});
  EXPECT_NEAR(found.attributes[0].offset, -2, 0.15);
  EXPECT_NEAR(found.attributes[0].intercept, 10, 1e-4);
}

TEST(FitDirections, CountTheVarianceOfZIntoSigma) {
  measure::FeatureMatrix z = normals_of(600, 3);
  for (float& v : z.values) v *= 2;
  const AttributeDirections found = fit_directions(
      z, {scored("first", z, false, kFirst), scored("slanting", z, false, kSlanting)}, {.resamples = 10});
  EXPECT_NEAR(found.variance, 4, 0.3);
  EXPECT_NEAR(found.entanglement.model[0], 1, 0.1) << "all of the score's variance";
  EXPECT_NEAR(found.entanglement.model[1], 0.6, 0.1);
}

// Two attributes at right angles under noise: where the fitted normals come out orthogonal by luck, the resamples are
// not, and the verdict is none.
TEST(FitDirections, CallNothingDisentangledThatResamplesDoNot) {
  const measure::FeatureMatrix all = normals_of(8 * 90, 6);
  int lucky = 0;
  for (std::int64_t set = 0; set < 8; ++set) {
    measure::FeatureMatrix z{.values = {}, .dim = 2}, noise{.values = {}, .dim = 2};
    for (std::int64_t i = 90 * set; i < 90 * (set + 1); ++i) {
      const auto row = all.view().row(i);
      z.values.insert(z.values.end(), {row[0], row[1]});
      noise.values.insert(noise.values.end(), {row[2], row[3]});
    }
    std::int64_t at = 0;
    const auto noisy = [&](std::size_t k) {
      at = 0;
      return scored(k == 0 ? "a" : "b", z, false,
                    [&, k](std::span<const float> row) { return double{row[k]} + double{noise.view().row(at++)[k]}; });
    };
    const AttributeDirections found = fit_directions(z, {noisy(0), noisy(1)}, {.resamples = 50});
    if (!found.attributes[0].told || !found.attributes[1].told) continue;
    lucky += std::fabs(found.entanglement.cosine.value) < kOrthogonal;
    EXPECT_NE(found.entanglement.verdict, Disentangled::yes) << set;
  }
  EXPECT_GT(lucky, 0);
}

TEST(FitDirections, GiveAProbabilityItsSlopeAlongTheNormal) {
  const measure::FeatureMatrix z = normals_of(600, 3);
  const auto share = [](std::span<const float> row) { return std::clamp(0.5 + 0.1 * double{row[1]}, 0.0, 1.0); };
  const AttributeDirections found = fit_directions(z, {scored("share", z, true, share)}, {.resamples = 10});
  EXPECT_NEAR(found.attributes[0].slope, 0.1, 0.005);
  EXPECT_NEAR(found.attributes[0].intercept, 0.5, 0.01);
}

TEST(Proof, CountsWhatRisesSurelyAndLeaksAmongWhatWasPromised) {
  const auto change = [](double value, double half) { return Estimate{value, {value - half, value + half}}; };
  const Proof proof{.step = 1,
                    .count = 20,
                    .measured = {"a", "b", "untold"},
                    .rows = {{.target = "a", .changes = {change(1, 0.2), change(-0.2, 0.1), change(0.9, 0.1)}},
                             {.target = "b", .changes = {change(0.1, 0.1), change(0.5, 0.6), change(2, 0.1)}},
                             {.target = "by hand", .changes = {change(7, 1), change(7, 1), change(7, 1)}}}};
  EXPECT_EQ(proof.rises(AlongWhat::normal), std::pair(std::int64_t{1}, std::int64_t{2}));
  EXPECT_NEAR(proof.leak(AlongWhat::normal), 0.15 / 0.75, 1e-12);
  EXPECT_TRUE(std::isnan(proof.leak(AlongWhat::alone)));
  EXPECT_EQ(proof.rises(AlongWhat::alone), std::pair(std::int64_t{0}, std::int64_t{0}));
}

// A normal that was kept the other way round, its slope below 0, is gone along backwards: up, all the same.
TEST(ProveDirections, GoToWhereTheScoreRises) {
  const measure::FeatureMatrix z = normals_of(300, 2), fresh = normals_of(20, 2);
  AttributeDirections found = fit_directions(
      z, {scored("first", z, false, kFirst), scored("slanting", z, false, kSlanting)}, {.resamples = 10});
  const auto scores = [](std::span<const float> moved) {
    std::vector<std::vector<double>> columns(2);
    for (std::size_t i = 0; i < moved.size(); i += 2) {
      columns[0].push_back(kFirst(moved.subspan(i, 2)));
      columns[1].push_back(kSlanting(moved.subspan(i, 2)));
    }
    return columns;
  };
  const Proof proof = prove_directions(found, fresh, 0.5, {"first", "slanting"}, scores);
  EXPECT_NEAR(proof.rows[0].changes[0].value, 0.5 * 3 / found.attributes[0].deviation, 1e-5);
  AttributeDirection& first = found.attributes[0];
  first.slope *= -1;
  for (std::vector<double>* vector : {&first.normal, &first.alone.direction, &first.orthogonal}) {
    for (double& v : *vector) v *= -1;
  }
  const Proof turned = prove_directions(found, fresh, 0.5, {"first", "slanting"}, scores);
  ASSERT_EQ(turned.rows.size(), proof.rows.size());
  for (std::size_t r = 0; r < proof.rows.size(); ++r) {
    for (std::size_t s = 0; s < 2; ++s)
      EXPECT_NEAR(turned.rows[r].changes[s].value, proof.rows[r].changes[s].value, 1e-6) << r << " " << s;
  }
}

TEST(FitDirections, StopWhenSomebodyAsks) {
  const measure::FeatureMatrix z = normals_of(200, 2);
  const std::vector<AttributeScores> scores = {scored("first", z, false, kFirst),
                                               scored("slanting", z, false, kSlanting)};
  request_stop();
  EXPECT_THROW(fit_directions(z, scores), Error);
  clear_stop_request();
  EXPECT_NO_THROW(fit_directions(z, scores, {.resamples = 10}));
}

TEST_F(OfARun, FoundDirectionsAreProvedOnTheNextSeedsAndDrawnAsStrips) {
  const Scoring scoring = choose_scores({"ink", "slant", "ink"}, generator, nullptr);
  ASSERT_EQ(scoring.sources.size(), 2U) << "each once, in the order that was asked for";
  EXPECT_EQ(scoring.sources[0].name, "ink");
  const KeptDirections kept = find_directions(
      generator, scoring, {.count = 200, .seed = 7, .resamples = 10, .components = 2, .proofs = 20, .name = "mine"});
  EXPECT_EQ(kept.samples, "seeds 7 to 206");
  EXPECT_EQ(kept.proof.count, 20);
  EXPECT_EQ(kept.proof.measured, (std::vector<std::string>{"ink", "slant"}));
  EXPECT_EQ(kept.by_weights.size(), 2U);
  // The own change of the first row, anew: samples 207 to 226.
  ASSERT_FALSE(kept.proof.rows.empty());
  const ProofRow& row = kept.proof.rows.front();
  const auto& target = *std::ranges::find(kept.found.attributes, row.target, &AttributeDirection::name);
  train::NamedSamples fresh = generator.samples(207, 20), moved = fresh;
  for (std::size_t i = 0; i < moved.z.size(); ++i) {
    moved.z[i] = static_cast<float>(moved.z[i] + (target.slope < 0 ? -1 : 1) * target.normal[i % 2]);
  }
  const std::size_t at = row.target == "ink" ? 0 : 1;
  const double change = measure::mean_of(measured_scores(generator, scoring, moved)[at]) -
                        measure::mean_of(measured_scores(generator, scoring, fresh)[at]);
  EXPECT_NEAR(row.changes[at].value, change / target.deviation, 1e-9);

  const auto strips = draw_strips(generator, kept, generator.samples(0, 1));
  const auto told = std::ranges::count_if(kept.found.attributes, &AttributeDirection::told);
  ASSERT_EQ(strips.has_value(), told > 0);
  EXPECT_TRUE(!strips || strips->width() > 7 * 56);
  EXPECT_THROW(choose_scores({"inc"}, generator, nullptr), ConfigError);
  EXPECT_THROW(choose_scores({"class:1"}, generator, nullptr), ConfigError);
}

TEST_F(OfARun, DirectionsByHandAreOfTheSamplesThatATableNames) {
  ScoreTable table{.names = {"mine", "ink"}, .seeds = {}, .columns = {{}, {}}};
  for (std::uint64_t seed = 100; seed > 40; --seed) {
    table.seeds.push_back(seed);
    table.columns[0].push_back(double{generator.samples(seed, 1).z[0]});
    table.columns[1].push_back(99);  // measured all the same
  }
  const Scoring scoring = choose_scores({"mine", "ink"}, generator, nullptr, table, "some/mine.csv");
  ASSERT_EQ(scoring.sources.size(), 2U);
  EXPECT_TRUE(scoring.sources[0].by_hand() && !scoring.sources[1].by_hand());
  const KeptDirections kept =
      find_directions(generator, scoring, {.resamples = 10, .components = 0, .proofs = 10, .name = "mine"});
  EXPECT_EQ(kept.samples, "the 60 samples of some/mine.csv");
  ASSERT_FALSE(kept.found.attributes.empty());
  EXPECT_EQ(kept.found.attributes[0].name, "mine");
  EXPECT_NEAR(kept.found.attributes[0].normal[0], 1, 1e-4) << "it is z1 itself";
  EXPECT_EQ(kept.proof.measured, std::vector<std::string>{"ink"});
  EXPECT_TRUE(kept.by_weights.empty());
  // Proved on the seeds behind all of the table's: 101 to 110.
  const auto& ink = *std::ranges::find(kept.found.attributes, "ink", &AttributeDirection::name);
  train::NamedSamples fresh = generator.samples(101, 10), moved = fresh;
  for (std::size_t i = 0; i < moved.z.size(); ++i)
    moved.z[i] = static_cast<float>(moved.z[i] + kept.found.attributes[0].normal[i % 2]);
  const double change = measure::mean_of(measured_scores(generator, scoring, moved)[0]) -
                        measure::mean_of(measured_scores(generator, scoring, fresh)[0]);
  ASSERT_EQ(kept.proof.rows.at(0).target, "mine");
  EXPECT_NEAR(kept.proof.rows[0].changes[0].value, change / ink.deviation, 1e-6);
}

TEST_F(OfARun, TheFirstFileByItsNameHasTheDirection) {
  const measure::FeatureMatrix z = normals_of(200, 2);
  KeptDirections kept = kept_of(fit_directions(z, {scored("first", z, false, kFirst)}, {.resamples = 10}));
  kept.dim = 2;
  for (const std::string name : {"m", "q", "c", "x", "b", "d", "w"}) {
    kept.name = name;
    kept.found.attributes[0].normal = name == "b" ? std::vector<double>{0.6, 0.8} : std::vector<double>{1, 0};
    write_directions(run.path() / "directions", kept);
  }
  EXPECT_NEAR(direction_along(run.path() / "directions", "first", {}, generator).vector[1], 0.8, 1e-6);
  EXPECT_NEAR(direction_along(run.path() / "directions", "c/first", {}, generator).vector[1], 0, 1e-6);
}

/// A classifier of bars that has learnt nothing.
fit::Classifier guessing() {
  fit::ClassifierRecord record;
  record.network =
      fit::image_classifier({.channels = 1, .height = 8, .width = 8, .outputs = 3, .filters = 4, .features = 8});
  record.parameters = net::initialise(record.network, 3);
  record.class_names = {"a", "b", "c"};
  return {engine::cpu_backend(), std::move(record), 1};
}

TEST_F(OfARun, AClassIsScoredByItsOwnProbability) {
  fit::Classifier classifier = guessing();
  const Scoring scoring = choose_scores({"class:c", "class:a"}, generator, &classifier);
  ASSERT_EQ(scoring.sources.size(), 2U);
  const Tensor pictures = generator.draw(0, 4);
  const auto scores = scores_of(generator, scoring.sources, pictures, &classifier);
  const Tensor probabilities = generator.judge(classifier, pictures).probabilities;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(scores[0][i], double{probabilities.values<float>()[3 * i + 2]});
    EXPECT_EQ(scores[1][i], double{probabilities.values<float>()[3 * i]});
  }
  EXPECT_EQ(choose_scores({"classes"}, generator, &classifier).sources.size(), 3U);
  EXPECT_EQ(choose_scores({}, generator, &classifier).sources.size(), 8U + 3U);
}

// Of the class that was asked for, classes say little: they are attributes where they are named alone.
TEST(ChooseScores, LeaveOutTheClassesOfAConditionalModel) {
  const testing::TinyRuns tiny(true);
  const run::RunDirectory run = tiny.train("c");
  TrainedGenerator generator(engine::cpu_backend(), load_weights(run).snapshot, run.path(), 1);
  fit::Classifier classifier = guessing();
  EXPECT_EQ(choose_scores({}, generator, &classifier).sources.size(), 8U);
  EXPECT_EQ(choose_scores({"classes"}, generator, &classifier).sources.size(), 3U);
}

TEST_F(OfARun, PlanesPointToWhereTheScoreRises) {
  const measure::FeatureMatrix z = normals_of(300, 3);
  const auto yes = [](std::span<const float> row) { return row[2] < -0.5F ? 1.0 : 0.0; };
  KeptDirections kept = kept_of(
      fit_directions(z, {scored("ticked", z, true, yes), scored("third", z, false, kThird)}, {.resamples = 10}));
  kept.dim = 3;
  kept.found.attributes[1].slope *= -1;  // as if the normal had been kept the other way round
  for (double& v : kept.found.attributes[1].normal) v *= -1;
  kept.found.attributes[1].offset = 0.25;
  const auto folder = run.path() / "directions";
  write_directions(folder, kept);
  const auto planes = planes_named(folder, {"third", "mine/ticked"}, 3);
  ASSERT_EQ(planes.size(), 2U);
  EXPECT_NEAR(planes[0].normal[2], -1, 1e-3) << "the score is -2 z3";
  EXPECT_NEAR(planes[0].offset, -0.25, 1e-9);
  EXPECT_NEAR(planes[1].normal[2], -1, 0.1);
  EXPECT_NEAR(planes[1].offset, -0.5, 0.1) << "-z3 - 0.5 is above 0 where z3 < -0.5";
  EXPECT_THROW(planes_named(folder, {"thrid"}, 3), ConfigError);
  EXPECT_THROW(planes_named(folder, {"third"}, 2), ConfigError);
  EXPECT_THROW(planes_named(run.path() / "nowhere", {"third"}, 3), ConfigError);
  EXPECT_TRUE(planes_named(folder, {}, 3).empty());
}

TEST_F(OfARun, StripsGoToWhereTheScoreRisesAndLeaveWithTheirDirections) {
  const measure::FeatureMatrix z = normals_of(200, 2);
  KeptDirections kept = kept_of(fit_directions(z, {scored("slanting", z, false, kSlanting)}, {.resamples = 10}));
  kept.dim = 2;
  const auto strips = draw_strips(generator, kept, generator.samples(3, 1));
  ASSERT_TRUE(strips);
  KeptDirections turned = kept;
  turned.found.attributes[0].slope *= -1;
  EXPECT_NE(draw_strips(generator, turned, generator.samples(3, 1)), strips);
  for (double& v : turned.found.attributes[0].normal) v *= -1;
  EXPECT_EQ(draw_strips(generator, turned, generator.samples(3, 1)), strips) << "the same way";
  const auto file = run.path() / "directions/mine.strips.png";
  write_directions(file.parent_path(), kept, strips);
  EXPECT_TRUE(std::filesystem::exists(file));
  write_directions(file.parent_path(), kept);
  EXPECT_FALSE(std::filesystem::exists(file)) << "of others that had this name";
  turned.found.attributes[0].told = false;
  EXPECT_FALSE(draw_strips(generator, turned, generator.samples(3, 1)));
}

TEST_F(OfARun, EverySourceScoresEverySampleAndAClassWantsAClassifier) {
  std::vector<ScoreSource> sources = score_sources(generator);
  ASSERT_EQ(sources.size(), 8U);
  EXPECT_EQ(sources[0].name, "thickness");
  const auto scores = scores_of(generator, sources, generator.draw(0, 5));
  for (const auto& column : scores) EXPECT_EQ(column.size(), 5U);
  sources.push_back({.name = "class:1", .sentence = "", .label = 1});
  EXPECT_THROW(scores_of(generator, sources, generator.draw(0, 5)), ConfigError);
}

}  // namespace
}  // namespace ganymede::explore
