#pragma once

#include "ink/moves.hpp"
#include "ink/normalise.hpp"
#include "ink/stroke.hpp"

namespace ganymede::ink {

enum class Simplification { plain, consistent };

/// The choices that S-INK I2 leaves open. Tolerances are shares of the longer side of the symbol's box.
struct PrepareOptions {
  Range range = Range::unit;
  Simplification simplification = Simplification::plain;
  Padding padding = Padding::still;
  double tolerance = 0.03;      ///< of Douglas-Peucker, where ten moves are enough for it
  double most_tolerance = 0.2;  ///< a symbol that needs more than this to fit ten moves is dropped
};

/// What became of a symbol.
enum class Fate { kept, no_extent, too_many_strokes, too_detailed };
/// "kept", "without extent", ...
const char* name_of(Fate fate);

struct Prepared {
  Fate fate = Fate::kept;
  int strokes = 0;       ///< pen-down strokes of the symbol
  double tolerance = 0;  ///< that was used; that would be needed, if too detailed
  int moves_used = 0;    ///< without padding; 0 if dropped
  Ink simplified;        ///< normalised, simplified; empty if dropped
  Moves moves{};         ///< encode(simplified)
};

/// S-INK I2 in its order: normalisation by the longer side, Douglas-Peucker of each stroke at the smallest tolerance
/// not below options.tolerance with which the symbol needs at most ten moves (found exactly, from the significance of
/// the points), ten vectors. Dropped are a symbol of one point, one of more than five strokes, and one that does not
/// fit at options.most_tolerance. An ink without points counts as one without extent.
Prepared prepare(const Ink& ink, const PrepareOptions& options = {});

}  // namespace ganymede::ink
