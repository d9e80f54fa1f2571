#include "explore/taps.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "engine/executor.hpp"
#include "run/networks.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::explore {
namespace {

/// A generator of a recipe with fresh weights, and what it makes of one z.
struct Fresh {
  explicit Fresh(const std::string& recipe_name, const std::vector<std::string>& sets, const run::ImageFacts& facts) {
    run::Recipe recipe = run::find_recipe(recipe_name);
    run::apply_sets(recipe, sets);
    network = run::build_generator(recipe, facts);
    weights = net::initialise(network, 5);
    for (auto& [name, tensor] : weights) {  // so that norms and biases are seen
      if (name.ends_with("weight")) continue;
      for (float& value : tensor.values<float>()) value += name.ends_with("var") ? 0.5F : 0.125F;
    }
    model = engine::cpu_backend().make_model(network, {.batch = 4, .threads = 1});
    model->load(weights);
    const auto dim = element_count(std::get<net::Input>(network.nodes.front().layer).shape);
    samples.count = 1;
    for (std::int64_t i = 0; i < dim; ++i) samples.z.push_back(0.3F - 0.2F * static_cast<float>(i % 5));
    if (net::class_count(network) > 0) samples.classes = {1};
  }
  void every_layer_adds_up(const std::vector<play::Override>& overrides = {}) {
    const Dissection inside = dissect(*model, network, samples.inputs(), {}, overrides);
    for (const LayerView& view : inside.layers) {
      const Shape& s = view.layer.shape;
      const bool image = s.size() == 3;
      const std::int64_t count = element_count(s);
      for (const std::int64_t at : {std::int64_t{0}, count / 3, count / 2, count - 1}) {
        const TapPlace place = image ? TapPlace{view.layer.node, at / (s[1] * s[2]), at / s[2] % s[1], at % s[2]}
                                     : TapPlace{view.layer.node, at};
        const Taps taps = taps_of(network, weights, inside, samples, place, overrides);
        double sum = taps.bias + taps.rest;
        for (const TapTerm& term : taps.terms) {
          sum += term.product;
          EXPECT_EQ(term.product, term.weight * term.input);
        }
        EXPECT_NEAR(sum, view.values.values<float>()[static_cast<std::size_t>(at)], 1e-5 * (1 + std::fabs(taps.value)))
            << view.layer.node << " " << view.layer.kind << " element " << at;
        EXPECT_EQ(taps.value, view.values.values<float>()[static_cast<std::size_t>(at)]);
        EXPECT_LE(taps.terms.size(), kMostTerms);
        EXPECT_NE(taps.sentence, "");
        for (std::size_t i = 1; i < taps.terms.size(); ++i)
          EXPECT_GE(std::fabs(taps.terms[i - 1].product), std::fabs(taps.terms[i].product));
      }
    }
  }

  net::Network network;
  NamedTensors weights;
  std::unique_ptr<play::Model> model;
  train::NamedSamples samples;
};

const run::ImageFacts kSmall{.channels = 1, .height = 8, .width = 8, .classes = 3};
const std::vector<std::string> kNarrow = {"generator.width=4", "discriminator.width=4"};

std::vector<std::string> narrow_and(std::vector<std::string> sets) {
  sets.insert(sets.end(), kNarrow.begin(), kNarrow.end());
  return sets;
}

TEST(Taps, AddUpToEveryLayersValues) {
  Fresh("quick", kNarrow, kSmall).every_layer_adds_up();
}

TEST(Taps, AddUpWhereAClassIsEmbedded) {
  Fresh("quick", narrow_and({"generator.condition=embedding", "discriminator.condition=embedding"}), kSmall)
      .every_layer_adds_up();
}

TEST(Taps, AddUpWhereAClassIsJoined) {
  Fresh("quick", narrow_and({"generator.condition=concat", "discriminator.condition=concat"}), kSmall)
      .every_layer_adds_up();
}

TEST(Taps, AddUpBetweenTwoClasses) {
  for (const char* const condition : {"embedding", "concat"}) {
    SCOPED_TRACE(condition);
    Fresh mixed("quick",
                narrow_and({std::string("generator.condition=") + condition,
                            std::string("discriminator.condition=") + condition}),
                kSmall);
    mixed.samples.toward = {2};
    mixed.samples.shares = {0.25F};
    mixed.every_layer_adds_up();
  }
}

TEST(Taps, AddUpInPhotosAndInk) {
  Fresh("landscapes-quick", kNarrow, {.channels = 3, .height = 64, .width = 64, .classes = 0}).every_layer_adds_up();
  Fresh("ink-quick", kNarrow, {.channels = 1, .height = 10, .width = 3, .classes = 39}).every_layer_adds_up();
}

TEST(Taps, AValueThatIsSetByHandHasNoTerms) {
  Fresh fresh("quick", kNarrow, kSmall);
  const play::Override change = parse_ablation("conv1:channel=1,value=2", fresh.network);
  fresh.every_layer_adds_up({change});
  const Dissection inside = dissect(*fresh.model, fresh.network, fresh.samples.inputs(), {}, {change});
  const Taps taps = taps_of(fresh.network, fresh.weights, inside, fresh.samples, {"conv1", 1, 0, 0}, {change});
  EXPECT_EQ(taps.value, 2);
  EXPECT_EQ(taps.count, 0);
}

TEST(Taps, NamePlacesOfTheLayerBefore) {
  Fresh fresh("quick", kNarrow, kSmall);
  const Dissection inside = dissect(*fresh.model, fresh.network, fresh.samples.inputs());
  const Taps dense = taps_of(fresh.network, fresh.weights, inside, fresh.samples, {"dense", 0, 0, 0});
  EXPECT_EQ(dense.count, std::ssize(fresh.samples.z));
  for (const TapTerm& term : dense.terms)
    EXPECT_EQ(term.input, fresh.samples.z[static_cast<std::size_t>(term.from.channel)]);
  EXPECT_EQ(layers_before(fresh.network, "dense"), std::vector<std::string>{});
  EXPECT_EQ(layers_before(fresh.network, "conv1"), std::vector<std::string>{"act0"});
  EXPECT_THROW(layers_before(fresh.network, "z"), ConfigError);
  EXPECT_THROW(taps_of(fresh.network, fresh.weights, inside, fresh.samples, {"conv1", 0, 0, 99}), ConfigError);
  EXPECT_THROW(taps_of(fresh.network, fresh.weights, inside, fresh.samples, {"conv1", -1, 0, 0}), ConfigError);
}

}  // namespace
}  // namespace ganymede::explore
