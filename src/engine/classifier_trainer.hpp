#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/executor.hpp"

namespace ganymede::engine {

/// Supervised training of one network on the CPU engine: a class head (loss.hpp, classifier_head) on its first output.
class ClassifierTrainer final : public play::ClassifierTrainer {
 public:
  /// All parameters are zero until `set_state`. @throws ConfigError for a layer that the engine lacks, a class input or
  /// a second output; ShapeError if the output is no vector.
  ClassifierTrainer(const net::Network& network, const ClassifierTrainerConfig& config);
  ~ClassifierTrainer() override;
  ClassifierTrainer(ClassifierTrainer&&) noexcept;

  ClassifierStep step(const LabelledBatch& batch) override;
  void set_learning_rate(double rate) override;
  NamedTensors gradients() const override;
  Inference infer(const Inputs& inputs, const std::vector<std::string>& taps = {}) override;
  NamedTensors parameters() const override;
  NamedTensors state() const override;
  void set_state(const NamedTensors& state) override;
  std::vector<PassInfo> plan() const override;
  std::string plan_name() const override;
  std::int64_t memory_bytes() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganymede::engine
