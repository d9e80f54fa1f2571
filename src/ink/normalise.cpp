#include "ink/normalise.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"

namespace ganymede::ink {

double side_of(Range range) {
  return range == Range::unit ? 1 : 2;
}

Ink without_repeats(const Ink& ink) {
  Ink out;
  for (const Stroke& stroke : ink) {
    if (stroke.empty()) continue;
    Stroke kept;
    std::unique_copy(stroke.begin(), stroke.end(), std::back_inserter(kept));
    out.push_back(std::move(kept));
  }
  return out;
}

Ink normalised(const Ink& ink, Range range) {
  const Box box = bounding_box(ink);
  const double length = std::max(box.width(), box.height());
  if (!(length > 0)) fail<DataError>("ink: a symbol of one point cannot be normalised: its box has no side");
  const double low = range == Range::unit ? 0 : -1, side = side_of(range);
  Ink out = ink;
  for (Stroke& stroke : out) {
    for (Point& p : stroke) p = {low + (p.x - box.x0) / length * side, low + (p.y - box.y0) / length * side};
  }
  return out;
}

}  // namespace ganymede::ink
