#pragma once

#include "base/philox.hpp"
#include "ink/stroke.hpp"

namespace ganymede::data {

/// The strokes of an upper case letter 'A' .. 'Z', in the manner of draw_digit_template: habits in the number, order
/// and direction of strokes (one stroke or several, round or pointed, serifs or none) with proportions at random.
ink::Ink draw_letter_template(char letter, RandomSequence& random);

}  // namespace ganymede::data
