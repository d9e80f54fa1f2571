#include "evaluate/measures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "evaluate/own_measures.hpp"
#include "evaluate/real_or_generated.hpp"
#include "evaluate/tiny.hpp"
#include "measure/score_kinds.hpp"

namespace ganymede::evaluate {
namespace {

const measure::Score* find(const std::vector<measure::Score>& scores, const std::string& beginning) {
  const auto found = std::ranges::find_if(scores, [&](const auto& s) { return s.name.starts_with(beginning); });
  return found == scores.end() ? nullptr : &*found;
}

/// That a screen has words for each: a new measure's scores stand in measure/score_kinds.cpp.
void expect_kinds(const std::vector<measure::Score>& scores) {
  for (const measure::Score& score : scores)
    EXPECT_NE(measure::kind_of(score.name), nullptr) << score.name << " is not in measure/score_kinds.cpp";
}

TEST(ResolveMeasures, TakesWordsNamesAndTheirOrder) {
  const auto quick = resolve_measures({});
  EXPECT_EQ(quick, resolve_measures({"quick"}));
  EXPECT_EQ(quick.front(), "frechet");
  EXPECT_EQ(std::ranges::count(quick, "weak") + std::ranges::count(quick, "strong"), 0);
  EXPECT_EQ(resolve_measures({"all"}).size(), list_measures().size());
  EXPECT_EQ(resolve_measures({"kernel", "frechet", "kernel"}), (std::vector<std::string>{"frechet", "kernel"}));
  EXPECT_EQ(resolve_measures({"quick", "weak"}).size(), quick.size() + 1);
  try {
    resolve_measures({"frechett"});
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean \"frechet\""), std::string::npos) << error.what();
  }
}

TEST(ResolveMeasures, UnderstandsTheFieldsNames) {
  using Names = std::vector<std::string>;
  for (const auto& [theirs, ours] :
       {std::pair{"fid", "frechet"}, std::pair{"KID", "kernel"}, std::pair{"is", "inception"},
        std::pair{"PPL", "path_length"}, std::pair{"swd", "sliced_wasserstein"}, std::pair{"MS-SSIM", "ms_ssim"},
        std::pair{"one-nn", "one_nn"}}) {
    EXPECT_EQ(resolve_measures({theirs}), Names{ours}) << theirs;
  }
  EXPECT_EQ(resolve_measures({"prdc", "fid"}), (Names{"frechet", "precision", "recall", "density", "coverage"}));
  EXPECT_EQ(resolve_measures({"fid", "frechet"}), Names{"frechet"}) << "once";
  EXPECT_EQ(resolve_measures({"nk_strong_raw"}), Names{"nk_strong_raw"});
}

TEST(ResolveMeasures, SaysWhatTheFieldsNamesAreCalledHere) {
  EXPECT_TRUE(words_on_aliases({"frechet", "quick"}).empty());
  const auto words = words_on_aliases({"FID", "frechet", "prdc"});
  ASSERT_EQ(words.size(), 1U);
  EXPECT_TRUE(words[0].ends_with(": FID is frechet; prdc is precision, recall, density, coverage")) << words[0];
}

TEST(ResolveMeasures, SuggestsTheFieldsNamesToo) {
  try {
    resolve_measures({"pdrc"});
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean \"prdc\"?"), std::string::npos) << error.what();
  }
}

// An alias of a measure that is gone, or one that hides a measure's own name.
TEST(MeasureAliases, AreOfMeasuresThatThereAre) {
  std::vector<std::string> known;
  for (const Measure& m : list_measures()) known.emplace_back(m.name);
  for (const MeasureAlias& alias : list_aliases()) {
    EXPECT_EQ(std::ranges::count(known, alias.name), 0) << alias.name;
    EXPECT_FALSE(alias.measures.empty()) << alias.name;
    for (const std::string& name : alias.measures) EXPECT_EQ(std::ranges::count(known, name), 1) << name;
  }
}

// Labels of the reals are missing, and still a conditional generator must be told a class for every fake.
TEST(EvaluateRun, GivesConditionalFakesAClassWhereRealsHaveNone) {
  const testing::TinyRuns tiny(true);
  const run::RunDirectory run = tiny.train("a");
  const explore::Weights weights = explore::load_weights(run);
  explore::TrainedGenerator generator(*tiny.session.backend, weights.snapshot, run.path(), 1);
  testing::write_bars(tiny.root / "other");
  for (const char* split : {"train", "t10k"})
    std::filesystem::remove(tiny.root / "other" / (std::string(split) + "-labels-idx1-ubyte"));
  run::Recipe recipe = tiny.recipe;
  recipe.data.source = (tiny.root / "other").string();
  Reference bare(recipe, tiny.reference_options(), tiny.recipe.data.source);
  const auto classes = facing_classes(generator, bare, 120);
  ASSERT_EQ(classes.size(), 120U);
  EXPECT_EQ(classes[4], 1);
  const RunScores found =
      evaluate_run(weights, run.path(), bare, {.count = 120, .measures = {"frechet", "recall"}, .threads = 1});
  EXPECT_EQ(found.scores.size(), 2U);
}

TEST(Generated, RawFakesAreNotAtLevels) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  const explore::Weights weights = explore::load_weights(run);
  explore::TrainedGenerator generator(*tiny.session.backend, weights.snapshot, run.path(), 1);
  const Tensor raw = generated_raw(generator, kScoreSeed, {})(0, 4),
               levels = generated(generator, kScoreSeed, {})(0, 4);
  EXPECT_EQ(raw.dtype(), DType::f32);
  EXPECT_EQ(levels.dtype(), DType::u8);
  const auto values = raw.values<float>();
  EXPECT_TRUE(std::ranges::any_of(values, [](float v) {
    const float level = (v + 1) * 127.5F;
    return std::fabs(level - std::round(level)) > 0.01F;
  }));
}

TEST(CompareSets, IdenticalSamplesHaveNoDistance) {
  const testing::TinyRuns tiny;
  Reference reference(tiny.recipe, tiny.reference_options());
  const Classified& real = reference.classified(240);
  const auto scores = compare_sets(real, real, 240, "x", {.threads = 1}, {"frechet", "precision", "recall", "one_nn"});
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores[0].name, "frechet240_x");
  EXPECT_NEAR(scores[0].value, 0, 1e-6);
  EXPECT_EQ(scores[1].value, 1);
  EXPECT_EQ(scores[2].value, 1);
  EXPECT_EQ(scores[3].value, 0);  // every sample's nearest neighbour is its copy
}

TEST(EvaluateRun, GivesEveryScoreWithCountsIntervalAndFloor) {
  const testing::TinyRuns tiny(true);
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const explore::Weights weights = explore::load_weights(run);
  std::vector<std::string> said;
  EvaluateOptions options{.count = 120, .threads = 1};
  options.on_measure = [&](const std::string& what) { said.push_back(what); };
  const RunScores found = evaluate_run(weights, run.path(), reference, options);
  expect_kinds(found.scores);
  for (const std::string name :
       {"frechet120_bars-", "kernel120_", "precision120_", "recall120_", "density120_", "coverage120_", "one_nn120_",
        "inception120_", "modes120_", "class_js120_", "class_accuracy120_", "msd_100_a_class_bars-", "nrmsd_range_100_",
        "sliced_wasserstein120_", "ms_ssim120_bars-", "path_length120_", "d_accuracy120_", "d_best_accuracy120_"}) {
    const measure::Score* score = find(found.scores, name);
    ASSERT_NE(score, nullptr) << name;
    // One half of the logits chose the threshold.
    EXPECT_EQ(score->count_fake, name.starts_with("d_best") ? 60 : 120) << name;
    EXPECT_FALSE(score->protocol.empty()) << name;
    EXPECT_EQ(score->protocol.find("one split"), std::string::npos) << name;
    EXPECT_EQ(score->floor.has_value(), !name.starts_with("path_length")) << name;  // reals have no z
    if (name.starts_with("modes")) {                                                // a resample can only lose a class
      EXPECT_TRUE(std::isnan(score->low) && std::isnan(score->high));
      continue;
    }
    ASSERT_TRUE(std::isfinite(score->low) && std::isfinite(score->high)) << name;
    EXPECT_LE(score->low, score->value) << name;
    EXPECT_GE(score->high, score->value) << name;
  }
  EXPECT_EQ(find(found.scores, "frechet120_")->count_floor, 120);
  EXPECT_GT(find(found.scores, "frechet120_")->value, 10 * *find(found.scores, "frechet120_")->floor);
  EXPECT_GT(*find(found.scores, "class_accuracy")->floor, 0.9);
  EXPECT_TRUE(found.neighbours.has_value());
  EXPECT_TRUE(found.notes.empty());
  EXPECT_EQ(std::ranges::count(said, "distances"), 1);

  // The same on more threads; other weights give other numbers.
  options.threads = 3;
  const RunScores again = evaluate_run(weights, run.path(), reference, options);
  ASSERT_EQ(again.scores.size(), found.scores.size());
  for (std::size_t i = 0; i < found.scores.size(); ++i)
    EXPECT_EQ(again.scores[i].value, found.scores[i].value) << found.scores[i].name;
  EXPECT_EQ(again.neighbours, found.neighbours);
  options.measures = {"frechet"};
  const RunScores before = evaluate_run(explore::load_weights(run, 0), run.path(), reference, options);
  ASSERT_EQ(before.scores.size(), 1U);
  EXPECT_NE(before.scores[0].value, find(found.scores, "frechet")->value);
}

TEST(EvaluateRun, WithoutClassesOrFeaturesLeavesTheJudgesAlone) {
  const testing::TinyRuns tiny;
  for (const char* split : {"train", "t10k"})
    std::filesystem::remove(tiny.root / "bars" / (std::string(split) + "-labels-idx1-ubyte"));
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  EXPECT_FALSE(reference.has_classifier());
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference, {.count = 120, .threads = 1});
  ASSERT_EQ(found.scores.size(), 3U);
  EXPECT_TRUE(found.scores[0].name.starts_with("ms_ssim"));
  EXPECT_TRUE(found.scores[1].name.starts_with("d_accuracy"));
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("--features"), std::string::npos);
}

// The judge on fakes as they were generated is reached by its name: and wants as many samples as the study's.
TEST(EvaluateRun, ReachesTheStrongJudgeOfRawFakes) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  try {
    evaluate_run(explore::load_weights(run), run.path(), reference,
                 {.count = 120, .measures = {"nk_strong_raw"}, .threads = 1});
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("nk_strong_raw_v1"), std::string::npos) << error.what();
  }
}

// The same 300 pictures as both splits: no protocol says held-out, and the weak judge is asked about other pictures
// than those it learned from.
TEST(EvaluateRun, OfOneSplitClaimsNothingHeldOut) {
  const testing::TinyRuns tiny(true);
  for (const char* kind : {"images-idx3-ubyte", "labels-idx1-ubyte"}) {
    std::filesystem::copy_file(tiny.root / "bars" / (std::string("train-") + kind),
                               tiny.root / "bars" / (std::string("t10k-") + kind),
                               std::filesystem::copy_options::overwrite_existing);
  }
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  ASSERT_TRUE(reference.one_split());
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference,
                                       {.count = 300, .measures = {"quick", "weak"}, .threads = 1});
  EXPECT_GT(found.scores.size(), 10U);
  expect_kinds(found.scores);
  for (const measure::Score& score : found.scores) {
    EXPECT_EQ(score.protocol.find("held-out"), std::string::npos) << score.protocol;
    const std::string sentence = "the data have one split";
    const std::size_t at = score.protocol.find(sentence);
    ASSERT_NE(at, std::string::npos) << score.protocol;
    EXPECT_EQ(score.protocol.find(sentence, at + 1), std::string::npos) << "once: " << score.protocol;
  }
  const measure::Score* weak = find(found.scores, "error_rate150_nk_weak_v1_");
  ASSERT_NE(weak, nullptr);
  EXPECT_EQ(weak->count_real, 150);
  EXPECT_NE(weak->protocol.find("150 reals and as many fakes to train with"), std::string::npos) << weak->protocol;
  EXPECT_NE(weak->protocol.find("judged on 150 other reals"), std::string::npos) << weak->protocol;
}

// Sets of features of one name and other content are other features.
TEST(ReferenceNames, HoldTheContentOfTheFeaturesSet) {
  const testing::TinyRuns tiny;
  const auto name_by = [&](const std::string& folder, std::uint64_t seed) {
    testing::write_bars(tiny.root / folder / "bars");
    data::write_idx(tiny.root / folder / "bars/train-images-idx3-ubyte",
                    testing::bars(300, seed).images.reshaped({300, 8, 8}));
    return Reference(tiny.recipe, tiny.reference_options(), (tiny.root / folder / "bars").string()).name();
  };
  const std::string first = name_by("x", 7), second = name_by("y", 8);
  EXPECT_NE(first.find("_by_bars-"), std::string::npos) << first;
  EXPECT_TRUE(first.ends_with("_v1")) << first;
  EXPECT_NE(first, second);
  EXPECT_EQ(first, name_by("z", 7)) << "the same pictures in another folder";
}

TEST(EvaluateRun, LeavesOutTheStrongJudgeWhereTheDataAreTooFewAndRefusesItByName) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  const Reference reference(tiny.recipe, tiny.reference_options());
  const explore::Weights weights = explore::load_weights(run);
  EXPECT_NO_THROW(check_evaluable(weights, reference, {.count = 120, .measures = {"all"}}));
  EXPECT_THROW(check_evaluable(weights, reference, {.count = 120, .measures = {"frechet", "strong"}}), DataError);
}

TEST(EvaluateRun, KeepsTheCurveOfAJudge) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference,
                                       {.count = 120, .measures = {"weak"}, .threads = 1});
  ASSERT_EQ(found.curves.size(), 1U);
  EXPECT_EQ(found.curves[0].name, found.scores.at(0).name);
  EXPECT_EQ(found.curves[0].points.back().val_loss, found.scores[0].value);
}

TEST(EvaluateRun, EndsWhereItIsStopped) {
  const testing::TinyRuns tiny(true);
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const explore::Weights weights = explore::load_weights(run);
  int asked = 0;
  EvaluateOptions options{.count = 120, .threads = 1};
  options.stop = [&] {
    ++asked;
    return false;
  };
  const auto whole = evaluate_run(weights, run.path(), reference, options).scores;
  const int all = asked;
  EXPECT_GT(all, 10 + 120);  // between measures; msd draws one by one
  for (int after = 0; after < all; after += 1 + all / 8) {
    asked = 0;
    options.stop = [&] { return asked++ >= after; };
    EXPECT_THROW(evaluate_run(weights, run.path(), reference, options), Error) << after;
    EXPECT_EQ(asked, after + 1);
  }
  // One measure at a time gives what all together give.
  options.stop = {};
  for (const auto& score : whole) {
    const std::string name = score.name.substr(0, score.name.find("120"));
    if (name != "frechet" && name != "kernel" && name != "recall" && name != "one_nn") continue;
    options.measures = {name};
    const auto alone = evaluate_run(weights, run.path(), reference, options).scores;
    EXPECT_EQ(measure::to_line(alone.at(0)), measure::to_line(score));
  }
}

TEST(EvaluateRun, MeasuresPositionsAndTheLatentSpaceWhenAsked) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const EvaluateOptions options{.count = 120, .measures = {"frechet_positions", "separability"}, .threads = 1};
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference, options);
  expect_kinds(found.scores);
  ASSERT_EQ(found.scores.size(), 2U);
  const measure::Score* positions = find(found.scores, "frechet_positions120_bars-");
  ASSERT_NE(positions, nullptr);
  EXPECT_GT(positions->value, *positions->floor);  // an untrained generator's pictures lie far from the reals
  EXPECT_GE(*positions->floor, 0);
  const measure::Score* separability = find(found.scores, "separability120_bars-");
  ASSERT_NE(separability, nullptr);
  EXPECT_GE(separability->value, 1);
  EXPECT_LE(separability->value, std::pow(2, reference.classifier().class_count()));
}

TEST(EvaluateRun, SaysWhatItLeavesOut) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const explore::Weights weights = explore::load_weights(run);
  const RunScores found = evaluate_run(weights, run.path(), reference,
                                       {.count = 10000, .measures = {"class_accuracy", "modes"}, .threads = 1});
  ASSERT_EQ(found.notes.size(), 2U);
  EXPECT_NE(found.notes[0].find("240 samples"), std::string::npos);
  EXPECT_NE(found.notes[1].find("class_accuracy left out"), std::string::npos);
  EXPECT_EQ(found.scores.size(), 2U);
  EXPECT_THROW(evaluate_run(weights, run.path(), reference, {.count = 99, .threads = 1}), ConfigError);
}

// The scores of what is handed out are those that the run got.
TEST(EvaluateRun, HandsOutTheFeaturesOfItsScores) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  EvaluateOptions options{.count = 120, .measures = {"fid", "class_accuracy"}, .threads = 1};
  int times = 0;
  double again = 0;
  options.on_features = [&](const Classified& real, const Classified& fake, std::int64_t count) {
    ++times;
    EXPECT_EQ(count, 120);
    again = compare_sets(real, fake, count, "x", {.threads = 1}, {"frechet"}).at(0).value;
  };
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference, options);
  EXPECT_EQ(times, 1);
  ASSERT_EQ(found.scores.size(), 1U);
  EXPECT_EQ(found.scores[0].value, again);
  ASSERT_EQ(found.notes.size(), 1U) << "asked for by name, and left out";
}

TEST(EvaluateRun, RefusesToHandOutFeaturesThatThereAreNot) {
  const testing::TinyRuns tiny;
  for (const char* split : {"train", "t10k"})
    std::filesystem::remove(tiny.root / "bars" / (std::string(split) + "-labels-idx1-ubyte"));
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  EvaluateOptions options{.count = 120, .threads = 1};
  options.on_features = [](const Classified&, const Classified&, std::int64_t) {};
  EXPECT_THROW(evaluate_run(explore::load_weights(run), run.path(), reference, options), DataError);
}

// Pictures that are all alike are 1; those of the reals are paired as the fakes are.
TEST(EvaluateRun, SeesHowAlikePairsAre) {
  const testing::TinyRuns tiny(true);
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference,
                                       {.count = 121, .measures = {"ms_ssim"}, .threads = 1});
  ASSERT_EQ(found.scores.size(), 1U);
  const measure::Score& score = found.scores[0];
  EXPECT_GT(score.value, 0);
  EXPECT_LT(score.value, 1);
  EXPECT_GT(*score.floor, 0);
  EXPECT_EQ(score.better, measure::Better::neither);
  EXPECT_NE(score.protocol.find("disjoint pairs of one class, 1 scale of a 7 x 7 window"), std::string::npos)
      << score.protocol;
}

// What a forgotten place of a new measure would look like.
TEST(OwnMeasures, AreSaidRunAndDocumented) {
  const std::string page = read_file(std::filesystem::path(GANYMEDE_SOURCE_DIR) / "docs/measures.md");
  for (const Measure& one : list_measures()) {
    EXPECT_NE(std::string_view(one.sentence), "") << one.name;
    EXPECT_NE(page.find("`" + std::string(one.name) + "`"), std::string::npos) << one.name << " is not in the docs";
  }
  for (const OwnMeasure& one : own_measures())
    EXPECT_TRUE(one.run != nullptr || std::string_view(one.facts.name) == "inception") << one.facts.name;
}

}  // namespace
}  // namespace ganymede::evaluate
