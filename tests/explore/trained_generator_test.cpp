#include "explore/trained_generator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "explore/tiny.hpp"
#include "explore/weights.hpp"
#include "fit/networks.hpp"

namespace ganymede::explore {
namespace {

using testing::TinyRuns;

/// A classifier that has learnt nothing: its answers are anybody's, and always the same.
fit::Classifier untrained(int classes) {
  fit::ClassifierRecord record;
  record.network =
      fit::image_classifier({.channels = 1, .height = 8, .width = 8, .outputs = classes, .filters = 4, .features = 8});
  record.parameters = net::initialise(record.network, 3);
  for (int k = 0; k < classes; ++k) record.class_names.push_back(std::string(1, static_cast<char>('a' + k)));
  return {engine::cpu_backend(), std::move(record), 1};
}

struct AtWork : ::testing::Test {
  TinyRuns tiny;
  run::RunDirectory run = tiny.train("a");
  Weights weights = load_weights(run);
  TrainedGenerator generator{engine::cpu_backend(), weights.snapshot, run.path(), 1};
  fit::Classifier classifier = untrained(3);
};

/// A model of f32 by hand.
struct ByHand {
  explicit ByHand(const Weights& weights, play::Precision precision = play::Precision::f32)
      : model(weights.snapshot.generator, 16, 1, precision) {
    model.load(run::generator_weights(weights.snapshot));
  }
  Tensor draw(const train::NamedSamples& samples, const std::vector<play::Override>& overrides = {}) {
    return model.infer(samples.inputs(), {}, overrides).output;
  }
  engine::Model model;
};

TEST_F(AtWork, TheExactPlanIsF32) {
  ByHand hand(weights);
  const train::NamedSamples samples = generator.samples(5, 70);
  EXPECT_EQ(generator.draw(samples), hand.draw(samples));
  EXPECT_EQ(generator.draw(5, 70), hand.draw(samples));
  EXPECT_EQ(generator.draw(samples.z, {}), hand.draw(samples));
  EXPECT_EQ(generator.draw(5, 1), hand.draw(generator.samples(5, 1))) << "alone as among others";
}

TEST_F(AtWork, TheQuickPlanIsTheFastestHere) {
  TrainedGenerator quick(engine::cpu_backend(), weights.snapshot, run.path(), 1, Plan::quick);
  ByHand hand(weights, play::Precision::automatic);
  const train::NamedSamples samples = generator.samples(5, 20);
  const Tensor pictures = quick.draw(samples), exact = generator.draw(samples);
  EXPECT_EQ(pictures, hand.draw(samples));
  for (std::int64_t i = 0; i < exact.count(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    ASSERT_NEAR(pictures.values<float>()[at], exact.values<float>()[at], 0.05);
  }
  if (engine::cpu_backend().resolved(play::Precision::automatic) == play::Precision::f32) {
    EXPECT_EQ(pictures, exact);
  }
  EXPECT_EQ(plan_of(play::Precision::f32), Plan::exact);
  EXPECT_EQ(plan_of(play::Precision::mixed), Plan::quick);
}

TEST_F(AtWork, InspectsAndChangesLayers) {
  ByHand hand(weights);
  const train::NamedSamples samples = generator.samples(1, 3);
  const play::Override change = parse_ablation("act1:channel=2", generator.network());
  const Dissection found = generator.inspect(samples, {"act1"}, {change});
  EXPECT_EQ(found.pictures, generator.draw(samples, {change}));
  EXPECT_EQ(found.pictures, hand.draw(samples, {change}));
  EXPECT_NE(found.pictures, generator.draw(samples));
  ASSERT_EQ(found.layers.size(), 1U);
  const Tensor& values = found.layers[0].values;
  const auto area = static_cast<std::size_t>(values.shape()[2] * values.shape()[3]);
  const auto channel = values.values<float>().subspan(2 * area, area);
  EXPECT_TRUE(std::ranges::all_of(channel, [](float v) { return v == 0; }));
  EXPECT_EQ(generator.inspect(samples).layers.size(), layers_of(generator.network()).size());
}

TEST_F(AtWork, MapsAsItDrawsAndClassifies) {
  const ClassMap map = generator.map(classifier, {.side = 20});
  std::vector<float> z;
  for (const float a : map.axis) {
    for (const float b : map.axis) z.insert(z.end(), {a, b});
  }
  EXPECT_EQ(map.parts[0].labels, generator.classify(classifier, generator.draw(z, {})));
  EXPECT_EQ(map.class_names, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(AtWork, WalksFromEndToEnd) {
  const std::vector<float> from{-1, 0.5F}, to{2, -1};
  const Walk walk = generator.walk(from, to, {.steps = 5}, &classifier);
  EXPECT_EQ(walk.pictures, generator.draw(latent::path(from, to, 5, latent::PathKind::lerp), {}));
  EXPECT_EQ(walk.labels, generator.classify(classifier, walk.pictures));
  ASSERT_FALSE(walk.areas.empty());
  EXPECT_EQ(walk.areas.front().first, 0);
  EXPECT_EQ(walk.areas.back().last, kWalkPoints - 1);
  EXPECT_EQ(walk.line, latent::path(from, to, kWalkPoints, latent::PathKind::lerp));
  const Walk bare = generator.walk(from, to, {.steps = 5});
  EXPECT_EQ(bare.pictures, walk.pictures);
  EXPECT_TRUE(bare.labels.empty() && bare.areas.empty());
}

TEST_F(AtWork, WalksWithinAClass) {
  const TinyRuns conditional(true);
  const run::RunDirectory other = conditional.train("c");
  TrainedGenerator obeying(engine::cpu_backend(), load_weights(other).snapshot, other.path(), 1);
  const std::vector<float> from{-1, 0.5F}, to{2, -1};
  const Walk walk = obeying.walk(from, to, {.steps = 4, .only = 2});
  EXPECT_EQ(walk.pictures,
            obeying.draw(latent::path(from, to, 4, latent::PathKind::lerp), std::vector<std::int32_t>(4, 2)));
  EXPECT_NE(walk.pictures, obeying.walk(from, to, {.steps = 4, .only = 1}).pictures);
}

TEST_F(AtWork, WalksFromAClassToAnother) {
  const TinyRuns conditional(true);
  const run::RunDirectory other = conditional.train("c");
  TrainedGenerator obeying(engine::cpu_backend(), load_weights(other).snapshot, other.path(), 1);
  const std::vector<float> z{-1, 0.5F};
  const Walk walk = obeying.walk(z, z, {.steps = 3, .only = 2, .to_class = 0});
  const train::NamedSamples middle{.count = 3,
                                   .z = {-1, 0.5F, -1, 0.5F, -1, 0.5F},
                                   .classes = {2, 2, 0},
                                   .toward = {0, 0, 0},
                                   .shares = {0, 0.5F, 0}};
  EXPECT_EQ(walk.pictures, obeying.draw(middle));
  EXPECT_NE(walk.pictures, obeying.draw(middle.z, middle.classes)) << "and no class alone is half way";
  EXPECT_EQ(obeying.walk(z, z, {.steps = 3, .only = 1, .to_class = 1}).pictures,
            obeying.walk(z, z, {.steps = 3, .only = 1}).pictures);
}

TEST_F(AtWork, WalksWithoutWhatIsTakenAway) {
  const std::vector<float> from{-1, 0.5F}, to{2, -1};
  const std::vector<play::Override> overrides = parse_ablations({"act1"}, generator.network());
  const Walk walk = generator.walk(from, to, {.steps = 5, .overrides = overrides}, &classifier);
  EXPECT_EQ(walk.areas.size(), 1U) << "a layer of zeros: one picture everywhere";
  EXPECT_NE(walk.pictures, generator.walk(from, to, {.steps = 5}).pictures);
}

TEST_F(AtWork, KnowsWhatItIsOf) {
  EXPECT_EQ(generator.about().epoch, 1U);
  EXPECT_EQ(generator.about().recipe, weights.snapshot.recipe);
  EXPECT_TRUE(generator.about().tensors.empty());
  const std::int64_t loaded = generator.bytes();
  EXPECT_GT(loaded, 0);
  generator.draw(0, 1);
  EXPECT_GT(generator.bytes(), loaded) << "what is compiled counts";
}

TEST(AsSamples, RoundsPicturesButNotInk) {
  const Tensor pictures = as_samples(Tensor::of<float>({1, 1, 1, 3}, std::vector<float>{-1, 0.004F, 1}));
  EXPECT_EQ(pictures, Tensor::of<std::uint8_t>({1, 1, 1, 3}, std::vector<std::uint8_t>{0, 128, 255}));
  std::vector<float> moves(30, 0.0041F);
  const Tensor ink = as_samples(Tensor::of<float>({1, 1, 10, 3}, moves));
  EXPECT_EQ(ink, Tensor::of<float>({1, 10, 3}, moves));
}

}  // namespace
}  // namespace ganymede::explore
