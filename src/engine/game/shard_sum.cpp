#include "engine/game/shard_sum.hpp"

#include <algorithm>

#include "kernels/update.hpp"

namespace ganymede::engine {
namespace {

struct PlayerPiece {
  float* of_player;
  std::int64_t in_leaf, count;
};

void add_pieces(std::vector<PlayerPiece>& pieces, Buffer& buffer, std::int64_t& at) {
  for (std::int64_t first = 0; first < buffer.size(); first += kPiece) {
    const std::int64_t count = std::min(kPiece, buffer.size() - first);
    pieces.push_back({buffer.data() + first, at, count});
    at += count;
  }
}

}  // namespace

ShardSum::ShardSum(const Player& player, int leaves) {
  for (const Parameter& p : player.parameters.all()) (p.trainable ? gradients_ : statistics_) += p.size;
  int levels = 1;
  for (int of = leaves; of > 1; of /= 2) ++levels;
  for (int i = 0; i < levels; ++i) levels_.emplace_back(statistics_ + gradients_);
}

void ShardSum::begin(bool with_gradients) {
  with_gradients_ = with_gradients;
  taken_ = 0;
  waiting_ = 0;
}

template <class F>
void ShardSum::for_each_piece(ThreadPool& pool, Player& player, float* leaf, const F& copy) {
  std::vector<PlayerPiece> pieces;
  std::int64_t at = 0;
  for (Parameter& p : player.parameters.all()) {
    if (!p.trainable) add_pieces(pieces, p.value, at);
  }
  for (Parameter& p : player.parameters.all()) {
    if (p.trainable && with_gradients_) add_pieces(pieces, p.gradient, at);
  }
  pool.run(std::ssize(pieces), [&](std::int64_t i, int) {
    const PlayerPiece& piece = pieces[static_cast<std::size_t>(i)];
    copy(piece.of_player, leaf + piece.in_leaf, piece.count);
  });
}

void ShardSum::take(ThreadPool& pool, Player& player, float weight) {
  for_each_piece(pool, player, levels_[waiting_++].data(),
                 [weight](const float* values, float* leaf, std::int64_t count) {
                   for (std::int64_t i = 0; i < count; ++i) leaf[i] = weight * values[i];
                 });
  for (std::int64_t carry = ++taken_; carry % 2 == 0; carry /= 2) {
    --waiting_;
    float* const left = levels_[waiting_ - 1].data();
    const float* const right = levels_[waiting_].data();
    const std::int64_t pieces = (size() + kPiece - 1) / kPiece;
    pool.run(pieces, [&](std::int64_t i, int) {
      kernels::add(left + i * kPiece, right + i * kPiece, std::min(kPiece, size() - i * kPiece));
    });
  }
}

void ShardSum::give(ThreadPool& pool, Player& player) {
  for_each_piece(pool, player, levels_.front().data(),
                 [](float* values, const float* leaf, std::int64_t count) { std::copy_n(leaf, count, values); });
}

std::int64_t ShardSum::bytes() const {
  std::int64_t bytes = 0;
  for (const Buffer& level : levels_) bytes += level.bytes();
  return bytes;
}

}  // namespace ganymede::engine
