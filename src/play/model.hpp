#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "play/game.hpp"
#include "tensor/tensor.hpp"

namespace ganymede {
class ThreadPool;
}

namespace ganymede::play {

/// What one node puts out instead of its own value, for dissection: `channel` (or all, -1), `row` (or all, -1) of every
/// sample become `value`.
struct Override {
  std::string node;
  int channel = -1;
  int row = -1;
  float value = 0;
};

struct Inference {
  Tensor output;      ///< the network's first output, [N, ...] in NCHW
  NamedTensors taps;  ///< by node name, [N, ...] in NCHW: also the other outputs if asked for
};

struct Inputs {
  std::int64_t count = 0;
  std::span<const float> values;          ///< z [N, Z] or images [N, C, H, W]
  std::span<const std::int32_t> classes;  ///< [N] for conditional networks
  /// [N], or both empty: between two classes, in inference alone. Whatever the network makes of a class first, a row of
  /// an embedding or a one-hot vector x, is (1 - s) x(classes) + s x(toward) with the share s of the sample, in [0, 1].
  /// Share 0 has the bits of `classes` alone, 1 those of `toward`; so has any share of a class and itself. Nothing else
  /// knows of classes here: noise that depends on them (latent samplers) is the caller's.
  std::span<const std::int32_t> toward{};
  std::span<const float> shares{};
  /// [N, K] for networks with an input of role condition.
  std::span<const float> conditions{};
  /// One sample that somebody waits for takes a plan made for one: faster where batches go by transforms, its sums in
  /// another order. Of more samples it says nothing.
  bool by_itself = false;
};

/// Some loss L of a network's first output: from its values for samples first, first + 1 ... ([n, ...] in NCHW), into
/// `slopes`, which has their shape, dL/doutput. Samples come in pieces, in their order.
using OutputSlopes = std::function<void(std::int64_t first, std::span<const float> outputs, std::span<float> slopes)>;

/// What comes back of it.
struct PulledBack {
  Tensor output;    ///< the network's first output, [N, ...] in NCHW
  Tensor gradient;  ///< dL/dx of the values that went in, shaped as the network's input, [N, ...]
};

struct ModelConfig {
  int batch = 64;   ///< the largest piece that passes at a time
  int threads = 0;  ///< 0: physical cores
  Precision precision = Precision::f32;
  /// Shared with others, who work at other times; none: one of its own, of `threads`.
  std::shared_ptr<ThreadPool> pool{};
};

/// One network at work: weights in, pictures out. Any count of samples; a sample's bits do not depend on its
/// neighbours, the count or the threads, but for Inputs::by_itself.
class Model {
 public:
  virtual ~Model() = default;
  /// All parameters and running statistics, keyed "<network>.<parameter>"; throws DataError naming what is missing or
  /// misshapen.
  virtual void load(const NamedTensors& tensors) = 0;
  virtual Inference infer(const Inputs& inputs, const std::vector<std::string>& taps = {},
                          const std::vector<Override>& overrides = {}) = 0;
  /// Of a discriminator: where it pushes samples, -dL_G/dx of each sample's own loss (play::Loss), shaped as they are
  /// [N, ...], in f32. Nothing is drawn: dropout drops nothing. @throws ConfigError for a network whose samples are
  /// coupled in training (BatchNorm, minibatch deviation): none of them has a slope of its own.
  virtual Tensor push(const Inputs& inputs, Loss loss) = 0;
  /// The gradient of a loss of the network's output with respect to the values that went in (z of a generator), in f32.
  /// The network is that of inference: BatchNorm takes its running statistics and nothing is drawn, so that every
  /// sample has a gradient of its own. The output is that of `infer` but for rounding, since transforms and fusion of a
  /// plan that goes backward are its own. Inputs::toward and shares are not taken. @throws ConfigError for a network
  /// with minibatch deviation, ShapeError or DataError for inputs that do not fit
  virtual PulledBack pull_back(const Inputs& inputs, const OutputSlopes& slopes) = 0;
  /// Bytes of parameters and of what was compiled until now; it grows with the first call of each kind.
  virtual std::int64_t memory_bytes() const = 0;
};

}  // namespace ganymede::play
