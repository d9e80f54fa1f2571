#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <span>
#include <vector>

#include "engine/plan/pass.hpp"

namespace ganymede::cluster {
class Group;
}

namespace ganymede::engine {

/// Where the shards of a batch meet within a layer, to take statistics of all of it (play::ShardStatistics::batch).
///
/// How it works. Each shard of this process passes through the networks on a thread of its own. At a layer of BatchNorm
/// it brings its numbers and waits; the last to come merges them in the binary tree of the shards, with those of the
/// other processes on top, and all leave with the result. All shards come to the same layers in the same order.
class ShardMeeting {
 public:
  /// Adds the right numbers to the left ones.
  using Merge = void (*)(std::span<double> left, std::span<const double> right);

  /// `lanes`: shards of this process, a power of two; the group (or null) must outlive it.
  ShardMeeting(int lanes, cluster::Group* group) : group_(group), seats_(static_cast<std::size_t>(lanes)) {}

  /// What one shard brings becomes what all brought. @throws Error where another shard has failed
  void meet(int lane, std::span<double> values, Merge merge);
  /// This shard will not come any more: the others do not wait for it.
  void give_up();

 private:
  void merge_all(Merge merge);

  cluster::Group* group_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::vector<std::span<double>> seats_;
  std::size_t here_ = 0;
  std::int64_t meetings_ = 0;
  bool failed_ = false;
};

/// One shard's way to the meeting: what the passes of its step see of it.
class ShardSeat : public SharedStatistics {
 public:
  ShardSeat(ShardMeeting& meeting, int lane, double weight) : meeting_(meeting), lane_(lane), weight_(weight) {}
  void moments(std::span<double> values) override;
  void sums(std::span<double> values) override;

 private:
  ShardMeeting& meeting_;
  int lane_;
  double weight_;
};

}  // namespace ganymede::engine
