#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/executor.hpp"

namespace ganymede::engine {

struct ClassifierTrainerConfig {
  Optimizer optimizer{.learning_rate = 1e-3};
  int batch = 128;  ///< the largest batch of a step
  int threads = 0;  ///< 0: physical cores
  Precision precision = Precision::f32;
  std::uint64_t seed = 1;  ///< of dropout and RReLU
};

struct LabelledBatch {
  std::int64_t count = 0;
  std::span<const float> values;         ///< [N, ...] in the order of the network's input, NCHW
  std::span<const std::int32_t> labels;  ///< [N] in [0, K); of a network with one logit 0 or 1
  std::uint32_t step = 0;                ///< number of this call within the fit: the `step` of the random streams
};

struct ClassifierStep {
  double loss = 0;      ///< mean cross-entropy of the batch, before the update
  double accuracy = 0;  ///< share of samples judged right, in training mode
  std::vector<GradientNorm> gradient_norms;
};

/// Supervised training of one network on the CPU engine: a class head (loss.hpp, classifier_head) on its first output,
/// logits [K] or one logit [1]. Sameness as the game's executor:
/// same seed, batches, precision and plan give the same bits, whatever the number of threads.
class ClassifierTrainer {
 public:
  /// All parameters are zero until `set_state`. @throws ConfigError for a layer that the engine lacks, a class input or
  /// a second output; ShapeError if the output is no vector.
  ClassifierTrainer(const net::Network& network, const ClassifierTrainerConfig& config);
  ~ClassifierTrainer();
  ClassifierTrainer(ClassifierTrainer&&) noexcept;

  /// One update. @throws ShapeError or DataError for a batch that does not fit; NonFiniteError before any parameter,
  /// moment or running statistic is changed.
  ClassifierStep step(const LabelledBatch& batch);
  /// Of the steps from now on.
  void set_learning_rate(double rate);
  /// Of the last step, canonical names and layouts, before clipping.
  NamedTensors gradients() const;
  /// Inference mode with the parameters of now, as Model::infer. Taps name nodes.
  Inference infer(const Inputs& inputs, const std::vector<std::string>& taps = {});

  /// "<network>.<parameter>": all that Model::load wants.
  NamedTensors parameters() const;
  /// Everything that a later step depends on, named as in Executor::state.
  NamedTensors state() const;
  /// The inverse; parameters alone are enough. @throws DataError naming what is missing, misshapen or unknown.
  void set_state(const NamedTensors& state);

  std::vector<PassInfo> plan() const;
  std::string plan_name() const;
  std::int64_t memory_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganymede::engine
