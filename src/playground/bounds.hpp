#pragma once

#include "data/dataset.hpp"
#include "run/networks.hpp"
#include "run/recipe.hpp"

namespace ganymede::playground {

// What a live game may cost, so that one page cannot take a machine.

inline constexpr std::int64_t kMostPoints = 200'000;      ///< of its data
inline constexpr std::int64_t kMostParameters = 400'000;  ///< of both players
inline constexpr int kMostBatch = 2048;
inline constexpr int kMostDim = 512;  ///< of z
/// Multiplications and additions of a step, roughly: about a second of one core.
inline constexpr double kMostWork = 2e10;

/// Whether such a game can be played live: points of a set that the program draws (or `drawn`: by hand), no classes and
/// no conditions, no weights from elsewhere, nothing read from a path, within the bounds. Before anything is opened or
/// built. @throws ConfigError that names the key
void check_playable(const run::Recipe& recipe, bool drawn);

/// What a step costs: 2 operations a weight forward, 4 backward, twice for D, which sees both sides; each unrolled
/// update three times as much again, a penalty twice.
double work_of_step(const run::Recipe& recipe, std::int64_t generator_weights, std::int64_t discriminator_weights);
/// @throws ConfigError where the networks or a step of them are too large.
void check_work(const run::Recipe& recipe, const run::Networks& networks);

}  // namespace ganymede::playground
