#include "ink/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ganymede::ink {
namespace {

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  double t = 0;
  if (length2 > 0) t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
  const double ex = p.x - (a.x + t * dx), ey = p.y - (a.y + t * dy);
  return std::sqrt(ex * ex + ey * ey);
}

}  // namespace

std::vector<double> significance(const Stroke& stroke) {
  std::vector<double> out(stroke.size(), 0);
  if (stroke.empty()) return out;
  out.front() = out.back() = std::numeric_limits<double>::infinity();
  struct Chord {
    std::size_t from, to;
    double ceiling;
  };
  std::vector<Chord> chords{{0, stroke.size() - 1, std::numeric_limits<double>::infinity()}};
  while (!chords.empty()) {
    const Chord chord = chords.back();
    chords.pop_back();
    if (chord.to < chord.from + 2) continue;
    std::size_t farthest = chord.from + 1;
    double most = -1;
    for (std::size_t i = chord.from + 1; i < chord.to; ++i) {
      const double distance = distance_to_segment(stroke[i], stroke[chord.from], stroke[chord.to]);
      if (distance > most) most = distance, farthest = i;
    }
    out[farthest] = std::min(chord.ceiling, most);
    chords.push_back({chord.from, farthest, out[farthest]});
    chords.push_back({farthest, chord.to, out[farthest]});
  }
  return out;
}

Stroke simplified(const Stroke& stroke, double tolerance) {
  const std::vector<double> weights = significance(stroke);
  Stroke out;
  for (std::size_t i = 0; i < stroke.size(); ++i) {
    if (weights[i] > tolerance) out.push_back(stroke[i]);
  }
  return out;
}

Ink simplified(const Ink& ink, double tolerance) {
  Ink out;
  for (const Stroke& stroke : ink) out.push_back(simplified(stroke, tolerance));
  return out;
}

}  // namespace ganymede::ink
