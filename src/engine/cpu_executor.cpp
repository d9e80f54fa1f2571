#include "engine/cpu_executor.hpp"

#include <algorithm>
#include <variant>

#include "base/error.hpp"
#include "cluster/group.hpp"
#include "kernels/level.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

// Whether D treats each sample by itself and puts out nothing but a logit. Then the gradient of G's loss with respect
// to a fake image is a multiple of that of D's loss, and one backward pass serves both.
bool can_share_backward(const net::Network& discriminator) {
  return discriminator.outputs.size() == 1 && !net::couples_samples(discriminator);
}

// The head of the codes, if and only if the game has codes, as wide as they are.
void check_codes(const net::Network& generator, const net::Network& discriminator, const Game& game) {
  const int width = width_of(game.codes);
  if (net::code_head(discriminator).empty() != game.codes.empty()) {
    fail<ConfigError>("the game has {} codes, and the discriminator {} head that tells them ({})", game.codes.size(),
                      game.codes.empty() ? "a" : "no", net::kCodeHead);
  }
  if (width == 0) return;
  const Shape head = net::infer_shapes(discriminator)[static_cast<std::size_t>(discriminator.index_of(net::kCodeHead))];
  if (head != Shape{width} || element_count(std::get<net::Input>(net::value_input(generator).layer).shape) < width) {
    fail<ShapeError>("codes of {} numbers: wanted a head of as many and a z that holds them, found {}", width,
                     to_string(head));
  }
  if (game.pack > 1) fail<ConfigError>("game.pack = {}: a pack of pictures has no codes", game.pack);
  if (game.unroll > 0) fail<ConfigError>("game.unroll = {}: D's loss has no codes while it is unrolled", game.unroll);
}

// Samples of the largest shard: what is compiled for.
std::int64_t largest_shard(const ExecutorConfig& config) {
  const std::int64_t packs = (config.batch / std::max(config.game.pack, 1) + config.shards - 1) / config.shards;
  return config.shards == 1 ? config.batch : packs * config.game.pack;
}

bool has_batch_norm(const net::Network& network) {
  return std::ranges::any_of(network.nodes,
                             [](const net::Node& node) { return std::holds_alternative<net::BatchNorm>(node.layer); });
}

void check_shards(const ExecutorConfig& config) {
  const int processes = config.group == nullptr ? 1 : config.group->size();
  if (!cluster::is_power_of_two(config.shards) || !cluster::is_power_of_two(processes)) {
    fail<ConfigError>("train.shards = {} for {} processes: wanted powers of two, since gradients are added in pairs",
                      config.shards, processes);
  }
  if (processes > config.shards) {
    fail<ConfigError>(
        "{} processes for train.shards = {}: each needs a shard of the batch, so start at most {}, or set train.shards "
        "(it changes the result, the number of processes does not)",
        processes, config.shards, config.shards);
  }
  if (config.shards > 1 && config.game.unroll > 0) {
    fail<ConfigError>("train.shards = {}: the updates within a step of an unrolled game see the whole batch",
                      config.shards);
  }
}

// The first `count` samples of [N, ...] go behind the others.
Tensor behind(const Tensor& tensor, std::int64_t count) {
  Tensor turned = tensor;
  const auto from = tensor.values<float>();
  const auto middle = static_cast<std::size_t>(count * tensor.count() / tensor.shape()[0]);
  std::rotate_copy(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(middle), from.end(),
                   turned.values<float>().begin());
  return turned;
}

}  // namespace

CpuExecutor::CpuExecutor(const net::Network& generator, const net::Network& discriminator, const ExecutorConfig& config)
    : config_(config),
      class_head_(net::class_head(discriminator)),
      mixed_(resolved_precision(config.precision) == Precision::mixed),
      shares_backward_(config.share_backward && can_share_backward(discriminator)),
      pool_(config.threads),
      g_(generator, config.game.generator,
         {.max_samples = largest_shard(config),
          .training = true,
          .mixed = mixed_,
          .one_backward = true,
          .workspace = &workspace_,
          .kept = {},
          .blocks = Program::Options::Blocks::kept}),
      d_(discriminator, config.game.discriminator,
         {.max_samples = 2 * largest_shard(config),
          .training = true,
          .input_gradients = true,
          .mixed = mixed_,
          .workspace = &workspace_,
          .kept = {},
          .blocks = Program::Options::Blocks::kept}) {
  const Shape image = g_.layout.shapes[generator.index_of(generator.outputs.front())];
  const Shape wanted = std::get<net::Input>(net::value_input(discriminator).layer).shape;
  if (config.game.pack < 1) fail<ConfigError>("game.pack: wanted at least 1, found {}", config.game.pack);
  if (packed(image, config.game.pack) != wanted) {
    fail<ShapeError>("the generator puts out {} and the discriminator wants {}", to_string(image), to_string(wanted));
  }
  if (config.game.pack > 1 && (net::class_count(discriminator) > 0 || discriminator.outputs.size() > 1))
    fail<ConfigError>("game.pack = {}: a pack of pictures has no class for the discriminator", config.game.pack);
  if (config.game.pack > 1 && net::condition_length(discriminator) > 0)
    fail<ConfigError>("game.pack = {}: a pack of pictures has no condition for the discriminator", config.game.pack);
  if (d_.layout.shapes[discriminator.index_of(discriminator.outputs.front())] != Shape{1}) {
    fail<ShapeError>("the discriminator's first output must be one logit, found {}",
                     to_string(d_.layout.shapes[discriminator.index_of(discriminator.outputs.front())]));
  }
  check_codes(generator, discriminator, config.game);
  check_shards(config);
  if (config.game.ema_decay > 0) {
    for (Parameter& p : g_.parameters.all()) p.average = Buffer(p.size);
  }
  const Game& game = config_.game;
  if (game.penalty != Penalty::none && game.unroll > 0) {
    fail<ConfigError>("game.unroll = {}: D's loss has no penalty while it is unrolled (game.penalty = \"{}\")",
                      game.unroll, name_of(game.penalty));
  }
  const bool second = game.penalty != Penalty::none || game.unroll > 0;
  if (second && (game.pack > 1 || !game.augment.empty())) {
    fail<ConfigError>("{}: second derivatives do not go through {}", game.unroll > 0 ? "game.unroll" : "game.penalty",
                      game.pack > 1 ? "game.pack" : "game.augment");
  }
  if (game.penalty != Penalty::none) penalty_ = std::make_unique<GradientPenalty>(d_, game, largest_shard(config));
  if (game.unroll > 0) unroll_ = std::make_unique<Unroll>(d_, game, config.batch);
  if (!has_shards()) return;
  g_sum_.emplace(g_, own_shards());
  d_sum_.emplace(d_, own_shards());
  meets_ = config_.statistics == ShardStatistics::batch && (has_batch_norm(generator) || has_batch_norm(discriminator));
  if (!meets_) return;
  ExecutorConfig lane = config_;
  lane.batch = static_cast<int>(largest_shard(config_));
  lane.shards = 1;
  lane.group = nullptr;
  lane.threads = std::max(1, pool_.size() / own_shards());
  lane.profile = false;
  for (int i = 1; i < own_shards(); ++i)
    lanes_.push_back(std::make_unique<CpuExecutor>(generator, discriminator, lane));
}

const Field& CpuExecutor::images() const {
  return d_.program.field(net::value_input(d_.network).name);
}

std::vector<PassInfo> CpuExecutor::plan() const {
  std::vector<PassInfo> passes;
  g_.program.describe(passes);
  d_.program.describe(passes);
  passes.push_back({"generator", "all parameters", "update", "element-wise " + kernels::level(), 0});
  passes.push_back({"discriminator", "all parameters", "update", "element-wise " + kernels::level(), 0});
  return passes;
}

std::vector<PassTime> CpuExecutor::profile() const {
  std::vector<PassTime> times;
  if (!config_.profile) return times;
  g_.program.profile(clock_, times);
  d_.program.profile(clock_, times);
  const auto add = [&](const PassInfo& info, const void* worker, PassPart part) {
    const PassClock::Total t = clock_.total(worker, part);
    times.push_back({.pass = info, .seconds = t.seconds, .runs = t.steps, .samples = t.samples});
  };
  for (const PassInfo& info : plan()) {
    if (info.pass == "update") add(info, info.network == g_.network.name ? &g_ : &d_, PassPart::update);
  }
  add({"", "images", "copy", "copy", 0}, this, PassPart::copy);
  add({"", "logits", "loss", "plain loops", 0}, this, PassPart::loss);
  if (penalty_) add({"discriminator", "slopes", "penalty", "tangents", 0}, penalty_.get(), PassPart::loss);
  if (unroll_) add({"discriminator", "updates", "unroll", "tangents", 0}, unroll_.get(), PassPart::loss);
  return times;
}

std::int64_t CpuExecutor::memory_bytes() const {
  std::int64_t bytes =
      workspace_.bytes() + g_.program.bytes() + d_.program.bytes() + g_.parameters.bytes() + d_.parameters.bytes();
  if (has_shards()) bytes += g_sum_->bytes() + d_sum_->bytes();
  for (const auto& lane : lanes_) bytes += lane->memory_bytes();
  if (penalty_) bytes += penalty_->bytes();
  if (unroll_) bytes += unroll_->bytes();
  for (const auto& [key, pictures] : pictures_)
    bytes += pictures.inferer->bytes() + (pictures.average ? pictures.average->bytes() : 0);
  return bytes;
}

NamedTensors CpuExecutor::gradients() const {
  NamedTensors result;
  g_.store_gradients(result);
  d_.store_gradients(result);
  return result;
}

CpuExecutor::Pictures& CpuExecutor::pictures_of(Player& player, bool ema) {
  Pictures& pictures = pictures_[{&player, ema}];
  if (pictures.inferer == nullptr) {
    if (ema) pictures.average.emplace(player.network, player.layout);
    pictures.inferer = std::make_unique<Inferer>(player.network, player.layout,
                                                 ema ? *pictures.average : player.parameters, pool_, inference_batch());
  }
  if (pictures.weights != weights_) {
    if (ema) pictures.average->copy_values(player.parameters, true);
    pictures.inferer->parameters_changed();
    pictures.weights = weights_;
  }
  return pictures;
}

Inference CpuExecutor::infer(const std::string& network, const Inputs& inputs, bool ema,
                             const std::vector<std::string>& taps, const std::vector<Override>& overrides) {
  if (network != g_.network.name && network != d_.network.name) {
    fail<ConfigError>("there is no network '{}': wanted {} or {}", network, g_.network.name, d_.network.name);
  }
  Player& player = network == g_.network.name ? g_ : d_;
  const bool average = ema && &player == &g_ && config_.game.ema_decay > 0;
  return pictures_of(player, average).inferer->infer(inputs, taps, overrides);
}

Noise CpuExecutor::noise() const {
  Noise noise;
  if (last_.count == 0) return noise;
  if (has_shards()) {
    fail<ConfigError>("train.shards = {}: what each shard draws is of a seed of its own, and not told", config_.shards);
  }
  Step step{.pool = const_cast<ThreadPool&>(pool_),
            .samples = last_.count,
            .training = true,
            .seed = config_.seed,
            .number = last_.number};
  g_.program.noise(step, noise[g_.network.name]);
  NamedTensors& of_d = noise[d_.network.name];
  step.samples = seen(last_.count);
  if (last_.with_real) {
    step.samples *= 2;
    step.groups = 2;
  }
  d_.program.noise(step, of_d);
  for (auto& [node, tensor] : of_d) {
    if (last_.with_real) tensor = behind(tensor, seen(last_.count));
  }
  if (last_.with_penalty) {
    const std::int64_t features = images().features();
    const PenaltyDraws draws = draw_penalty(config_.game.penalty, config_.seed, last_.number, last_.count, features);
    NamedTensors& drawn = noise["penalty"];
    if (!draws.shares.empty()) drawn["shares"] = Tensor::of<float>({last_.count}, draws.shares);
    if (!draws.offsets.empty()) drawn["offsets"] = Tensor::of<float>({last_.count, features}, draws.offsets);
  }
  if (config_.game.augment.empty()) return noise;
  const auto draws = [&](Side side) {
    return to_tensor(draw_augmentations(config_.seed, last_.number, side, last_.count, picture()));
  };
  noise["augment"]["fake"] = draws(Side::fake);
  if (last_.with_real) noise["augment"]["real"] = draws(Side::real);
  return noise;
}

NamedTensors CpuExecutor::state() const {
  NamedTensors result;
  g_.store_state(result);
  d_.store_state(result);
  return result;
}

void CpuExecutor::set_state(const NamedTensors& state) {
  ++weights_;
  const std::size_t used = g_.load_state(state) + d_.load_state(state);
  if (used != state.size()) check_known(state, this->state(), "game");
}

std::unique_ptr<Executor> make_cpu_executor(const net::Network& generator, const net::Network& discriminator,
                                            const ExecutorConfig& config) {
  kernels::level();
  return std::make_unique<CpuExecutor>(generator, discriminator, config);
}

}  // namespace ganymede::engine
