#include "ink/smooth.hpp"

#include <cmath>

#include "ink/normalise.hpp"

namespace ganymede::ink {
namespace {

bool is_corner(Point before, Point at, Point after) {
  const double ax = at.x - before.x, ay = at.y - before.y, bx = after.x - at.x, by = after.y - at.y;
  return ax * bx + ay * by < kCornerCosine * std::sqrt((ax * ax + ay * ay) * (bx * bx + by * by));
}

}  // namespace

Ink smoothed(const Ink& ink, int pieces) {
  Ink out;
  for (const Stroke& stroke : without_repeats(ink)) {
    // smooth_curve takes two equal neighbours for a corner.
    Stroke control;
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      control.push_back(stroke[i]);
      if (i > 0 && i + 1 < stroke.size() && is_corner(stroke[i - 1], stroke[i], stroke[i + 1]))
        control.push_back(stroke[i]);
    }
    out.push_back(smooth_curve(control, pieces));
  }
  return out;
}

}  // namespace ganymede::ink
