#pragma once

#include "base/philox.hpp"
#include "ink/stroke.hpp"

namespace ganymede::ink {

/// Strokes as a restless hand draws them: `strokes` random walks of 1 to 40 points, some closed, some with repeats.
inline Ink random_ink(std::uint64_t seed, int strokes) {
  RandomSequence random(Random(seed, "test.ink"), 0);
  Ink ink;
  for (int s = 0; s < strokes; ++s) {
    Stroke stroke{{random.uniform(-300, 900), random.uniform(-300, 900)}};
    double dx = random.uniform(-40, 40), dy = random.uniform(-40, 40);
    for (std::uint32_t left = random.below(40); left > 0; --left) {
      dx += random.uniform(-20, 20), dy += random.uniform(-20, 20);
      const Point last = stroke.back();
      stroke.push_back(random.below(8) == 0 ? last : Point{last.x + dx, last.y + dy});
    }
    if (random.below(4) == 0) stroke.push_back(stroke.front());
    ink.push_back(stroke);
  }
  return ink;
}

}  // namespace ganymede::ink
