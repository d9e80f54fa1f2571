#include "evaluate/stacked_scores.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "data/files/idx.hpp"
#include "evaluate/known_classifier.hpp"
#include "evaluate/tiny.hpp"
#include "explore/trained_generator.hpp"
#include "measure/score_kinds.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kDigits = 400, kStacked = 2000;

/// A folder "mnist" whose digit k is noise with a bright row at 2 + 2 k, a classifier of it that took a moment to fit,
/// and a run on three of them.
struct StackedRuns : testing::TinyRuns {
  StackedRuns() {
    fs::create_directories(root / "places/mnist");
    for (const std::string split : {"train", "t10k"}) write_digits(split);
    session.places = {{root / "places", "--data"}};
    recipe = {};
    recipe.name = "stacked";
    recipe.data.source = "stacked-mnist";
    recipe.data.builtin_count = 64;
    recipe.latent.dim = 3;
    recipe.generator.width = recipe.discriminator.width = 4;
    recipe.train.batch = 32;
    recipe.train.epochs = 1;
    fit_for_a_moment();
  }
  ReferenceOptions reference_options() const {
    return {.backend = *session.backend, .places = session.places, .threads = 1, .cache = root / "cache"};
  }
  EvaluateOptions options(std::vector<std::string> measures) const {
    return {.count = 200,
            .stacked_count = kStacked,
            .measures = std::move(measures),
            .threads = 1,
            .places = session.places};
  }

 private:
  void write_digits(const std::string& split) const {
    Tensor images(DType::u8, {kDigits, 28, 28}), labels(DType::u8, {kDigits});
    RandomSequence random(Random(1, "digits." + split), 0);
    for (std::size_t i = 0; i < kDigits; ++i) {
      labels.values<std::uint8_t>()[i] = static_cast<std::uint8_t>(i % 10);
      const auto pixels = images.values<std::uint8_t>().subspan(784 * i, 784);
      for (std::size_t p = 0; p < 784; ++p)
        pixels[p] = static_cast<std::uint8_t>(random.below(60) + (p / 28 == 2 + 2 * (i % 10) ? 190 : 0));
    }
    data::write_idx(root / "places/mnist" / (split + "-images-idx3-ubyte"), images);
    data::write_idx(root / "places/mnist" / (split + "-labels-idx1-ubyte"), labels);
  }
  // Where the program would look for one of 2,000 steps.
  void fit_for_a_moment() const {
    const KnownClassifier known = known_classifier(recipe, reference_options(), "");
    const run::Recipe single = classified_recipe(recipe);
    const data::Dataset train = open_whole(single, data::Split::train, session.places),
                        test = open_whole(single, data::Split::test, session.places);
    const fit::ClassifierProtocol protocol = fit::classifier_protocol(train);
    fit::FitResult result = fit::fit(*session.backend, protocol.network, fit::samples_of(train), fit::samples_of(test),
                                     {.epochs = 12, .batch = 64, .threads = 1});
    fs::create_directories(known.file.parent_path());
    fit::save_classifier(known.file, {.network = protocol.network,
                                      .parameters = std::move(result.parameters),
                                      .protocol = protocol.name,
                                      .data = "mnist",
                                      .data_hash = hex(data::content_hash(train)),
                                      .validation_hash = hex(data::content_hash(test)),
                                      .class_names = train.class_names,
                                      .seed = 1,
                                      .plan = {},
                                      .curve = {}});
  }
};

TEST(StackedScores, OfAPerfectSamplerHaveTheFloorThatCountingGives) {
  EXPECT_NEAR(perfect_reverse_kl(1000, 25600), 0.0195, 5e-5);
  const StackedRuns stacked;
  Reference reference(stacked.recipe, stacked.reference_options());
  EXPECT_EQ(reference.name(), "stacked-mnist_v1");
  EXPECT_EQ(reference.stacked(), 3);
  EXPECT_EQ(reference.classifier().class_count(), 1000);
  // The classifier tells these digits without fault, so that its labels are the classes.
  const data::Dataset test = open_whole(stacked.recipe, data::Split::test, stacked.session.places, kStacked);
  EXPECT_EQ(reference.stacked_labels(kStacked), test.labels);

  const run::RunDirectory run = stacked.train("a");
  const explore::Weights weights = explore::load_weights(run);
  const RunScores found = evaluate_run(weights, run.path(), reference, stacked.options({"stacked", "modes"}));
  ASSERT_EQ(found.scores.size(), 2U);
  const measure::Score &modes = found.scores[0], &kl = found.scores[1];
  EXPECT_EQ(modes.name, "modes2k_stacked-mnist_v1");
  EXPECT_EQ(kl.name, "reverse_kl2k_stacked-mnist_v1");
  EXPECT_EQ(kl.count_real, kStacked);
  // 2,000 of 1,000: a perfect sampler meets 1 - e^-2 of them; its KL has its own series there, not (K - 1)/(2 N) yet.
  EXPECT_NEAR(*modes.floor, 1000 * (1 - std::exp(-2)), 4 * std::sqrt(1000 * std::exp(-2)));
  EXPECT_NE(kl.protocol.find("by counting alone"), std::string::npos) << kl.protocol;
  EXPECT_LT(modes.value, *modes.floor);
  EXPECT_GT(kl.value, *kl.floor);
  EXPECT_LE(modes.low, modes.value);
  EXPECT_LE(kl.low, kl.value);
  for (const measure::Score& score : found.scores) EXPECT_NE(measure::kind_of(score.name), nullptr);
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("modes left out: of stacked digits the measure stacked"), std::string::npos);
}

TEST(StackedScores, CountTheClassesOfTheFakes) {
  const StackedRuns stacked;
  const run::RunDirectory run = stacked.train("a");
  Reference reference(stacked.recipe, stacked.reference_options());
  const explore::Weights weights = explore::load_weights(run);
  const RunScores found = evaluate_run(weights, run.path(), reference, stacked.options({"stacked"}));
  explore::TrainedGenerator generator(*stacked.session.backend, weights.snapshot, run.path(), 1);
  const Tensor fakes = collect(generated(generator, kScoreSeed, {}), kStacked);
  std::vector<double> counts(1000, 0);
  for (const std::int32_t label : reference.classifier().labels(fakes)) ++counts[static_cast<std::size_t>(label)];
  double entropy = 0;
  for (const double n : counts) entropy -= n > 0 ? n / kStacked * std::log(n / kStacked) : 0;
  EXPECT_EQ(found.scores[0].value, static_cast<double>(std::ranges::count_if(counts, [](double n) { return n > 0; })));
  EXPECT_NEAR(found.scores[1].value, std::log(1000) - entropy, 1e-9);
}

TEST(StackedScores, KnowTheirClassifierWithoutFittingIt) {
  const StackedRuns stacked;
  const KeptClassifier kept = kept_classifier(stacked.recipe, stacked.reference_options(), "");
  ASSERT_TRUE(kept.classifier) << kept.why_not;
  EXPECT_EQ(kept.classifier->class_count(), 1000);
  const KnownClassifier known = known_classifier(stacked.recipe, stacked.reference_options(), "");
  EXPECT_EQ(known.class_names[905], "905");
  EXPECT_EQ(load_known(known).class_names, known.class_names);
}

TEST(StackedScores, AreNamedByTheContentWhereTheDigitsAreDrawn) {
  StackedRuns stacked;
  stacked.recipe.data.digits = "builtin-digits";
  EXPECT_TRUE(Reference(stacked.recipe, stacked.reference_options()).name().starts_with("stacked-mnist-"));
}

TEST(StackedScores, AreOfStackedDigitsAlone) {
  const testing::TinyRuns tiny;
  const run::RunDirectory run = tiny.train("a");
  Reference reference(tiny.recipe, tiny.reference_options());
  EXPECT_EQ(reference.stacked(), 1);
  EXPECT_THROW(reference.stacked_labels(10), ConfigError);
  const RunScores found = evaluate_run(explore::load_weights(run), run.path(), reference,
                                       {.count = 120, .measures = {"stacked"}, .threads = 1});
  EXPECT_TRUE(found.scores.empty());
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("only for stacked digits"), std::string::npos);
}

}  // namespace
}  // namespace ganymede::evaluate
