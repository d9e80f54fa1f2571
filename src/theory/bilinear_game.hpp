#pragma once

#include <vector>

namespace ganymede::theory {

// The smallest game: min over x, max over y of x y, whose one equilibrium is (0, 0). S-THEORY T5.

struct Players {
  double x = 1, y = 0;
  double radius() const;
};

enum class Turns {
  simultaneous,  ///< x' = x - eta y, y' = y + eta x
  alternating    ///< x' = x - eta y, y' = y + eta x'
};

/// One step of both by gradients of length eta.
Players step(Turns turns, Players at, double eta);
/// `steps` of them, the beginning first: steps + 1 places.
std::vector<Players> walk(Turns turns, Players from, double eta, int steps);

/// Where simultaneous steps are after t of them: radius_0 (1 + eta^2)^(t / 2), exactly.
double spiral_radius(double radius_0, double eta, int t);
/// What alternating steps keep, exactly: x^2 - eta x y + y^2. An ellipse for eta < 2, along the diagonals.
double orbit_invariant(Players at, double eta);
/// The least and the largest radius of that ellipse: sqrt(Q / (1 + eta / 2)), sqrt(Q / (1 - eta / 2)); eta < 2.
struct Radii {
  double least = 0, largest = 0;
};
Radii orbit_radii(Players at, double eta);
/// After so much time of the flow dx/dt = -y, dy/dt = x, which steps of length 0 would be: a circle.
Players flow(Players from, double time);

}  // namespace ganymede::theory
