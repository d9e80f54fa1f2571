#include <array>
#include <cmath>
#include <exception>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "cluster/group.hpp"
#include "engine/cpu_executor.hpp"
#include "engine/game/shard_meeting.hpp"
#include "play/batch_part.hpp"

namespace ganymede::engine {

// How a step in shards goes. Shard after shard passes through both networks as a small batch of its own, beginning with
// the same parameters and running statistics. Its gradients and what it made of the statistics, weighted with its share
// of the samples, are leaves of two trees (one a player), its losses of a third. Where several processes share the
// shards, each has those of one subtree, and the trees grow together at the top. D's tree is complete when the last
// shard's gradients of D are, so that its sum goes between the processes while G's backward pass is under way. Only the
// sums are judged: all processes find the same, and all move the same way or none does.
//
// Where BatchNorm takes its statistics of the whole batch, the shards of a process go through the networks at once,
// each on a thread of its own with networks of its own, and meet at each such layer (ShardMeeting).

namespace {

/// The losses of a shard as numbers that are added, and back.
using Figures = std::array<double, 8>;

Figures figures_of(const StepResult& result, double weight) {
  Figures figures{result.generator_loss,          result.discriminator_loss,     result.discriminator_real_loss,
                  result.discriminator_fake_loss, result.real_accuracy,          result.fake_accuracy,
                  result.penalty.value_or(0),     result.information.value_or(0)};
  for (double& figure : figures) figure *= weight;
  return figures;
}

StepResult result_of(const Figures& figures, bool with_penalty, bool with_information) {
  StepResult result{.generator_loss = figures[0],
                    .discriminator_loss = figures[1],
                    .discriminator_real_loss = figures[2],
                    .discriminator_fake_loss = figures[3],
                    .real_accuracy = figures[4],
                    .fake_accuracy = figures[5]};
  if (with_penalty) result.penalty = figures[6];
  if (with_information) result.information = figures[7];
  return result;
}

Figures sum_of(const std::vector<Figures>& leaves, std::size_t first, std::size_t count) {
  if (count == 1) return leaves[first];
  Figures sum = sum_of(leaves, first, count / 2);
  const Figures right = sum_of(leaves, first + count / 2, count / 2);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += right[i];
  return sum;
}

void expect_finite(const char* what, double loss) {
  if (!std::isfinite(loss)) throw NonFiniteError(what, loss);
}

}  // namespace

std::int64_t CpuExecutor::begin_of_shard(const Batch& batch, int shard) const {
  const std::int64_t pack = config_.game.pack;
  return batch.count / pack * shard / config_.shards * pack;
}

Batch CpuExecutor::shard_of(const Batch& batch, int shard) const {
  const std::int64_t first = begin_of_shard(batch, shard);
  return part_of(batch, first, begin_of_shard(batch, shard + 1) - first);
}

int CpuExecutor::own_shards() const {
  return config_.shards / (config_.group == nullptr ? 1 : config_.group->size());
}

int CpuExecutor::first_shard() const {
  return config_.group == nullptr ? 0 : own_shards() * config_.group->rank();
}

CpuExecutor::Turn CpuExecutor::begin_shard(const Batch& part, Phase phase, int shard) {
  Turn turn = begin_turn(part, phase, shard_seed(config_.seed, shard));
  turn.is_shard = true;
  return turn;
}

std::vector<StepResult> CpuExecutor::differentiate_in_turn(const std::vector<Batch>& parts, Phase phase, double count) {
  const auto g_before = g_.statistics(), d_before = d_.statistics();
  std::vector<StepResult> results;
  std::future<void> between;  // D's sum on its way
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      g_.restore_statistics(g_before);
      d_.restore_statistics(d_before);
    }
    const auto weight = static_cast<float>(static_cast<double>(parts[i].count) / count);
    Turn turn = begin_shard(parts[i], phase, first_shard() + static_cast<int>(i));
    turn.discriminator_done = [&] {
      d_sum_->take(pool_, d_, weight);
      if (i + 1 == parts.size() && config_.group != nullptr)
        between = std::async(std::launch::async, [&] { cluster::sum_in_tree(*config_.group, d_sum_->sum()); });
    };
    differentiate(turn);
    if (!turn.trains_discriminator()) d_sum_->take(pool_, d_, weight);
    g_sum_->take(pool_, g_, weight);
    mark(turn, this, PassPart::copy);
    results.push_back(std::move(turn.result));
  }
  if (between.valid()) {
    between.get();
  } else if (config_.group != nullptr) {
    cluster::sum_in_tree(*config_.group, d_sum_->sum());
  }
  return results;
}

std::vector<StepResult> CpuExecutor::differentiate_at_once(const std::vector<Batch>& parts, Phase phase, double count) {
  const std::size_t lanes = parts.size();
  std::vector<StepResult> results(lanes);
  std::vector<std::exception_ptr> errors(lanes);
  ShardMeeting meeting(static_cast<int>(lanes), config_.group);
  const auto lane_of = [&](std::size_t i) -> CpuExecutor& { return i == 0 ? *this : *lanes_[i - 1]; };
  const auto pass = [&](std::size_t i) {
    try {
      ShardSeat seat(meeting, static_cast<int>(i), static_cast<double>(parts[i].count) / count);
      Turn turn = lane_of(i).begin_shard(parts[i], phase, first_shard() + static_cast<int>(i));
      turn.g_step.shared = turn.d_step.shared = &seat;
      lane_of(i).differentiate(turn);
      results[i] = std::move(turn.result);
    } catch (...) {
      errors[i] = std::current_exception();
      meeting.give_up();
    }
  };
  for (const auto& lane : lanes_) {
    lane->g_.parameters.copy_values(g_.parameters, false);
    lane->d_.parameters.copy_values(d_.parameters, false);
    lane->g_.changed();
    lane->d_.changed();
    lane->last_ = last_;
  }
  pool_.work_alone(pool_.size() <= static_cast<int>(lanes));
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < lanes; ++i) threads.emplace_back(pass, i);
  pass(0);
  for (std::thread& thread : threads) thread.join();
  pool_.work_alone(false);
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  for (std::size_t i = 0; i < lanes; ++i) {
    const auto weight = static_cast<float>(static_cast<double>(parts[i].count) / count);
    d_sum_->take(pool_, lane_of(i).d_, weight);
    g_sum_->take(pool_, lane_of(i).g_, weight);
  }
  if (config_.group != nullptr) cluster::sum_in_tree(*config_.group, d_sum_->sum());
  return results;
}

StepResult CpuExecutor::advance_in_shards(const Batch& batch, Phase phase) {
  if (batch.count / config_.game.pack < config_.shards) {
    fail<ShapeError>("a batch of {} samples makes no {} shards (train.shards)", batch.count, config_.shards);
  }
  const bool trains_d = phase != Phase::generator, trains_g = phase != Phase::discriminator;
  const auto count = static_cast<double>(batch.count);
  g_sum_->begin(trains_g);
  d_sum_->begin(trains_d);
  std::vector<Batch> parts;
  for (int i = 0; i < own_shards(); ++i) parts.push_back(shard_of(batch, first_shard() + i));
  const std::vector<StepResult> results =
      meets_ ? differentiate_at_once(parts, phase, count) : differentiate_in_turn(parts, phase, count);
  std::vector<Figures> figures;
  for (std::size_t i = 0; i < parts.size(); ++i)
    figures.push_back(figures_of(results[i], static_cast<double>(parts[i].count) / count));
  Figures all = sum_of(figures, 0, figures.size());
  if (config_.group != nullptr) {
    cluster::sum_in_tree(*config_.group, g_sum_->sum());
    cluster::sum_in_tree(*config_.group, std::span(all));
  }
  g_sum_->give(pool_, g_);
  d_sum_->give(pool_, d_);

  Turn whole = begin_turn(batch, phase, config_.seed);
  whole.result = result_of(all, last_.with_penalty, tells_codes());
  mark(whole, this, PassPart::copy);
  if (trains_d) {
    expect_finite("loss of discriminator", whole.result.discriminator_loss);
    if (whole.result.penalty) expect_finite("penalty of discriminator", *whole.result.penalty);
    whole.d_norms = d_.gradient_norms(pool_, whole.result.gradient_norms);
  }
  expect_finite("loss of generator", whole.result.generator_loss);
  if (trains_g) whole.g_norms = g_.gradient_norms(pool_, whole.result.gradient_norms);
  update(whole);
  return std::move(whole.result);
}

StepResult CpuExecutor::losses_in_shards(const Batch& batch) {
  if (meets_) {
    fail<ConfigError>(
        "train.shard_statistics = \"batch\": losses without a step are of shards that do not meet; they are not given");
  }
  const auto g_before = g_.statistics(), d_before = d_.statistics();
  std::vector<Figures> figures;
  for (int shard = 0; shard < config_.shards; ++shard) {
    const Batch part = shard_of(batch, shard);
    Turn turn = begin_shard(part, Phase::both, shard);
    forward_generator(turn);
    forward_discriminator(turn);
    judge_fakes(turn);
    judge_both(turn);
    g_.restore_statistics(g_before);
    d_.restore_statistics(d_before);
    figures.push_back(figures_of(turn.result, static_cast<double>(part.count) / static_cast<double>(batch.count)));
  }
  StepResult result = result_of(sum_of(figures, 0, figures.size()), false, tells_codes());
  result.generator_rate = g_.rule.rate();
  result.discriminator_rate = d_.rule.rate();
  return result;
}

}  // namespace ganymede::engine
