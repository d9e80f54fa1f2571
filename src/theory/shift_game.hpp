#pragma once

#include <vector>

#include "theory/losses.hpp"

namespace ganymede::theory {

// The game of two lines: reals N(2, 1), fakes N(theta, 1), and D(x) = sigmoid(a x + b), a family that the best D is a
// member of. Both players descend their expected losses, which are sums over a lattice: no sample, no chance. What is
// learnt for the work is then a matter of how often D is updated alone. S-THEORY T2.

inline constexpr double kShiftedMean = 2;  ///< of the reals

struct ShiftGame {
  double theta = 0;     ///< G: the mean of the fakes
  double a = 0, b = 0;  ///< D
};

/// The best D of a theta: its logit is (2 - theta) x + (theta^2 - 4) / 2.
ShiftGame with_best_discriminator(ShiftGame game);
/// (a, b) -= rate of the slopes of E BCE(real, 1) + E BCE(fake, 0).
ShiftGame discriminator_step(ShiftGame game, double rate);
/// theta -= rate E[dL/ds a]: a fake theta + z moves with theta.
ShiftGame generator_step(ShiftGame game, GeneratorLoss loss, double rate);

struct ShiftRates {
  double generator = 0.3, discriminator = 0.5;
};
struct ShiftPlace {
  int work = 0;  ///< updates of both players so far
  double theta = 0;
};
/// `k` updates of D before each of G, as long as the work stays within `most_work`, the beginning first. k = 0: D is
/// the best one each time, which counts as `converge` updates.
std::vector<ShiftPlace> play(ShiftGame from, GeneratorLoss loss, int k, ShiftRates rates, int most_work,
                             int converge = 50);

}  // namespace ganymede::theory
