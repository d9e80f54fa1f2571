#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.hpp"
#include "engine/player.hpp"

namespace ganymede::engine {

/// What the shards of a batch make of one player, added in the binary tree of their numbers: running statistics, and
/// gradients where they are wanted, each weighted with its shard's share of the samples.
///
/// How it works. A leaf is one vector of all these numbers. Leaves come one after the other and are added as a binary
/// counter carries: leaf 1 to leaf 0, leaf 3 to leaf 2 and both to the sum of the first two, so that no more than
/// log2 S + 1 vectors are kept. This process has the leaves of one subtree; cluster::sum_in_tree adds the subtrees, in
/// the same tree.
class ShardSum {
 public:
  /// `leaves`: how many come in a step, a power of two.
  ShardSum(const Player& player, int leaves);

  /// Before the leaves of a step.
  void begin(bool with_gradients);
  /// The numbers of the player, or of another of the same network, as they are now are the next leaf.
  void take(ThreadPool& pool, Player& player, float weight);
  /// The sum of the leaves, after the last.
  std::span<float> sum() const { return {levels_.front().data(), static_cast<std::size_t>(size())}; }
  /// The sum becomes the player's numbers.
  void give(ThreadPool& pool, Player& player);

  std::int64_t bytes() const;

 private:
  std::int64_t size() const { return with_gradients_ ? statistics_ + gradients_ : statistics_; }
  /// copy(of the player, in a leaf, count) for each piece of the numbers.
  template <class F>
  void for_each_piece(ThreadPool& pool, Player& player, float* leaf, const F& copy);

  std::int64_t statistics_ = 0, gradients_ = 0;  // floats
  bool with_gradients_ = true;
  std::vector<Buffer> levels_;  // sums of leaves that wait for their neighbours, the largest first
  std::int64_t taken_ = 0;
  std::size_t waiting_ = 0;  // of the levels
};

}  // namespace ganymede::engine
