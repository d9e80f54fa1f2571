#include "ink/moves.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"

namespace ganymede::ink {
namespace {

Move move_between(Point a, Point b, float pen) {
  return {static_cast<float>(b.x - a.x), static_cast<float>(b.y - a.y), pen};
}

bool is_down(const Move& move) {
  return move.pen > kPenLevel;
}

// Halves the longest move on the paper; false if all are dots.
bool halve_longest(std::vector<Move>& moves) {
  auto longest = moves.end();
  double most = 0;
  for (auto it = moves.begin(); it != moves.end(); ++it) {
    const double dx = it->dx, dy = it->dy, length = dx * dx + dy * dy;
    if (is_down(*it) && length > most) most = length, longest = it;
  }
  if (longest == moves.end()) return false;
  longest->dx /= 2, longest->dy /= 2;
  const Move half = *longest;
  moves.insert(longest, half);
  return true;
}

}  // namespace

int count_moves(const Ink& ink) {
  int count = static_cast<int>(ink.size()) - 1;
  for (const Stroke& stroke : ink) count += std::max(1, static_cast<int>(stroke.size()) - 1);
  return count;
}

Moves encode(const Ink& ink, Padding padding) {
  if (ink.empty() || count_moves(ink) > kMoves) {
    fail<DataError>("ink: wanted a symbol of 1 to {} moves, found {} strokes that need {}", kMoves, ink.size(),
                    ink.empty() ? 0 : count_moves(ink));
  }
  std::vector<Move> moves;
  for (std::size_t s = 0; s < ink.size(); ++s) {
    const Stroke& stroke = ink[s];
    if (stroke.empty()) fail<DataError>("ink: stroke {} of a symbol is empty", s + 1);
    if (s > 0) moves.push_back(move_between(ink[s - 1].back(), stroke.front(), 0));
    if (stroke.size() == 1) moves.push_back({0, 0, 1});
    for (std::size_t i = 1; i < stroke.size(); ++i) moves.push_back(move_between(stroke[i - 1], stroke[i], 1));
  }
  while (padding == Padding::subdivide && moves.size() < kMoves && halve_longest(moves)) {
  }
  Moves out{};
  std::copy(moves.begin(), moves.end(), out.begin());
  return out;
}

Ink decode(std::span<const Move> moves, Point start) {
  Ink ink;
  bool drawing = false;
  Point at = start;
  for (const Move& move : moves) {
    const Point to{at.x + static_cast<double>(move.dx), at.y + static_cast<double>(move.dy)};
    if (is_down(move)) {
      if (!drawing) ink.push_back({at});
      if (to != at) ink.back().push_back(to);
    }
    drawing = is_down(move);
    at = to;
  }
  return ink;
}

Moves moves_of(std::span<const float> values) {
  if (values.size() != kMoves * kMoveValues) {
    fail<ShapeError>("ink: wanted {} values of a symbol, found {}", kMoves * kMoveValues, values.size());
  }
  Moves moves;
  for (std::size_t i = 0; i < moves.size(); ++i) moves[i] = {values[3 * i], values[3 * i + 1], values[3 * i + 2]};
  return moves;
}

int used_moves(std::span<const Move> moves) {
  std::size_t used = moves.size();
  while (used > 0 && !is_down(moves[used - 1])) --used;
  return static_cast<int>(used);
}

Moves with_noise(const Moves& moves, double sigma, double limit, RandomSequence& random) {
  Moves out = moves;
  const auto noisy = [&](float value) {
    return static_cast<float>(std::clamp(static_cast<double>(value) + sigma * random.normal(), -limit, limit));
  };
  for (int i = 0; i < used_moves(moves); ++i) {
    out[i].dx = noisy(moves[i].dx);
    out[i].dy = noisy(moves[i].dy);
  }
  return out;
}

}  // namespace ganymede::ink
