#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ink/stroke.hpp"

namespace ganymede::ink {

/// What a line of writing is made of.
struct LinePiece {
  enum class Kind { letter, space, new_line };
  Kind kind = Kind::space;
  Ink ink{};          ///< of a letter, in any unit; at least one point
  double longer = 1;  ///< of a letter: the longer side of its box in capitals
  double drop = 0;    ///< of a letter: how far its box hangs below the baseline, in capitals
};

/// All but `capital` and `width` in heights of a capital.
struct LineStyle {
  double capital = 48;  ///< height of a capital in pixels
  double width = 0;     ///< of the page in pixels, margins included; 0: as wide as the longest line
  double gap = 0.2;     ///< between the boxes of two letters
  double space = 0.6;   ///< added by a space
  double pitch = 1.9;   ///< from baseline to baseline
  double margin = 0.4;  ///< on all four sides
};

struct PlacedLetter {
  std::size_t piece = 0;  ///< among those that were laid out
  int line = 0;
  Box box;  ///< in pixels
  Ink ink;  ///< in pixels
};

/// A page of writing in pixels, x right, y down.
struct Lines {
  std::vector<PlacedLetter> letters;
  std::vector<double> baselines;  ///< y of each line
  double width = 0, height = 0;
};

/// Letters from left to right on baselines. A letter's box is scaled until its longer side is `longer` capitals (one
/// without extent stays a point), its lower edge lies `drop` capitals below the baseline, and the next letter's box
/// begins `gap` capitals behind its right edge; a space adds `space` capitals.
///
/// With a width, a word (letters without a space between) that would reach into the right margin begins a new line, and
/// the spaces before it are dropped; a word wider than the whole line is cut where it is full. The first baseline lies
/// so that the highest letter of the first line, or a capital, touches the margin; below the last line is room for its
/// lowest letter.
Lines lay_out(std::span<const LinePiece> pieces, const LineStyle& style);

}  // namespace ganymede::ink
