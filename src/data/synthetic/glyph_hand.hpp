#pragma once

#include <algorithm>

#include "base/philox.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

/// The random choices of a hand that lays out a symbol.
class Hand {
 public:
  explicit Hand(RandomSequence& random) : random_(random) {}

  bool chance(double p) { return random_.uniform() < p; }
  double between(double low, double high) { return random_.uniform(low, high); }
  /// About `mean`, never further than 2.1 spreads.
  double about(double mean, double spread) { return mean + spread * std::clamp(random_.normal(), -2.1, 2.1); }
  ink::Point near(double x, double y, double spread = 0.015) {
    const double px = about(x, spread);
    return {px, about(y, spread)};
  }

 private:
  RandomSequence& random_;
};

/// Appends a corner: a point given twice.
inline void corner(ink::Stroke& stroke, ink::Point p) {
  stroke.push_back(p);
  stroke.push_back(p);
}

/// Appends `count` points of an ellipse from turn `from` to turn `to`; turn 0 is the right, 0.25 the bottom.
inline void arc(ink::Stroke& stroke, ink::Point centre, double rx, double ry, double from, double to, int count) {
  for (int i = 0; i < count; ++i) {
    const double turn = from + (to - from) * i / (count - 1);
    const ink::Point p = ink::Affine::rotation(turn)({1, 0});
    stroke.push_back({centre.x + rx * p.x, centre.y + ry * p.y});
  }
}

}  // namespace ganymede::data
