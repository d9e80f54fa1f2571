#pragma once

#include "base/philox.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

/// The strokes of a digit 0 .. 9 as a hand might lay them out: one of the class's habits (flag or none, loop or corner,
/// open or closed ...) with its proportions drawn at random. Control points for `ink::smooth_curve`, x about 0 .. 0.6
/// to the right, y 0 .. 1 down; a point given twice is a corner.
ink::Ink draw_digit_template(int digit, RandomSequence& random);

}  // namespace ganymede::data
