#pragma once

#include <array>
#include <vector>

namespace ganymede::theory {

// The network of three weights whose loss S-LATENT's figure 3.15 shows as a film: f(x) = w3 tanh(w1 x + w2), taught by
// another of its kind, w = (2, -1, 1.5), on 41 places from -2 to 2. Over w1 and w2 the loss is a surface that can be
// drawn; the third weight makes it another one at every step.

using ThreeWeights = std::array<double, 3>;

inline constexpr ThreeWeights kTaught = {2, -1, 1.5};

/// Mean of (f(x) - g(x))^2 / 2 over the places, g the taught one. 0 at kTaught and, tanh being odd, at -kTaught.
double loss_of(const ThreeWeights& w);
/// Its slopes by w1, w2, w3.
ThreeWeights slope_of(const ThreeWeights& w);

/// Gradient descent, w -= rate slope: `steps` + 1 places, the beginning first.
std::vector<ThreeWeights> descend(ThreeWeights from, double rate, int steps);

}  // namespace ganymede::theory
