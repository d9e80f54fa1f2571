#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_pool.hpp"
#include "engine/augment.hpp"
#include "engine/executor.hpp"
#include "engine/game/gradient_penalty.hpp"
#include "engine/game/shard_sum.hpp"
#include "engine/game/unroll.hpp"
#include "engine/inferer.hpp"
#include "engine/loss.hpp"
#include "engine/player.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {

/// The game on the CPU: two compiled networks, the loss heads between them, an optimiser's rule for each. How a step
/// goes: cpu_step.cpp.
class CpuExecutor : public Executor {
 public:
  CpuExecutor(const net::Network& generator, const net::Network& discriminator, const ExecutorConfig& config);

  StepResult step(const Batch& batch, Phase phase) override;
  StepResult losses(const Batch& batch) override;
  ThreadPool* resting_threads() override { return &pool_; }
  NamedTensors gradients() const override;
  Inference infer(const std::string& network, const Inputs& inputs, bool ema, const std::vector<std::string>& taps,
                  const std::vector<Override>& overrides) override;
  NamedTensors state() const override;
  void set_state(const NamedTensors& state) override;
  Noise noise() const override;

  std::vector<PassInfo> plan() const override;
  std::vector<PassTime> profile() const override;
  void reset_profile() override { clock_.reset(); }
  std::string plan_name() const override { return plan_name_of(plan(), mixed_); }
  Precision precision() const override { return mixed_ ? Precision::mixed : Precision::f32; }
  std::int64_t memory_bytes() const override;

 private:
  /// A step in progress: what one part of it leaves for the next.
  struct Turn {
    const Batch& batch;
    Phase phase;
    std::int64_t total;                 ///< samples that D sees: the fakes, then the reals
    std::vector<std::int32_t> classes;  ///< of those
    std::vector<float> conditions;      ///< likewise
    Step g_step, d_step;
    StepResult result = {};
    GeneratorHead<float> g_head = {};
    ClassHead<float> fake_class = {};
    CodeHead<float> fake_code = {};
    std::vector<AugmentDraw> fake_draws = {}, real_draws = {};
    std::vector<float> share = {};  ///< of each fake, where D's backward pass serves G too: G's slope over D's
    std::vector<double> g_norms = {}, d_norms = {};
    bool is_shard = false;  ///< its losses and gradients are a part of the step's, whose sum alone is judged
    std::function<void()> discriminator_done = {};  ///< called when D has its gradients and G has not

    bool trains_discriminator() const { return phase != Phase::generator; }
    bool trains_generator() const { return phase != Phase::discriminator; }
  };
  /// A network as it stands between steps. Its plan is made once and stays; the weights follow.
  struct Pictures {
    std::optional<ParameterSet> average;  ///< of G, where the moving average is wanted
    std::unique_ptr<Inferer> inferer;
    std::int64_t weights = -1;  ///< weights_ that it holds
  };

  // cpu_step.cpp, in the order of a step.
  void check(const Batch& batch, Phase phase) const;
  StepResult advance(const Batch& batch, Phase phase);
  Turn begin_turn(const Batch& batch, Phase phase, std::uint64_t seed);
  /// Losses, and the gradients of those who are updated.
  void differentiate(Turn& turn);
  void update(Turn& turn);
  void forward_generator(Turn& turn);
  void forward_discriminator(Turn& turn);
  void judge_fakes(Turn& turn);
  void judge_both(Turn& turn);
  void backward_discriminator(Turn& turn);
  void penalise(Turn& turn);
  void backward_generator(Turn& turn);
  /// G's gradients through the updates of an unrolled D.
  void backward_unrolled(Turn& turn);
  void update_discriminator(Turn& turn);
  void update_generator(Turn& turn);

  // cpu_shards.cpp: the same of a batch that is cut.
  StepResult advance_in_shards(const Batch& batch, Phase phase);
  StepResult losses_in_shards(const Batch& batch);
  int own_shards() const;
  int first_shard() const;
  Turn begin_shard(const Batch& part, Phase phase, int shard);
  /// This process's shards one after the other, or at once where they meet; D's sum is the batch's then, G's is this
  /// process's. `count`: samples of the batch.
  std::vector<StepResult> differentiate_in_turn(const std::vector<Batch>& parts, Phase phase, double count);
  std::vector<StepResult> differentiate_at_once(const std::vector<Batch>& parts, Phase phase, double count);
  /// The samples of a shard.
  Batch shard_of(const Batch& batch, int shard) const;
  std::int64_t begin_of_shard(const Batch& batch, int shard) const;
  bool has_shards() const { return config_.shards > 1; }

  /// The work since the last mark was this, on the batch.
  void mark(const Turn& turn, const void* worker, PassPart part) { turn.g_step.mark(worker, part, turn.batch.count); }

  /// Samples that D makes of so many pictures.
  std::int64_t seen(std::int64_t pictures) const { return pictures / config_.game.pack; }
  const Shape& picture() const { return g_.layout.shapes[g_.network.index_of(g_.network.outputs.front())]; }
  /// As D sees those of its samples that begin with `first`, going forward the values, backward the gradients.
  void augment_some(std::int64_t total, std::int64_t first, const std::vector<AugmentDraw>& draws, bool backward);
  bool auxiliary() const { return !class_head_.empty(); }
  bool tells_codes() const { return !config_.game.codes.empty(); }
  const Field& logits() const { return d_.program.field(d_.network.outputs[0]); }
  const Field& class_logits() const { return d_.program.field(class_head_); }
  const Field& code_values() const { return d_.program.field(net::kCodeHead); }
  /// The n pictures that G has just made, one behind the other.
  std::vector<float> made(std::int64_t n) const;
  const Field& fakes() const { return g_.program.field(g_.network.outputs.front()); }
  const Field& images() const;

  // Pictures come in pieces: no more memory than Model's, and the same family of bits as the training's plan.
  std::int64_t inference_batch() const { return std::min(config_.batch, 64); }
  Pictures& pictures_of(Player& player, bool ema);

  ExecutorConfig config_;
  std::string class_head_;  ///< of D, "" without
  bool mixed_;
  bool shares_backward_;
  ThreadPool pool_;
  Workspace workspace_;
  Player g_, d_;
  std::optional<ShardSum> g_sum_, d_sum_;            ///< where batches are cut
  bool meets_ = false;                               ///< shards meet in BatchNorm
  std::vector<std::unique_ptr<CpuExecutor>> lanes_;  ///< where they do: the networks of this process's shards but one
  std::unique_ptr<GradientPenalty> penalty_;         ///< none: the game has none
  std::unique_ptr<Unroll> unroll_;                   ///< likewise
  PassClock clock_;
  std::int64_t weights_ = 0;                                     ///< counts how often they may have changed
  std::map<std::pair<const Player*, bool>, Pictures> pictures_;  ///< by player, and whether it is the average
  /// Of the last step, for noise().
  struct Last {
    std::int64_t count = 0;
    std::uint32_t number = 0;
    bool with_real = false;
    bool with_penalty = false;
  } last_;
};

}  // namespace ganymede::engine
