#include "ink/prepare.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "ink/simplify.hpp"

namespace ganymede::ink {
namespace {

// Significances of the inner points of all strokes, largest first: each costs one move more.
std::vector<double> inner_significances(const Ink& ink) {
  std::vector<double> all;
  for (const Stroke& stroke : ink) {
    const std::vector<double> weights = significance(stroke);
    if (weights.size() > 2) all.insert(all.end(), weights.begin() + 1, weights.end() - 1);
  }
  std::sort(all.begin(), all.end(), std::greater<>());
  return all;
}

// Simplifies at the smallest tolerance >= least that fits the symbol into ten moves, and returns it; for a tolerance
// above `most` the ink is left alone.
double fit(Ink& ink, Simplification simplification, double least, double most) {
  const std::vector<double> weights = inner_significances(ink);
  const std::size_t room = static_cast<std::size_t>(kMoves) - (2 * ink.size() - 1);
  double tolerance = weights.size() > room ? std::max(least, weights[room]) : least;
  if (tolerance > most) return tolerance;
  if (simplification == Simplification::plain) {
    ink = without_repeats(simplified(ink, tolerance));
    return tolerance;
  }
  auto next = weights.rbegin();  // the tolerances at which the plain result changes
  while (tolerance <= most) {
    Ink candidate = without_repeats(simplified_consistently(ink, tolerance));
    if (count_moves(candidate) <= kMoves) {
      ink = std::move(candidate);
      return tolerance;
    }
    while (next != weights.rend() && *next <= tolerance) ++next;
    if (next == weights.rend()) break;
    tolerance = *next;
  }
  return std::max(tolerance, 2 * most);
}

}  // namespace

const char* name_of(Fate fate) {
  static constexpr const char* kNames[] = {"kept", "without extent", "more than 5 strokes", "too detailed"};
  return kNames[static_cast<int>(fate)];
}

Prepared prepare(const Ink& raw, const PrepareOptions& options) {
  Prepared out;
  Ink ink = without_repeats(raw);
  out.strokes = static_cast<int>(ink.size());
  const bool is_point = std::all_of(ink.begin(), ink.end(), [&](const Stroke& s) { return s == Stroke{ink[0][0]}; });
  if (is_point) {
    out.fate = Fate::no_extent;
  } else if (out.strokes > kMostStrokes) {
    out.fate = Fate::too_many_strokes;
  } else {
    ink = normalised(ink, options.range);
    const double side = side_of(options.range), most = options.most_tolerance * side;
    const double tolerance = fit(ink, options.simplification, options.tolerance * side, most);
    out.tolerance = tolerance / side;
    if (tolerance > most) {
      out.fate = Fate::too_detailed;
    } else {
      out.moves_used = count_moves(ink);
      out.moves = encode(ink, options.padding);
      out.simplified = std::move(ink);
    }
  }
  return out;
}

}  // namespace ganymede::ink
