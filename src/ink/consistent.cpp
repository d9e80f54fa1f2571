#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "ink/simplify.hpp"

namespace ganymede::ink {
namespace {

double turn(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool differ(double a, double b) {
  return (a > 0 && b < 0) || (a < 0 && b > 0);
}

bool cross(Point a, Point b, Point c, Point d) {
  return differ(turn(a, b, c), turn(a, b, d)) && differ(turn(c, d, a), turn(c, d, b));
}

// The ink between two kept points of a stroke, and the chord that stands for it.
struct Piece {
  const Stroke* stroke;
  std::vector<double>* weights;
  std::size_t from, to;

  Point start() const { return (*stroke)[from]; }
  Point end() const { return (*stroke)[to]; }
  // Keeps the most significant point inside; false if there is none.
  bool split(double tolerance) const {
    const auto begin = weights->begin() + static_cast<std::ptrdiff_t>(from) + 1;
    const auto finish = weights->begin() + static_cast<std::ptrdiff_t>(to);
    if (begin == finish) return false;
    const auto best = std::max_element(begin, finish);
    if (*best > tolerance) return true;  // another pair has split this piece already
    *best = std::numeric_limits<double>::infinity();
    return true;
  }
};

bool inks_cross(const Piece& a, const Piece& b) {
  for (std::size_t i = a.from; i < a.to; ++i) {
    for (std::size_t j = b.from; j < b.to; ++j) {
      if (cross((*a.stroke)[i], (*a.stroke)[i + 1], (*b.stroke)[j], (*b.stroke)[j + 1])) return true;
    }
  }
  return false;
}

std::vector<Piece> pieces_of(const Ink& ink, std::vector<std::vector<double>>& weights, double tolerance) {
  std::vector<Piece> pieces;
  for (std::size_t s = 0; s < ink.size(); ++s) {
    std::size_t from = 0;
    for (std::size_t i = 1; i < ink[s].size(); ++i) {
      if (weights[s][i] <= tolerance) continue;
      pieces.push_back({&ink[s], &weights[s], from, i});
      from = i;
    }
  }
  return pieces;
}

}  // namespace

int count_crossings(const Ink& ink) {
  int count = 0;
  std::vector<std::pair<Point, Point>> segments;
  for (const Stroke& stroke : ink) {
    for (std::size_t i = 1; i < stroke.size(); ++i) segments.emplace_back(stroke[i - 1], stroke[i]);
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    for (std::size_t j = i + 1; j < segments.size(); ++j) {
      count += cross(segments[i].first, segments[i].second, segments[j].first, segments[j].second);
    }
  }
  return count;
}

Ink simplified_consistently(const Ink& ink, double tolerance) {
  std::vector<std::vector<double>> weights;
  for (const Stroke& stroke : ink) weights.push_back(significance(stroke));
  for (bool changed = true; changed;) {
    changed = false;
    const std::vector<Piece> pieces = pieces_of(ink, weights, tolerance);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      for (std::size_t j = i + 1; j < pieces.size(); ++j) {
        const Piece &a = pieces[i], &b = pieces[j];
        if (!cross(a.start(), a.end(), b.start(), b.end()) || inks_cross(a, b)) continue;
        const bool split_a = a.split(tolerance), split_b = b.split(tolerance);
        changed = changed || split_a || split_b;
      }
    }
  }
  Ink out;
  for (std::size_t s = 0; s < ink.size(); ++s) {
    out.emplace_back();
    for (std::size_t i = 0; i < ink[s].size(); ++i) {
      if (weights[s][i] > tolerance) out.back().push_back(ink[s][i]);
    }
  }
  return out;
}

}  // namespace ganymede::ink
