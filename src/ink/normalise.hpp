#pragma once

#include "ink/stroke.hpp"

namespace ganymede::ink {

/// Where min-max normalisation puts the longer side of the bounding box: [0, 1] or [-1, 1].
enum class Range { unit, symmetric };

/// Length of the longer side after normalisation: 1 or 2.
double side_of(Range range);

/// Without empty strokes and without points equal to their predecessor.
Ink without_repeats(const Ink& ink);

/// Min-max normalisation by the longer side of the bounding box (S-INK I2, first step): x' = low + (x - x0) side / L
/// and the same for y, L = max(width, height), so that the aspect ratio stays and the box's top left corner lies at
/// (low, low).
/// @throws DataError if there is no point or L is 0.
Ink normalised(const Ink& ink, Range range = Range::unit);

}  // namespace ganymede::ink
