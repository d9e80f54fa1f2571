#include "play/check.hpp"

#include <gtest/gtest.h>

#include "engine/matches.hpp"
#include "engine/reference/reference_game.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {
namespace {

using play::check_step;
using play::StepCheck;

// An engine whose gradients of one tensor come out wrong by a factor.
class Disturbed : public Executor {
 public:
  Disturbed(std::unique_ptr<Executor> engine, std::string tensor, float factor)
      : engine_(std::move(engine)), tensor_(std::move(tensor)), factor_(factor) {}

  StepResult step(const Batch& batch, Phase phase) override { return engine_->step(batch, phase); }
  NamedTensors gradients() const override {
    NamedTensors gradients = engine_->gradients();
    for (float& v : gradients.at(tensor_).values<float>()) v *= factor_;
    return gradients;
  }
  Noise noise() const override { return engine_->noise(); }
  Inference infer(const std::string& network, const Inputs& inputs, bool ema, const std::vector<std::string>& taps,
                  const std::vector<Override>& overrides) override {
    return engine_->infer(network, inputs, ema, taps, overrides);
  }
  NamedTensors state() const override { return engine_->state(); }
  void set_state(const NamedTensors& state) override { engine_->set_state(state); }
  std::vector<PassInfo> plan() const override { return engine_->plan(); }
  std::string plan_name() const override { return engine_->plan_name(); }
  std::int64_t memory_bytes() const override { return engine_->memory_bytes(); }

 private:
  std::unique_ptr<Executor> engine_;
  std::string tensor_;
  float factor_;
};

std::vector<StepCheck> checked(Executor& executor, const Match& m, std::initializer_list<Phase> phases,
                               std::int64_t count = 12) {
  const auto reference = make_reference(m.generator, m.discriminator, m.game);
  executor.set_state(start(m));
  reference->set_state(start(m));
  std::vector<StepCheck> steps;
  std::uint32_t tick = 5;
  for (const Phase phase : phases) {
    const Data data = make_data(m, count, tick);
    steps.push_back(check_step(executor, *reference, data.batch(count, tick), phase));
    ++tick;
  }
  return steps;
}

double worst(const std::vector<StepCheck>& steps) {
  double worst = 0;
  for (const StepCheck& step : steps) worst = std::max(worst, step.worst());
  return worst;
}

// Dropout, rrelu, BatchNorm and a class: all that is drawn is replayed.
TEST(CheckStep, EngineAndReferenceAgreeOnWhatIsDrawn) {
  const Match m = noisy_match();
  const auto executor = make_fast(m, 12, 2);
  const auto steps = checked(*executor, m, {Phase::both, Phase::discriminator, Phase::generator, Phase::both});
  EXPECT_LT(worst(steps), play::tolerance(Precision::f32));
  EXPECT_EQ(steps[0].losses.size(), 4U);
  EXPECT_EQ(steps[2].losses.size(), 1U) << "an update of G alone has no loss of D";
}

TEST(CheckStep, WithoutTheEnginesNoiseTheyWouldNotAgree) {
  const Match m = noisy_match();
  const auto executor = make_fast(m, 12, 1);
  const auto reference = make_reference(m.generator, m.discriminator, m.game);
  reference->set_state(start(m));
  const Data data = make_data(m, 12, 5);
  executor->step(data.batch(12, 5), Phase::both);
  reference->step(data.batch(12, 5), Phase::both);
  EXPECT_GT(play::deviations(executor->gradients(), reference->gradients())[0].difference, 0.01);
}

TEST(CheckStep, SeesAWrongGradient) {
  const Match m = noisy_match();
  for (const float factor : {1.001F, 0.0F, -1.0F}) {
    Disturbed disturbed(make_fast(m, 12, 1), "generator.dense.weight", factor);
    const auto steps = checked(disturbed, m, {Phase::both});
    EXPECT_GT(steps[0].worst(), play::tolerance(Precision::f32)) << factor;
    EXPECT_EQ(steps[0].gradients[0].name, "generator.dense.weight") << "the worst comes first";
  }
}

// The gradient of D's last bias is a sum that cancels: what it is held against does not.
TEST(CheckStep, HoldsABiasAgainstTheTermsOfItsSum) {
  const Match m = noisy_match();
  const auto reference = make_reference(m.generator, m.discriminator, m.game);
  reference->set_state(start(m));
  const Data data = make_data(m, 12, 5);
  reference->step(data.batch(12, 5), Phase::both);
  const NamedTensors gradients = reference->gradients();
  const auto sums = reference->sums_of_magnitudes();
  for (const auto& [name, sum] : sums) {
    ASSERT_EQ(gradients.at(name).count(), 1) << name;
    EXPECT_GE(sum, std::abs(gradients.at(name).values<double>()[0])) << name;
  }
  const auto last = sums.find("discriminator.dense.bias");
  ASSERT_NE(last, sums.end());
  EXPECT_GT(last->second, 0.1);
  EXPECT_LT(last->second, 2) << "slopes of sigmoid - 1 and sigmoid, each a mean over its half";
  Disturbed disturbed(make_fast(m, 12, 1), "discriminator.dense.bias", 0);
  EXPECT_GT(checked(disturbed, m, {Phase::both})[0].worst(), play::tolerance(Precision::f32));
}

TEST(CheckStep, SeesANumberThatIsNone) {
  const Match m = noisy_match();
  Disturbed disturbed(make_fast(m, 12, 1), "discriminator.conv1.weight", std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(std::isinf(checked(disturbed, m, {Phase::both})[0].worst()));
}

TEST(CheckStep, MixedPrecisionStaysWithinItsTolerance) {
  const kernels::Unit before = kernels::unit();
  kernels::set_unit(kernels::Unit::emulated_dot);
  const Match m = noisy_match(16);
  const auto executor = make_fast(m, 12, 1, Precision::mixed);
  ASSERT_EQ(executor->precision(), Precision::mixed);
  const double found = worst(checked(*executor, m, {Phase::both, Phase::both}));
  EXPECT_LT(found, play::tolerance(Precision::mixed));
  EXPECT_GT(found, play::tolerance(Precision::f32)) << "this is not bf16";
  kernels::set_unit(before);
}

TEST(Noise, HasTheSharesAndFactorsThatWereAskedFor) {
  const Match m = noisy_match();
  const auto executor = make_fast(m, 40, 1);
  executor->step(make_data(m, 40, 0).batch(40, 0), Phase::both);
  for (const auto& [network, nodes] : executor->noise()) {
    ASSERT_FALSE(nodes.empty()) << network;
    for (const auto& [node, tensor] : nodes) {
      const auto values = tensor.values<float>();
      if (network == "generator") {  // rrelu: U(1/8, 1/3)
        for (const float v : values) ASSERT_TRUE(v >= 0.125F && v <= 1.0F / 3 + 1e-6F) << v;
        continue;
      }
      EXPECT_EQ(tensor.shape()[0], 80) << "[real; fake]";
      const auto kept = std::ranges::count_if(values, [](float v) { return v != 0; });
      EXPECT_NEAR(static_cast<double>(kept) / static_cast<double>(values.size()), 0.7, 0.03) << node;
      for (const float v : values) ASSERT_TRUE(v == 0 || std::abs(v - 1 / 0.7F) < 1e-4F) << v;
    }
  }
}

}  // namespace
}  // namespace ganymede::engine
