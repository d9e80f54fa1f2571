#pragma once

#include <array>

#include "base/philox.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

/// N(0, 1), never further than 2.1 from 0.
double limited_normal(RandomSequence& random);
/// sin(2 pi turns), the same bits on every machine.
double sine_of_turns(double turns);

/// Waves that bend the paper: three long ones, and a short one, which is the tremor of the hand.
class Bend {
 public:
  explicit Bend(RandomSequence& random);
  ink::Point operator()(ink::Point p) const;

 private:
  struct Wave {
    double fx, fy, phase, dx, dy;
  };
  std::array<Wave, 4> waves_;
};

}  // namespace ganymede::data
