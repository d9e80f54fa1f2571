#pragma once

#include <vector>

#include "ink/stroke.hpp"

namespace ganymede::ink {

/// The largest tolerance below which Douglas-Peucker keeps each point: infinite for both ends, else the smallest of the
/// distances at which the point and the splits above it were made. What a tolerance keeps are the points whose
/// significance is above it, so one pass answers every tolerance, and a larger one never keeps more.
/// Douglas, Peucker 1973, "Algorithms for the reduction of the number of points required to represent a digitized
/// line"; distances are to the chord as a segment, which also serves closed strokes.
std::vector<double> significance(const Stroke& stroke);

/// Douglas-Peucker: every left-out point is within `tolerance` >= 0 of the polyline.
Stroke simplified(const Stroke& stroke, double tolerance);

/// Douglas-Peucker of every stroke.
Ink simplified(const Ink& ink, double tolerance);

/// The same without new crossings, within a stroke or between strokes: where two chords cross though the pieces of ink
/// that they stand for do not, both are split at their most significant point, until none is left.
/// After Saalfeld 1999, "Topologically consistent line simplification with the Douglas-Peucker algorithm", with a
/// direct test of crossings in place of his convex hulls.
Ink simplified_consistently(const Ink& ink, double tolerance);

/// Pairs of segments, of one stroke or of two, that cross in the inside of both.
int count_crossings(const Ink& ink);

}  // namespace ganymede::ink
