#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace ganymede::data {

enum class LastBatch { keep, drop };
/// "keep" or "drop". @throws ConfigError otherwise.
LastBatch last_batch_from(const std::string& name);

/// How an epoch of `count` images falls into batches of `batch`; the last one may be shorter (keep) or left out (drop).
struct BatchPlan {
  std::int64_t count = 0;
  std::int64_t batch = 1;
  LastBatch last = LastBatch::keep;

  /// @throws ConfigError unless batch >= 1, count >= 1 and, with drop, count >= batch.
  void check() const;
  std::int64_t batches() const;
  /// Images of batch b, b in [0, batches()).
  std::int64_t size_of(std::int64_t b) const;
};

/// The order of an epoch: a permutation of 0 .. count-1 by Fisher-Yates (Durstenfeld: i = count-1 .. 1 swaps with
/// j = below(i + 1)) from stream "data.shuffle", key seed, index epoch. Does not depend on the batch size.
std::vector<std::uint32_t> epoch_order(std::int64_t count, std::uint64_t seed, std::int64_t epoch);

/// Shuffled batches of a data set. Stateless but for a cached permutation: a batch is a function of (seed, epoch, b),
/// so a resumed run sees the very same ones. The data set must outlive it. Not for several threads at once.
class Batches {
 public:
  Batches(const Dataset& dataset, std::int64_t batch, LastBatch last, std::uint64_t seed);
  Batches(Dataset&&, std::int64_t, LastBatch, std::uint64_t) = delete;

  const BatchPlan& plan() const { return plan_; }
  std::int64_t batches() const { return plan_.batches(); }
  std::int64_t size_of(std::int64_t b) const { return plan_.size_of(b); }

  /// Indices into the data set of batch b of an epoch (counted from 0); valid until another epoch is asked for.
  std::span<const std::uint32_t> indices(std::int64_t epoch, std::int64_t b);
  /// Fills images [n, C, H, W] in [-1, 1] (of ink: moves [n, T, F]) and labels [n] (an empty span if not wanted), n =
  /// size_of(b); labels of a data set without classes are 0. Both spans may be longer. Returns n.
  std::int64_t fill(std::int64_t epoch, std::int64_t b, std::span<float> images, std::span<std::int32_t> labels);
  /// The conditions [n, K] of the same samples; nothing where the data have none. The span may be longer.
  void fill_conditions(std::int64_t epoch, std::int64_t b, std::span<float> conditions);

 private:
  const Dataset& dataset_;
  BatchPlan plan_;
  std::uint64_t seed_;
  std::int64_t cached_epoch_ = -1;
  std::vector<std::uint32_t> order_;
};

}  // namespace ganymede::data
