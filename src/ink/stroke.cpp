#include "ink/stroke.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/portable_math.hpp"

namespace ganymede::ink {
namespace {

double distance(Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  return std::sqrt(dx * dx + dy * dy);
}

Point between(Point a, Point b, double ta, double tb, double t) {
  const double u = (t - ta) / (tb - ta);
  return {a.x + u * (b.x - a.x), a.y + u * (b.y - a.y)};
}

// The chords after p1 up to p2 of the curve through p0 p1 p2 p3, by the pyramid of Barry and Goldman.
void add_piece(Point p0, Point p1, Point p2, Point p3, int pieces, Stroke& out) {
  const double t1 = std::sqrt(distance(p0, p1)), t2 = t1 + std::sqrt(distance(p1, p2)),
               t3 = t2 + std::sqrt(distance(p2, p3));
  for (int i = 1; i < pieces; ++i) {
    const double t = t1 + (t2 - t1) * i / pieces;
    const Point a1 = between(p0, p1, 0, t1, t), a2 = between(p1, p2, t1, t2, t), a3 = between(p2, p3, t2, t3, t);
    const Point b1 = between(a1, a2, 0, t2, t), b2 = between(a2, a3, t1, t3, t);
    out.push_back(between(b1, b2, t1, t2, t));
  }
  out.push_back(p2);
}

Point mirrored(Point centre, Point p) {
  return {2 * centre.x - p.x, 2 * centre.y - p.y};
}

// No two neighbours equal.
void add_smooth(std::span<const Point> control, int pieces, Stroke& out) {
  const std::size_t n = control.size();
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const Point before = i > 0 ? control[i - 1] : mirrored(control[0], control[1]);
    const Point after = i + 2 < n ? control[i + 2] : mirrored(control[n - 1], control[n - 2]);
    add_piece(before, control[i], control[i + 1], after, pieces, out);
  }
}

}  // namespace

Affine Affine::rotation(double turns) {
  double sine, cosine;
  portable_sincos_turn(turns - std::floor(turns), sine, cosine);
  return {cosine, -sine, sine, cosine, 0, 0};
}

Affine then(const Affine& f, const Affine& s) {
  return {s.a * f.a + s.b * f.c, s.a * f.b + s.b * f.d,          s.c * f.a + s.d * f.c,
          s.c * f.b + s.d * f.d, s.a * f.tx + s.b * f.ty + s.tx, s.c * f.tx + s.d * f.ty + s.ty};
}

void apply(const Affine& map, Ink& ink) {
  for (Stroke& stroke : ink) {
    for (Point& p : stroke) p = map(p);
  }
}

Box bounding_box(const Ink& ink) {
  bool found = false;
  Box box;
  for (const Stroke& stroke : ink) {
    for (const Point& p : stroke) {
      if (!found) box = {p.x, p.y, p.x, p.y};
      found = true;
      box.x0 = std::min(box.x0, p.x), box.y0 = std::min(box.y0, p.y);
      box.x1 = std::max(box.x1, p.x), box.y1 = std::max(box.y1, p.y);
    }
  }
  if (!found) fail<DataError>("ink: a bounding box needs at least one point, found none");
  return box;
}

Stroke smooth_curve(std::span<const Point> control, int pieces) {
  Stroke out;
  if (control.empty()) return out;
  out.push_back(control[0]);
  for (std::size_t from = 0; from < control.size();) {
    std::size_t to = from + 1;
    while (to < control.size() && control[to] != control[to - 1]) ++to;
    add_smooth(control.subspan(from, to - from), pieces, out);
    from = to;
  }
  return out;
}

}  // namespace ganymede::ink
