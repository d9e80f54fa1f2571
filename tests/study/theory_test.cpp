#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/fresh_folder.hpp"
#include "engine/executor.hpp"
#include "run/recipe_file.hpp"
#include "study/theory/failure_scores.hpp"
#include "study/theory/learned_discriminator.hpp"
#include "study/theory/margin_network.hpp"
#include "study/theory/outcome_map.hpp"
#include "study/theory/theory_report.hpp"
#include "theory/curves.hpp"
#include "theory/divergence.hpp"
#include "theory/losses.hpp"

namespace ganymede::study {
namespace {

RunCurve curve_with(const std::vector<double>& quality, double modes = 8, double gradient = 1) {
  RunCurve curve{.run = "a", .epochs = {}};
  for (const double q : quality) {
    const auto epoch = static_cast<std::int64_t>(curve.epochs.size()) + 1;
    curve.epochs.push_back({.epoch = epoch,
                            .step = 10 * epoch,
                            .d_updates = 20 * epoch,
                            .modes = modes,
                            .high_quality = q,
                            .generator_gradient = gradient / static_cast<double>(epoch)});
  }
  return curve;
}

TEST(TheoryPlan, PairsEveryFailureWithItselfAndOneKeyMore) {
  const TheoryPlan plan = plan_theory({.quick = true});
  EXPECT_EQ(plan.failures.size(), 4U);
  for (const FailurePair& pair : plan.failures) {
    for (std::size_t s = 0; s < pair.failing.runs.size(); ++s) {
      const auto differs = run::difference(pair.failing.runs[s].recipe, pair.cured.runs[s].recipe);
      ASSERT_EQ(differs.size(), 1U) << pair.recipe << " " << run::to_string(differs);
      EXPECT_TRUE(pair.cure.starts_with(differs.front().key + "=")) << pair.cure;
    }
    // The recipe that is shipped, as long as it says.
    const run::Recipe shipped = run::find_recipe(pair.recipe);
    for (const run::Difference& one : run::difference(shipped, pair.failing.runs.front().recipe))
      EXPECT_EQ(one.key, "name") << one.key;
  }
}

TEST(TheoryPlan, PlaysTheSameGameWithEveryNumberOfUpdates) {
  const TheoryPlan plan = plan_theory({});
  ASSERT_EQ(plan.updates.size(), 4U);
  EXPECT_EQ(plan.updates.front().runs.front().recipe.game.update, play::UpdateOrder::converge);
  std::set<int> k;
  for (const TheoryArm& arm : plan.updates) {
    run::Recipe recipe = arm.runs.front().recipe;
    if (recipe.game.update == play::UpdateOrder::alternating) k.insert(recipe.game.d_steps);
    recipe.game = plan.updates.front().runs.front().recipe.game;
    EXPECT_EQ(recipe, plan.updates.front().runs.front().recipe);
  }
  EXPECT_EQ(k, (std::set{1, 2, 5}));
}

TEST(TheoryPlan, SweepsRatesAndBatchesAlone) {
  for (const bool quick : {true, false}) {
    const TheoryPlan plan = plan_theory({.quick = quick});
    ASSERT_EQ(plan.sweep.cells.size(), plan.sweep.rates.size() * plan.sweep.batches.size());
    bool holds_the_recipe = false;
    const run::Recipe shipped = run::find_recipe("fail-sensitive");
    for (std::size_t r = 0; r < plan.sweep.rates.size(); ++r) {
      for (std::size_t b = 0; b < plan.sweep.batches.size(); ++b) {
        const run::Recipe& recipe = plan.sweep.cell(r, b).runs.front().recipe;
        EXPECT_EQ(recipe.generator.optimizer.learning_rate, plan.sweep.rates[r]);
        EXPECT_EQ(recipe.discriminator.optimizer.learning_rate, plan.sweep.rates[r]);
        EXPECT_EQ(recipe.train.batch, plan.sweep.batches[b]);
        holds_the_recipe = holds_the_recipe || (recipe.train.batch == shipped.train.batch &&
                                                recipe.generator.optimizer == shipped.generator.optimizer);
      }
    }
    EXPECT_TRUE(holds_the_recipe);
  }
}

TEST(FailureScores, CountWhatTheySay) {
  EXPECT_EQ(modes_at_end(curve_with({0.1, 0.2}, 3)), 3);
  // The second half: 0, 1, 0, 1, 0, 1 swings from one to the other; a steady one does not.
  EXPECT_EQ(swing_of_quality(curve_with({0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 1, 0, 1, 0, 1})), 1);
  EXPECT_EQ(swing_of_quality(curve_with({0, 1, 0, 1, 0.9, 0.9, 0.9, 0.9})), 0);
  // Of eight epochs the last two: (1/7 + 1/8) / 2.
  EXPECT_DOUBLE_EQ(gradient_at_end(curve_with(std::vector<double>(8, 0.5))), (1.0 / 7 + 1.0 / 8) / 2);
  EXPECT_EQ(gradient_at_end(RunCurve{}), 0);
}

TEST(OutcomeMap, TellsWhoLearnt) {
  EXPECT_TRUE(has_learnt(curve_with({0.1, 0.5}, 7)));
  EXPECT_FALSE(has_learnt(curve_with({0.9, 0.49}, 8)));
  EXPECT_FALSE(has_learnt(curve_with({0.9, 0.9}, 6)));
  RunCurve stopped = curve_with({0.9});
  stopped.failed = true;
  EXPECT_FALSE(has_learnt(stopped));
  const RateSweep sweep{.rates = {0.1, 0.2}, .batches = {8}, .cells = {}};
  const auto map =
      outcome_map(sweep, {{curve_with({1}), stopped}, {curve_with({0}, 0), RunCurve{.run = "b", .failed = true}}});
  EXPECT_GT(map.width(), 200);
}

TEST(Margin, GivesTheSlopesOfAClassifierByItsInput) {
  const net::Network classifier{.name = "classifier",
                                .nodes = {{"image", {}, net::Input{.role = net::Role::image, .shape = {1, 2, 2}}},
                                          {"flatten", {"image"}, net::Reshape{{-1}}},
                                          {"dense", {"flatten"}, net::Dense{.out = 5}},
                                          {"act", {"dense"}, net::Activation{.kind = net::ActivationKind::tanh}},
                                          {"logits", {"act"}, net::Dense{.out = 3}}},
                                .outputs = {"logits"}};
  const NamedTensors tensors = net::initialise(classifier, 3);
  const play::Backend& backend = engine::cpu_backend();
  const auto plain = backend.make_model(classifier, {.batch = 8, .threads = 1});
  plain->load(tensors);
  const Margin margin = margin_of(classifier, tensors, 3, 2, 0);
  const auto model = backend.make_model(margin.network, {.batch = 8, .threads = 1});
  model->load(margin.tensors);
  const std::vector<float> x = {0.3F, -0.7F, 0.1F, 0.9F};
  const auto logits_at = [&](const std::vector<float>& at) {
    const Tensor output = plain->infer({.count = 1, .values = at}).output;
    return static_cast<double>(output.values<float>()[0]) - static_cast<double>(output.values<float>()[2]);
  };
  const Tensor push = model->push({.count = 1, .values = x}, play::Loss::wasserstein);
  for (std::size_t p = 0; p < x.size(); ++p) {
    constexpr float kStep = 0.01F;
    std::vector<float> above = x, below = x;
    above[p] += kStep, below[p] -= kStep;
    EXPECT_NEAR(push.values<float>()[p], (logits_at(above) - logits_at(below)) / (2.0 * kStep), 2e-4) << p;
  }
  EXPECT_THROW(margin_of(classifier, tensors, 3, 1, 1), Error);
}

TEST(LearnedDiscriminator, ComesToTheBestOneAndPushesAsTheoryHasIt) {
  const play::Backend& backend = engine::cpu_backend();
  const theory::Density p = theory::normal(0), q = theory::normal(2);
  LearnedDiscriminator learned(backend, p, q, 1, 1, 600);
  learned.train_to(600);
  EXPECT_EQ(learned.step(), 600);
  const std::vector<float> places = {-1, 0, 1, 2, 3};
  const std::vector<float> logits = learned.logits(places), push = learned.push(places, play::Loss::non_saturating);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double x = places[i];
    EXPECT_NEAR(logits[i], theory::optimal_logit(p, q, std::span(&x, 1)), 0.5) << x;
    // Towards the reals, which lie to the left.
    EXPECT_NEAR(-push[i], theory::gradient_of_shifted(theory::GeneratorLoss::non_saturating, 2, x), 0.5) << x;
  }
}

TEST(LearnedDiscriminator, HasTheSameBitsForAnyNumberOfThreadsAndInPieces) {
  const play::Backend& backend = engine::cpu_backend();
  const theory::Density p = theory::ring(3, 1, 0.2), q = theory::ring(2, 1, 0.3);
  LearnedDiscriminator one(backend, p, q, 1, 5, 40), other(backend, p, q, 3, 5, 40);
  one.train_to(40);
  other.train_to(13);
  other.train_to(40);
  const std::vector<float> places = {0.1F, -0.4F, 1, 0.3F};
  EXPECT_EQ(one.logits(places), other.logits(places));
}

// The curves of the figure are those that the networks compute with.
TEST(ActivationCurves, AreThoseOfTheEngine) {
  const std::map<std::string, net::Activation> kinds = {
      {"relu", {.kind = net::ActivationKind::relu}},
      {"relu with a ceiling", {.kind = net::ActivationKind::relu, .max_value = 6}},
      {"leaky_relu", {.kind = net::ActivationKind::leaky_relu, .negative_slope = 0.3F}},
      {"elu", {.kind = net::ActivationKind::elu}},
      {"rrelu", {.kind = net::ActivationKind::rrelu}},
      {"tanh", {.kind = net::ActivationKind::tanh}},
      {"sigmoid", {.kind = net::ActivationKind::sigmoid}}};
  const play::Backend& backend = engine::cpu_backend();
  std::vector<float> places;
  for (int i = -70; i <= 80; ++i) places.push_back(0.1F * static_cast<float>(i));
  for (const theory::Curve& curve : theory::activation_curves()) {
    const auto kind = kinds.find(curve.name);
    if (kind == kinds.end()) {
      EXPECT_EQ(curve.name, "prelu") << "its slope is learned";
      continue;
    }
    const net::Network network{
        .name = "discriminator",
        .nodes = {{"x", {}, net::Input{.role = net::Role::vector, .shape = {1}}}, {"act", {"x"}, kind->second}},
        .outputs = {"act"}};
    const auto model = backend.make_model(network, {.batch = 64, .threads = 1});
    const Tensor output = model->infer({.count = std::ssize(places), .values = places}).output;
    for (std::size_t i = 0; i < places.size(); ++i)
      EXPECT_NEAR(output.values<float>()[i], curve.value(places[i]), 1e-5) << curve.name << " " << places[i];
  }
}

TEST(Exhibits, HaveNamesAndTitlesOfTheirOwn) {
  std::set<std::string> names, titles;
  for (const ExhibitEntry& entry : exhibits())
    EXPECT_TRUE(names.insert(entry.name).second && titles.insert(entry.title).second) << entry.name;
  EXPECT_GE(names.size(), 13U);
}

TEST(Identity, IsRefutedBeyondItsTolerance) {
  EXPECT_EQ(identity("a", 1, 1 + 1e-12, 1e-11).verdict, kConfirmed);
  EXPECT_EQ(identity("a", 1, 1 + 1e-12, 1e-13).verdict, kRefuted);
  EXPECT_EQ(identity("a", std::nan(""), 1, 1).verdict, kRefuted);
}

}  // namespace
}  // namespace ganymede::study
