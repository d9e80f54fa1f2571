#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::engine {

/// With s = D's logit, y = the label of the real images (1, or less with one-sided smoothing), means over the batch:
enum class Loss {
  /// D: BCE(s_real, y) + BCE(s_fake, 0); G: BCE(s_fake, 1) (Goodfellow et al. 2014)
  non_saturating,
  /// D: the same; G: -BCE(s_fake, 0)
  saturating,
  /// D: (s_real - y)^2 + s_fake^2; G: (s_fake - 1)^2 (Mao et al. 2017, without the factor 1/2)
  least_squares,
  /// D: |sigmoid(s_real) - y| + |sigmoid(s_fake)|; G: |sigmoid(s_fake) - 1| (S-LATENT L8: MAE)
  absolute,
  /// D: max(0, 1 - s_real) + max(0, 1 + s_fake); G: -s_fake (Lim, Ye 2017)
  hinge,
  /// D: s_fake - s_real; G: -s_fake (Arjovsky et al. 2017; with weight_clip)
  wasserstein,
};

enum class OptimizerKind { adam, nadam, rmsprop, sgd };

/// Keras 3's forms, t = 1, 2 ... the number of the update; the moments m, v start at 0:
///   adam     m += (1 - b1)(g - m); v += (1 - b2)(g^2 - v); p -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + epsilon)
///   nadam    the same m, v; u_t = b1 (1 - 0.96^t / 2), U_t = u_1 ... u_t (Dozat 2016 with its momentum schedule);
///            p -= lr (u_{t+1} m / (1 - U_{t+1}) + (1 - u_t) g / (1 - U_t)) / (sqrt(v / (1 - b2^t)) + epsilon)
///   rmsprop  v = rho v + (1 - rho) g^2; p -= lr g / sqrt(v + epsilon)
///   sgd      m = momentum m - lr g; p += m
struct Optimizer {
  OptimizerKind kind = OptimizerKind::adam;
  double learning_rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double momentum = 0;   ///< sgd
  double rho = 0.9;      ///< rmsprop
  double clip_norm = 0;  ///< > 0: gradients of the whole network are scaled so that their joint L2 norm is at most this
};

struct Game {
  Loss loss = Loss::non_saturating;
  double label_smoothing = 0;  ///< one-sided: y = 1 - label_smoothing
  double weight_clip = 0;      ///< > 0: D's trainable parameters are clamped to [-c, c] after each of its updates
  double auxiliary_weight =
      1;  ///< factor of the class head's cross-entropy (real and fake images, both players), where D has one
  double ema_decay =
      0;  ///< > 0: ema = decay ema + (1 - decay) parameter after each update of G, running statistics copied
  Optimizer generator;
  Optimizer discriminator;
};

struct ExecutorConfig {
  Game game;
  int batch = 64;                 ///< the largest batch of a step
  int threads = 0;                ///< 0: physical cores
  std::string precision = "f32";  ///< "f32", "mixed" or "auto", see resolved_precision
  std::uint64_t seed = 1;         ///< of dropout and RReLU
  /// Phase::both, where D couples no samples and has one logit: G's gradient at the fakes is taken from D's backward
  /// pass, each sample times the ratio of the two losses' slopes (docs/performance.md).
  bool share_backward = true;
  bool profile = false;  ///< take the time of every pass of a step
};

/// Which player is updated. `both`: simultaneous, from one forward pass of each network (S-DCGAN D3).
enum class Phase { both, discriminator, generator };

struct Batch {
  std::int64_t count = 0;
  std::span<const float> real;                 ///< [N, C, H, W] in [-1, 1]; may be empty in Phase::generator
  std::span<const float> z;                    ///< [N, Z]
  std::span<const std::int32_t> real_classes;  ///< [N] where a network takes or predicts a class
  std::span<const std::int32_t> fake_classes;  ///< [N]; Keras-faithful: the same as real_classes
  std::uint32_t step = 0;                      ///< number of this call within the run: the `step` of the random streams
};

struct GradientNorm {
  std::string name;  ///< "generator.conv1.weight"
  double norm = 0;   ///< L2, before clipping
};

struct StepResult {
  double generator_loss = 0;      ///< before the update; in Phase::discriminator what G's loss would be
  double discriminator_loss = 0;  ///< real + fake (+ auxiliary); 0 in Phase::generator
  double discriminator_real_loss = 0;
  double discriminator_fake_loss = 0;
  double real_accuracy = 0;  ///< share of real images with logit > 0 (least squares: 1/2, wasserstein: mean of both)
  double fake_accuracy = 0;  ///< share of fake images with logit <= that
  std::vector<GradientNorm> gradient_norms;  ///< of the updated players
};

/// A loss or gradient is NaN or infinite. Thrown before the update: parameters and moments are those of the step
/// before.
class NonFiniteError : public GuardError {
 public:
  NonFiniteError(const std::string& tensor, double value);
  const std::string& tensor() const { return tensor_; }

 private:
  std::string tensor_;
};

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
};

/// One line of `describe --plan`.
struct PassInfo {
  std::string network;
  std::string node;    ///< the node, or the nodes that were fused, joined by '+'
  std::string pass;    ///< "forward", "backward data", "backward weights", "update"
  std::string kernel;  ///< "panel product avx512"
  double flops = 0;    ///< multiplications and additions per image of useful work, 0 where it is memory bound
};

/// Where the time of the steps went, a line for each of the plan's and some beside them.
struct PassTime {
  PassInfo pass;          ///< beside the plan's: pass "copy" (images into and between the networks) and "loss"
  double seconds = 0;     ///< wall time, summed over steps; packing and transforms of weights are in the forward pass
  std::int64_t runs = 0;  ///< steps in which the pass ran
  std::int64_t samples = 0;  ///< that went through it, over all steps: D's passes see a batch twice or more a step
};

/// One network compiled for inference: weights in, pictures out. Any count; works in pieces of at most `batch`, and
/// with the least latency for pieces of one. A sample's bits do not depend on its neighbours, the count or the threads.
/// In f32 plans for 8 samples and more convolve by transform where they can, smaller ones directly: that much they
/// depend on `batch`. Mixed precision does one or the other whatever `batch` is. precision: as ExecutorConfig's. "f32"
/// gives the same bits on any machine: pictures that training makes and `ganymede sample` draws stay f32, so that they
/// can be compared and repeated; "mixed" and "auto" are for speed.
class Model {
 public:
  explicit Model(const net::Network& network, int batch = 64, int threads = 0, const std::string& precision = "f32");
  ~Model();
  Model(Model&&) noexcept;

  /// All parameters and running statistics, keyed "<network>.<parameter>"; throws DataError naming what is missing or
  /// misshapen.
  void load(const NamedTensors& tensors);
  Inference infer(const Inputs& inputs, const std::vector<std::string>& taps = {},
                  const std::vector<Override>& overrides = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Two networks at play. The CPU engine is one implementation; nothing above the engine knows which.
class Executor {
 public:
  virtual ~Executor() = default;

  /// One update. Throws NonFiniteError before any parameter or moment is changed; the CPU engine puts running
  /// statistics back too.
  virtual StepResult step(const Batch& batch, Phase phase) = 0;
  /// Gradients of the last step, canonical names and layouts (before clipping).
  virtual NamedTensors gradients() const = 0;
  /// Inference mode. `network` is "generator" or "discriminator"; `ema` takes the moving average of G.
  virtual Inference infer(const std::string& network, const Inputs& inputs, bool ema = false,
                          const std::vector<std::string>& taps = {}, const std::vector<Override>& overrides = {}) = 0;

  /// Everything that a later step depends on: "<network>.<parameter>", "ema.<network>.<parameter>",
  /// "optimizer.<network>.<parameter>.m" / ".v" (as the rule needs), "optimizer.<network>.step" (i64 [1]).
  virtual NamedTensors state() const = 0;
  /// The inverse. Parameters alone are enough (moments start at zero); throws DataError naming what is missing,
  /// misshapen or unknown.
  virtual void set_state(const NamedTensors& state) = 0;

  virtual std::vector<PassInfo> plan() const = 0;
  /// Since construction or `reset_profile`; empty unless ExecutorConfig::profile.
  virtual std::vector<PassTime> profile() const { return {}; }
  virtual void reset_profile() {}
  /// The arithmetic plan in one line: level, precision, algorithms; stored in checkpoints.
  virtual std::string plan_name() const = 0;
  /// Bytes of all buffers.
  virtual std::int64_t memory_bytes() const = 0;
};

/// What the CPU engine makes of a recipe's precision on this machine: "mixed" (products in bf16, everything else in
/// f32) for "mixed" and "auto" where a unit of the CPU makes it faster (kernels/unit.hpp), else "f32". Throws
/// ConfigError for another word.
std::string resolved_precision(const std::string& wanted);

/// The CPU engine. Throws ConfigError for a layer or setting that it lacks.
std::unique_ptr<Executor> make_cpu_executor(const net::Network& generator, const net::Network& discriminator,
                                            const ExecutorConfig& config);

}  // namespace ganymede::engine
