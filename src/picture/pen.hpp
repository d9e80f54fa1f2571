#pragma once

#include <span>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::picture {

/// A vertex of a polyline in pixels: pixel (row y, column x) is the unit square around the point (x, y). `width` is the
/// pen's diameter there.
struct PenPoint {
  double x = 0, y = 0;
  double width = 1;
};

/// A grey picture of coverages in [0, 1], row-major [H][W].
struct Coverage {
  int height = 0, width = 0;
  std::vector<float> values;

  Coverage(int height_, int width_)
      : height(height_), width(width_), values(static_cast<std::size_t>(height_) * width_) {}
};

/// Draws a polyline with a round pen; a single point is a dot. Coverage of a pixel is that of a box of side s =
/// `softness` pixels moved along the distance d to the centre line: max(0, min(d + s/2, r) - max(d - s/2, -r)) / s, r =
/// width / 2; s = 1 is plain anti-aliasing. Parts of one or several polylines join by maximum. Double arithmetic with +
/// - * / sqrt alone: the same bits on every machine.
void draw_polyline(Coverage& coverage, std::span<const PenPoint> points, double softness = 1);

/// The same straight into an image, blended in a colour.
void draw_polyline(Image& image, std::span<const PenPoint> points, Colour colour);

/// Blends a colour into the image by coverage, with the coverage's top left pixel at (y, x).
void blend(Image& image, const Coverage& coverage, int y, int x, Colour colour);

}  // namespace ganymede::picture
