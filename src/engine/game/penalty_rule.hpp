#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "play/game.hpp"

namespace ganymede::engine {

// What a gradient penalty is (play::Penalty), apart from how D's slopes are computed: where they are taken, what they
// cost, and which way to go. T is float or double; arithmetic is in double, in the order of the samples.

/// Random numbers of one step.
struct PenaltyDraws {
  std::vector<float> shares;   ///< [N] of U[0, 1): wgan-gp and dragan
  std::vector<float> offsets;  ///< [N, features] of U[0, 1): dragan
};
/// Streams "penalty.shares" and "penalty.offsets", index: the sample.
PenaltyDraws draw_penalty(play::Penalty kind, std::uint64_t seed, std::uint32_t step, std::int64_t count,
                          std::int64_t features);

/// Where D's slopes are taken, [N, features].
template <class T>
std::vector<T> penalty_points(play::Penalty kind, std::span<const T> real, std::span<const T> fake,
                              const PenaltyDraws& draws);

/// Of slopes g [N, features], in place the direction x' whose tangent of dD/dt, summed over the samples, is the
/// gradient of `factor` penalties with respect to D's parameters t: factor weight g / N, or factor 2 weight (|g| - 1) g
/// / (|g| N), which is 0 where g is.
/// @return the penalty, weight included, factor not.
template <class T>
double penalty_direction(const play::Game& game, double factor, std::int64_t count, std::span<T> slopes);

/// Whether D's update after `updates` others has a penalty.
bool has_penalty(const play::Game& game, std::int64_t updates);

}  // namespace ganymede::engine
