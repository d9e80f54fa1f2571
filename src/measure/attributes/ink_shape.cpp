#include "measure/attributes/ink_shape.hpp"

#include <algorithm>
#include <cmath>

namespace ganymede::measure {
namespace {

// Calls act(a, b, length) for every straight piece.
template <class Act>
void each_piece(const ink::Ink& ink, const Act& act) {
  for (const ink::Stroke& stroke : ink) {
    for (std::size_t i = 1; i < stroke.size(); ++i)
      act(stroke[i - 1], stroke[i], std::hypot(stroke[i].x - stroke[i - 1].x, stroke[i].y - stroke[i - 1].y));
  }
}

ink::Box box_of(const ink::Ink& ink) {
  const bool any = std::ranges::any_of(ink, [](const ink::Stroke& stroke) { return !stroke.empty(); });
  return any ? ink::bounding_box(ink) : ink::Box{};
}

}  // namespace

double ink_strokes(const ink::Ink& ink) {
  return static_cast<double>(std::ranges::count_if(ink, [](const ink::Stroke& stroke) { return !stroke.empty(); }));
}

double ink_length(const ink::Ink& ink) {
  double sum = 0;
  each_piece(ink, [&](const ink::Point&, const ink::Point&, double length) { sum += length; });
  return sum;
}

double ink_slant(const ink::Ink& ink) {
  double length = 0, x = 0, y = 0;
  each_piece(ink, [&](const ink::Point& a, const ink::Point& b, double l) {
    length += l;
    x += l * (a.x + b.x) / 2;
    y += l * (a.y + b.y) / 2;
  });
  if (!(length > 0)) return 0;
  x /= length;
  y /= length;
  // Along a straight piece from a to b, about the mean, the integral of u v is
  // l (2 ua va + 2 ub vb + ua vb + ub va) / 6.
  double xy = 0, yy = 0;
  each_piece(ink, [&](const ink::Point& a, const ink::Point& b, double l) {
    const double ax = a.x - x, ay = a.y - y, bx = b.x - x, by = b.y - y;
    xy += l * (2 * ax * ay + 2 * bx * by + ax * by + bx * ay) / 6;
    yy += l * (ay * ay + by * by + ay * by) / 3;
  });
  return yy > 0 ? -xy / yy : 0;
}

double ink_width(const ink::Ink& ink) {
  return box_of(ink).width();
}

double ink_height(const ink::Ink& ink) {
  return box_of(ink).height();
}

double ink_size(const ink::Ink& ink) {
  const ink::Box box = box_of(ink);
  return std::max(box.width(), box.height());
}

}  // namespace ganymede::measure
