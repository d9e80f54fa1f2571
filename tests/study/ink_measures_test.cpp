#include "study/ink_measures.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fresh_folder.hpp"
#include "data/catalogue.hpp"
#include "engine/executor.hpp"
#include "explore/weights.hpp"
#include "fit/classifier_cache.hpp"
#include "net/network.hpp"
#include "run/recipe_file.hpp"
#include "study/ink_agreement.hpp"
#include "train/session.hpp"

namespace ganymede::study {
namespace {

data::Dataset symbols(data::Split split) {
  data::OpenOptions options;
  options.builtin_count = 8 * 39;
  return data::open_dataset("builtin-ink", split, {}, options);
}

// A classifier that has learnt nothing: its answers are anybody's, and always the same.
fit::Classifier untrained(const data::Dataset& set) {
  fit::ClassifierRecord record;
  record.network = fit::classifier_protocol(set).network;
  record.parameters = net::initialise(record.network, 3);
  record.class_names = set.class_names;
  return fit::Classifier(engine::cpu_backend(), std::move(record), 1);
}

// Ink models trained for a moment, each on a partition of its own.
struct InkRuns : ::testing::Test {
  InkRuns() {
    session.backend = &engine::cpu_backend();
    session.threads = 1;
    session.progress = ProgressStyle::quiet;
  }
  run::RunDirectory train(const std::string& name, std::uint64_t partition_seed) {
    run::Recipe recipe = run::find_recipe("ink-quick");
    recipe.data.builtin_count = 2 * 39;
    recipe.latent.dim = 8;
    recipe.latent.sampler = "partition";
    recipe.latent.partition_seed = partition_seed;
    recipe.generator.width = 4;
    recipe.discriminator.width = 8;
    recipe.train.steps = 4;
    train::Setup setup = train::prepare(recipe, session);
    run::RunDirectory directory = run::RunDirectory::create(root.path(), name, setup.recipe, {});
    train::train(setup, directory, {}, session);
    return directory;
  }
  static explore::TrainedGenerator model(const run::RunDirectory& run) {
    return explore::TrainedGenerator(engine::cpu_backend(), explore::load_weights(run).snapshot, run.path(), 1);
  }

  ganymede::testing::FreshFolder root;
  train::SessionOptions session;
  data::Dataset real = symbols(data::Split::test), others = symbols(data::Split::train);
  fit::Classifier classifier = untrained(others);
};

TEST_F(InkRuns, AModelAgreesWithItselfEverywhere) {
  const run::RunDirectory run = train("a", 1);
  explore::TrainedGenerator first = model(run), second = model(run);
  const Agreement same = agreement_of(first, second, classifier, {.points = 100, .walks = 3, .steps = 9});
  EXPECT_EQ(same.cells, 1);
  EXPECT_EQ(same.symbols, 1);
  EXPECT_EQ(same.drawn, 1);
  EXPECT_NEAR(same.walks, 1, 1e-12);
  EXPECT_EQ(same.crossings, 0);
}

// Two random partitions of 39 cells have few z in common; the order of the two models does not matter to cells.
TEST_F(InkRuns, PartitionsOfTheirOwnShareFewCells) {
  const run::RunDirectory a = train("a", 1), b = train("b", 2);
  explore::TrainedGenerator first = model(a), second = model(b);
  const AgreementOptions options{.points = 400, .walks = 2, .steps = 5};
  const Agreement one = agreement_of(first, second, classifier, options);
  EXPECT_LT(one.cells, 0.2);
  EXPECT_EQ(agreement_of(second, first, classifier, options).cells, one.cells);
}

TEST_F(InkRuns, MeasuresOnceAndReadsTheSameAgain) {
  const run::RunDirectory run = train("a", 1);
  measure::PairOptions pairs;
  pairs.reference = measure::features_of(real.images);
  pairs.bootstrap.resamples = 20;
  const InkReference reference{real, others, classifier,
                               measure::differences_within({measure::features_of(real.images), real.labels}, pairs)};
  const InkProtocol protocol{.per_class = 4, .curve_per_class = 1};
  const InkMeasures m = measure_ink(run, reference, protocol, session);
  ASSERT_EQ(m.accuracy.by_class.size(), 39U);
  double sum = 0;
  for (const double v : m.accuracy.by_class) {
    sum += v;
    EXPECT_DOUBLE_EQ(4 * v, std::round(4 * v));  // of four symbols
  }
  EXPECT_NEAR(m.accuracy.mean, sum / 39, 1e-12);
  EXPECT_GT(m.msd.mean, 0);
  EXPECT_EQ(m.two_sample.count, 2 * real.size());
  EXPECT_GT(m.two_sample.accuracy, 0.9);  // four steps of training are told from real ones easily
  EXPECT_GT(m.distance.mean, 0.1);
  EXPECT_TRUE(m.averaged);
  EXPECT_NE(m.plain_msd, m.msd.mean);  // after four steps the moving average still is near the beginning
  EXPECT_EQ(m.learnt, std::ranges::count_if(m.accuracy.by_class, [](double v) { return v >= 0.5; }));

  const std::string kept = read_file(run.path() / "measures" / "ink_v2.json");
  EXPECT_EQ(to_json(m, 4), kept);
  EXPECT_EQ(to_json(measure_ink(run, reference, protocol, session), 4), kept);
  for (const std::string& text : {std::string("{}"), std::string("[]"), std::string("{"),
                                  std::string("{\"schema\": 7}"), std::string(100'000, '[')})
    EXPECT_THROW(ink_measures_from_json(text, "here"), DataError) << text.substr(0, 20);
  EXPECT_THROW(ink_measures_from_json(R"({"schema": "ganymede.ink_measures/2"})", "here"), DataError);
}

}  // namespace
}  // namespace ganymede::study
