#pragma once

#include "theory/divergence.hpp"

namespace ganymede::theory {

// Losses of both players as functions of D's logit s, D = sigmoid(s); nats.

/// BCE(y, t) = -t log y - (1 - t) log(1 - y) with y = sigmoid(s), for a target t in [0, 1].
double binary_cross_entropy(double s, double t);
/// Its slope over the logit: y - t.
double binary_cross_entropy_slope(double s, double t);

/// D's loss of one real and one fake: BCE(s_real, 1) + BCE(s_fake, 0).
double discriminator_loss(double s_real, double s_fake);

/// What G descends.
enum class GeneratorLoss {
  saturating,     ///< log(1 - D), the game's own
  non_saturating  ///< -log D
};
const char* name_of(GeneratorLoss loss);  ///< "log(1 - D)", "-log D"
/// At a fake of logit s: -BCE(s, 0), BCE(s, 1).
double generator_loss(GeneratorLoss loss, double s);
/// Its slope over the logit: -D, D - 1. The first vanishes where D is sure that the sample is a fake, where a generator
/// begins; the second where D takes it for real.
double generator_slope(GeneratorLoss loss, double s);

/// The length of a sample's gradient dL/dx behind the best D of N(0, 1) and N(d, 1), whose logit d^2/2 - d x has the
/// slope -d everywhere: |generator_slope| d.
double gradient_of_shifted(GeneratorLoss loss, double d, double x);
/// Its mean over the fakes N(d, 1), and the square root of the mean square: how large a step of G is.
struct MeanGradient {
  double mean = 0, root_mean_square = 0;
};
MeanGradient mean_gradient_of_shifted(GeneratorLoss loss, double d);

}  // namespace ganymede::theory
