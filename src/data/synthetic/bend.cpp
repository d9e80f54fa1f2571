#include "data/synthetic/bend.hpp"

#include <algorithm>
#include <cmath>

#include "base/portable_math.hpp"

namespace ganymede::data {

double limited_normal(RandomSequence& random) {
  return std::clamp(random.normal(), -2.1, 2.1);
}

double sine_of_turns(double turns) {
  double sine, cosine;
  portable_sincos_turn(turns - std::floor(turns), sine, cosine);
  return sine;
}

Bend::Bend(RandomSequence& random) {
  for (Wave& wave : waves_) {
    const bool is_long = &wave != &waves_.back();
    const double height = is_long ? 0.02 : 0.007, shortness = is_long ? 1 : 3;
    wave = {shortness * random.uniform(-0.7, 0.7), shortness * random.uniform(0.3, 1.1), random.uniform(),
            height * limited_normal(random), 0.8 * height * limited_normal(random)};
  }
}

ink::Point Bend::operator()(ink::Point p) const {
  ink::Point moved = p;
  for (const Wave& wave : waves_) {
    const double height = sine_of_turns(wave.fx * p.x + wave.fy * p.y + wave.phase);
    moved.x += wave.dx * height;
    moved.y += wave.dy * height;
  }
  return moved;
}

}  // namespace ganymede::data
