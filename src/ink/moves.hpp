#pragma once

#include <array>
#include <span>

#include "base/philox.hpp"
#include "ink/stroke.hpp"

namespace ganymede::ink {

inline constexpr int kMoves = 10;         ///< T: moves of a symbol
inline constexpr int kMoveValues = 3;     ///< F: dx, dy, pen
inline constexpr int kMostStrokes = 5;    ///< more need more than ten moves: 6 strokes and 5 lifts
inline constexpr float kPenLevel = 0.5f;  ///< pen > 0.5: on the paper

/// One vector of S-INK I2: how far the pen goes, and whether it is on the paper (1) or lifted (0) meanwhile.
struct Move {
  float dx = 0, dy = 0, pen = 0;
  friend bool operator==(const Move&, const Move&) = default;
};
/// A symbol as the networks see it, f32 [T, F] = [10, 3] in memory.
using Moves = std::array<Move, kMoves>;
static_assert(sizeof(Moves) == sizeof(float) * kMoves * kMoveValues);

/// What stands after the last move of a symbol that needs fewer than ten: `still`, moves (0, 0, 0) that draw nothing;
/// or `subdivide`, no padding at all: the longest move on the paper is halved until there are ten (a symbol of dots
/// alone, which has none, is padded).
enum class Padding { still, subdivide };

/// Moves that a symbol needs: one a segment, one (0, 0, 1) for a stroke of a single point, one between two strokes.
int count_moves(const Ink& ink);

/// The moves of a symbol of 1 to 5 strokes, none empty; where it starts is not coded.
/// @throws DataError if it needs more than ten or has no stroke.
Moves encode(const Ink& ink, Padding padding = Padding::still);

/// The strokes that moves draw from `start` on. A move on the paper of no length draws a dot where a stroke begins and
/// nothing elsewhere; of a halved move both halves come back. For an ink without repeated points, decode(encode(ink),
/// ink[0][0]) is the ink itself, up to f32.
Ink decode(std::span<const Move> moves, Point start = {});

/// The moves of f32 [T, F] values in memory.
Moves moves_of(std::span<const float> values);

/// Moves in use: up to the last that is on the paper.
int used_moves(std::span<const Move> moves);

/// A noisy copy (S-INK I3): dx and dy of every move in use get N(0, sigma^2); pen bits and padding stay, so that the
/// copy is the code of a symbol too. Clamped to [-limit, limit], the range that a symbol's moves can have.
Moves with_noise(const Moves& moves, double sigma, double limit, RandomSequence& random);

}  // namespace ganymede::ink
