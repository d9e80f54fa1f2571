#pragma once

#include <span>
#include <vector>

namespace ganymede::ink {

struct Point {
  double x = 0, y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// A polyline drawn without lifting the pen.
using Stroke = std::vector<Point>;
/// The strokes of a symbol, in the order of drawing.
using Ink = std::vector<Stroke>;

/// x' = a x + b y + tx, y' = c x + d y + ty.
struct Affine {
  double a = 1, b = 0, c = 0, d = 1, tx = 0, ty = 0;

  static Affine translation(double tx, double ty) { return {1, 0, 0, 1, tx, ty}; }
  static Affine scaling(double sx, double sy) { return {sx, 0, 0, sy, 0, 0}; }
  /// Turns x towards y by 2 pi t, t in [0, 1) or negative.
  static Affine rotation(double turns);
  /// x' = x + shear y.
  static Affine slant(double shear) { return {1, shear, 0, 1, 0, 0}; }

  Point operator()(Point p) const { return {a * p.x + b * p.y + tx, c * p.x + d * p.y + ty}; }
};

/// The map that applies `first`, then `second`.
Affine then(const Affine& first, const Affine& second);

void apply(const Affine& map, Ink& ink);

struct Box {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  double width() const { return x1 - x0; }
  double height() const { return y1 - y0; }
};

/// The smallest box that holds all points; @throws DataError if there is none.
Box bounding_box(const Ink& ink);

/// A smooth curve through the control points as a polyline of `pieces` chords between neighbours: centripetal
/// Catmull-Rom (Yuksel, Schaefer, Keyser 2011, "Parameterization and applications of Catmull-Rom curves"), which makes
/// no loops or cusps. Two equal neighbours make a corner.
Stroke smooth_curve(std::span<const Point> control, int pieces);

}  // namespace ganymede::ink
