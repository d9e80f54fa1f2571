#pragma once

#include "ink/stroke.hpp"

namespace ganymede::ink {

/// Where a stroke turns by more than 80 degrees it has a corner; cos 80 degrees.
inline constexpr double kCornerCosine = 0.17364817766693033;

/// The strokes as curves through their points (smooth_curve, `pieces` chords between neighbours), with their corners
/// kept: what a hand would have drawn of which simplification left some points. Points equal to their predecessor are
/// left out.
Ink smoothed(const Ink& ink, int pieces = 8);

}  // namespace ganymede::ink
