#pragma once

#include "ink/stroke.hpp"

namespace ganymede::measure {

// Measures of a symbol of ink, in the unit of its points; y runs down. Pen lifts count for nothing, and a symbol
// without points has 0 of all.

/// Strokes that have a point.
double ink_strokes(const ink::Ink& ink);
/// Length of the strokes together.
double ink_length(const ink::Ink& ink);
/// How far the ink leans to the right a unit upwards: -mu_xy / mu_yy, moments along the strokes (each piece a straight
/// one, by its closed form). A straight line that leans by 0.5 has 0.5.
double ink_slant(const ink::Ink& ink);
/// Sides of the box that holds all points, and the longer one.
double ink_width(const ink::Ink& ink);
double ink_height(const ink::Ink& ink);
double ink_size(const ink::Ink& ink);

}  // namespace ganymede::measure
