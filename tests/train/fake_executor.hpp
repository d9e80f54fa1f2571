#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "play/backend.hpp"

namespace ganymede::train {

/// An executor without arithmetic: every update moves the player's tensors by numbers that depend on the whole batch,
/// the tick and what the tensors held, so that any batch too many, too few or different shows in the end.
class FakeExecutor : public play::Executor {
 public:
  struct Call {
    play::Phase phase;
    std::int64_t count;
    std::uint32_t tick;
    std::vector<float> real, z;
    std::vector<std::int32_t> classes;
  };

  FakeExecutor(const net::Network& generator, const net::Network& discriminator, const play::ExecutorConfig& config)
      : generator_(generator), config_(config) {
    for (const net::Network* network : {&generator, &discriminator}) {
      for (const net::Parameter& p : net::parameters(*network)) {
        state_[network->name + "." + p.name] = Tensor(DType::f32, p.shape);
      }
      state_["optimizer." + network->name + ".step"] = Tensor(DType::i64, {1});
    }
  }

  play::StepResult step(const play::Batch& batch, play::Phase phase) override {
    calls.push_back({phase,
                     batch.count,
                     batch.step,
                     {batch.real.begin(), batch.real.end()},
                     {batch.z.begin(), batch.z.end()},
                     {batch.fake_classes.begin(), batch.fake_classes.end()}});
    if (batch.step == fail_at_tick) {
      throw play::NonFiniteError("discriminator.conv1.weight", std::numeric_limits<double>::quiet_NaN());
    }
    double digest = 0.1 * batch.step;
    for (float v : batch.real) digest += v;
    for (float v : batch.z) digest += 3 * v;
    for (std::int32_t c : batch.fake_classes) digest += c;
    play::StepResult result;
    if (phase != play::Phase::generator) move("discriminator", digest, result);
    if (phase != play::Phase::discriminator) move("generator", digest, result);
    result.discriminator_real_loss = 1 + std::sin(digest) / 4;
    result.discriminator_fake_loss = 0.5 + std::cos(digest) / 4;
    result.discriminator_loss = result.discriminator_real_loss + result.discriminator_fake_loss;
    result.generator_loss = 2 - result.discriminator_loss / 2;
    result.real_accuracy = 0.75;
    result.fake_accuracy = 0.5;
    return result;
  }

  NamedTensors gradients() const override { return {}; }

  play::Inference infer(const std::string&, const play::Inputs& inputs, bool, const std::vector<std::string>&,
                        const std::vector<play::Override>&) override {
    const Shape shape =
        net::infer_shapes(generator_)[static_cast<std::size_t>(generator_.index_of(generator_.outputs[0]))];
    play::Inference inference;
    inference.output = Tensor(DType::f32, {inputs.count, shape[0], shape[1], shape[2]});
    auto pixels = inference.output.values<float>();
    const std::size_t per_image = pixels.size() / static_cast<std::size_t>(inputs.count);
    const std::size_t dim = inputs.values.size() / static_cast<std::size_t>(inputs.count);
    const float bias = state_.begin()->second.values<float>()[0];
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = std::tanh(bias + inputs.values[i / per_image * dim + i % dim]);
    }
    return inference;
  }

  NamedTensors state() const override { return state_; }
  void set_state(const NamedTensors& state) override {
    for (const auto& [name, tensor] : state) state_[name] = tensor;
  }
  std::vector<play::PassInfo> plan() const override { return {}; }
  std::string plan_name() const override { return plan_text; }
  std::int64_t memory_bytes() const override { return 0; }

  std::vector<Call> calls;
  std::string plan_text = "fake f32";
  std::uint32_t fail_at_tick = std::numeric_limits<std::uint32_t>::max();

 private:
  void move(const std::string& player, double digest, play::StepResult& result) {
    const float signal = static_cast<float>(std::sin(digest));
    for (auto& [name, tensor] : state_) {
      if (!name.starts_with(player + ".")) continue;
      for (float& v : tensor.values<float>()) v = 0.9F * v + 0.01F * signal;
      result.gradient_norms.push_back({name, 2.0});
    }
    ++state_["optimizer." + player + ".step"].values<std::int64_t>()[0];
  }

  net::Network generator_;
  play::ExecutorConfig config_;
  NamedTensors state_;
};

inline std::unique_ptr<play::Executor> make_fake_executor(const net::Network& generator,
                                                          const net::Network& discriminator,
                                                          const play::ExecutorConfig& config) {
  return std::make_unique<FakeExecutor>(generator, discriminator, config);
}

/// Makes executors as it is told, and nothing else.
class FakeBackend : public play::Backend {
 public:
  std::function<std::unique_ptr<play::Executor>(const net::Network& generator, const net::Network& discriminator,
                                                const play::ExecutorConfig& config)>
      make = make_fake_executor;

  std::unique_ptr<play::Executor> make_executor(const net::Network& generator, const net::Network& discriminator,
                                                const play::ExecutorConfig& config) const override {
    return make(generator, discriminator, config);
  }
  std::unique_ptr<play::Model> make_model(const net::Network&, const play::ModelConfig&) const override { return {}; }
  std::unique_ptr<play::ClassifierTrainer> make_classifier_trainer(
      const net::Network&, const play::ClassifierTrainerConfig&) const override {
    return {};
  }
  play::Precision resolved(play::Precision) const override { return play::Precision::f32; }
};

}  // namespace ganymede::train
