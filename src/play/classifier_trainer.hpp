#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "play/executor.hpp"

namespace ganymede::play {

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
  double loss = 0;      ///< mean_cross_entropy of the batch, before the update
  double accuracy = 0;  ///< share of samples judged right, in training mode
  std::vector<GradientNorm> gradient_norms;
};

/// Supervised training of one network by the cross-entropy of its first output, logits [K] or one logit [1]. Sameness
/// as the game's executor: same seed, batches, precision and plan give the same bits, whatever the number of threads.
class ClassifierTrainer {
 public:
  virtual ~ClassifierTrainer() = default;

  /// One update. @throws ShapeError or DataError for a batch that does not fit; NonFiniteError before any parameter,
  /// moment or running statistic is changed.
  virtual ClassifierStep step(const LabelledBatch& batch) = 0;
  /// Of the steps from now on.
  virtual void set_learning_rate(double rate) = 0;
  /// Of the last step, canonical names and layouts, before clipping.
  virtual NamedTensors gradients() const = 0;
  /// Inference mode with the parameters of now, as Model::infer. Taps name nodes.
  virtual Inference infer(const Inputs& inputs, const std::vector<std::string>& taps = {}) = 0;

  /// "<network>.<parameter>": all that Model::load wants.
  virtual NamedTensors parameters() const = 0;
  /// Everything that a later step depends on, named as in Executor::state.
  virtual NamedTensors state() const = 0;
  /// The inverse; parameters alone are enough. @throws DataError naming what is missing, misshapen or unknown.
  virtual void set_state(const NamedTensors& state) = 0;

  virtual std::vector<PassInfo> plan() const = 0;
  virtual std::string plan_name() const = 0;
  virtual std::int64_t memory_bytes() const = 0;
};

/// A classifier's loss in nats, the mean over the samples of
///   K = 1: binary cross-entropy of sigmoid(logit) and the label, 0 or 1
///   K > 1: cross-entropy of softmax(logits)
/// In double with portable_math, samples in their order: the same bits everywhere, and those of a trainer's loss. NaN
/// if a logit is not finite.
/// @param logits  [N, K], K = logits.size() / labels.size()
/// @param labels  [N] in [0, max(K, 2))
/// @throws ShapeError if the sizes do not fit, DataError for a label out of range.
double mean_cross_entropy(std::span<const float> logits, std::span<const std::int32_t> labels);

}  // namespace ganymede::play
