#include "theory/bilinear_game.hpp"

#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/portable_math.hpp"

namespace ganymede::theory {

double Players::radius() const {
  return std::sqrt(x * x + y * y);
}

Players step(Turns turns, Players at, double eta) {
  const double x = at.x - eta * at.y;
  return {.x = x, .y = at.y + eta * (turns == Turns::simultaneous ? at.x : x)};
}

std::vector<Players> walk(Turns turns, Players from, double eta, int steps) {
  std::vector<Players> places = {from};
  for (int t = 0; t < steps; ++t) places.push_back(step(turns, places.back(), eta));
  return places;
}

double spiral_radius(double radius_0, double eta, int t) {
  return radius_0 * portable_exp(t * portable_log(1 + eta * eta) / 2);
}

double orbit_invariant(Players at, double eta) {
  return at.x * at.x - eta * at.x * at.y + at.y * at.y;
}

Radii orbit_radii(Players at, double eta) {
  if (!(eta > 0 && eta < 2)) fail<ConfigError>("alternating steps orbit for 0 < eta < 2, found {}", eta);
  const double kept = orbit_invariant(at, eta);
  return {.least = std::sqrt(kept / (1 + eta / 2)), .largest = std::sqrt(kept / (1 - eta / 2))};
}

Players flow(Players from, double time) {
  double turn = time / (2 * std::numbers::pi);
  turn -= std::floor(turn);
  double sine = 0, cosine = 0;
  portable_sincos_turn(turn, sine, cosine);
  return {.x = cosine * from.x - sine * from.y, .y = sine * from.x + cosine * from.y};
}

}  // namespace ganymede::theory
