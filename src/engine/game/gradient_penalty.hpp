#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/game/penalty_rule.hpp"
#include "engine/player.hpp"

namespace ganymede::engine {

/// D's gradient penalty (play::Penalty) on the CPU: a program of D's for tangents, in f32 whatever the precision of the
/// step, since it multiplies what is small.
class GradientPenalty {
 public:
  /// `d` must outlive it. @throws ConfigError for a layer without tangents
  GradientPenalty(Player& d, const Game& game, std::int64_t batch);

  /// A step's images, [N, features] in NCHW, and what it is numbered.
  struct Images {
    std::int64_t count = 0;
    std::span<const float> real, fake;
    std::span<const std::int32_t> real_classes, fake_classes;
    std::span<const float> real_conditions, fake_conditions;
    std::uint64_t seed = 0;
    std::uint32_t number = 0;
  };
  /// Adds its gradient, penalty_interval times, to those of D's parameters. @return the penalty
  double add(ThreadPool& pool, const Images& images);

  std::int64_t bytes() const { return program_.bytes(); }

 private:
  Player& d_;
  const Game& game_;
  Program program_;
  std::vector<float> slopes_;  ///< [N, features], then the direction
};

}  // namespace ganymede::engine
