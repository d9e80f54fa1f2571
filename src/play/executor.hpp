#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "play/game.hpp"
#include "play/model.hpp"
#include "play/step.hpp"

namespace ganymede {
class ThreadPool;
}
namespace ganymede::cluster {
class Group;
}

namespace ganymede::play {

struct ExecutorConfig {
  Game game;
  int batch = 64;   ///< the largest batch of a step
  int threads = 0;  ///< 0: physical cores
  Precision precision = Precision::f32;
  std::uint64_t seed = 1;  ///< of dropout and RReLU
  /// Phase::both, where D couples no samples and has one logit: G's gradient at the fakes is taken from D's backward
  /// pass, each sample times the ratio of the two losses' slopes (docs/performance.md).
  bool share_backward = true;
  bool profile = false;  ///< take the time of every pass of a step
  /// S > 1, a power of two: a batch is cut in S shards, whose gradients, weighted with their samples, are added in a
  /// fixed binary tree. A shard draws from a seed of its own (shard_seed); it couples its own samples alone, but for
  /// what `statistics` says of BatchNorm, and the running statistics are the shards' mean.
  int shards = 1;
  ShardStatistics statistics = ShardStatistics::shard;
  /// Processes that share the shards, as many to each, none: all are this one's. Each makes the same calls with the
  /// whole batch and has the same result, in the bits of one process. Not owned.
  cluster::Group* group = nullptr;
};

/// The seed that shard `shard` of a batch draws from: of shard 0 the run's own.
std::uint64_t shard_seed(std::uint64_t seed, int shard);

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

/// What the layers that draw (net::draws) drew in one step: by network, then by node, the factor of each element of a
/// Dropout (0 or 1 / (1 - rate)) or the slope of each element of a rrelu, f32 [N, ...] in NCHW. The discriminator's has
/// [real; fake] where it saw both; the fakes' holds in the pass that a penalty takes, too. What that drew is under
/// "penalty": "shares" [N] and dragan's "offsets" [N, ...]. Under "augment" what Game::augment drew: "fake" and,
/// where D saw them, "real", f32 [N, 7] (engine/augment.hpp).
using Noise = std::map<std::string, NamedTensors>;

/// Two networks at play. The CPU engine is one implementation, the plain reference another; nobody above knows which.
class Executor {
 public:
  virtual ~Executor() = default;

  /// One update. Throws NonFiniteError before any parameter or moment is changed; the CPU engine puts running
  /// statistics back too.
  virtual StepResult step(const Batch& batch, Phase phase) = 0;
  /// What a step of Phase::both on this batch would say of its losses and accuracies, and nothing else: no gradient is
  /// taken, no parameter, moment or running statistic moves. In training mode: BatchNorm takes the batch's statistics,
  /// Dropout and rrelu draw what Batch::step names. Without a penalty, and of an unrolled game against the D of now.
  /// Losses may be NaN or infinite. @throws as step but for NonFiniteError; ConfigError where an executor lacks it
  virtual StepResult losses(const Batch& batch);
  /// Threads that rest between steps, for whoever makes the next batch; null: none. Its own, not to be kept.
  virtual ThreadPool* resting_threads() { return nullptr; }
  /// Gradients of the last step, canonical names and layouts (before clipping).
  virtual NamedTensors gradients() const = 0;
  /// What dropout and rrelu drew in the last step.
  virtual Noise noise() const { return {}; }
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
  /// What a wish for "auto" became; never `automatic`.
  virtual Precision precision() const { return Precision::f32; }
  /// Bytes of all buffers.
  virtual std::int64_t memory_bytes() const = 0;
};

/// A slow executor that is known to be right, and draws nothing of its own.
class Reference : public Executor {
 public:
  /// Of the steps from now on; what is not in it passes everything (Dropout) or takes the mean slope (rrelu).
  virtual void set_noise(const Noise& noise) = 0;
  /// Of each bias of a single number, by its name: the sum of |t| over the terms t, one a sample and position, whose
  /// plain sum is its gradient in the last step.
  virtual std::map<std::string, double> sums_of_magnitudes() const = 0;
};

}  // namespace ganymede::play
