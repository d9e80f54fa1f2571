#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/ink/letter_sizes.hpp"
#include "data/places.hpp"
#include "explore/handwriting/text.hpp"
#include "explore/trained_generator.hpp"
#include "ink/line_layout.hpp"
#include "picture/canvas.hpp"

namespace ganymede::explore {

// A text written in the hand of a trained ink model: letters drawn by G, laid out on lines.

struct HandOptions {
  std::uint64_t seed = 0;
  /// How far each letter's z is on the way from the hand's (that of `seed`) to one of its own: 0, every A is the same
  /// one; 1, letters have nothing in common.
  double variation = 0.35;
};

/// The letters that a run can write, by class. @throws ConfigError where it draws no ink, or takes no class
std::vector<std::string> letters_of(const TrainedGenerator& generator);

/// Letter i of class k is drawn at the point a share `variation` along the way from z of sample `seed` of class k to z
/// of sample `seed` + 1 + i of class k: on the great circle (latent::slerp) where z is N(0, I) whatever the class, else
/// on the straight line, which stays in a class's cell. Codes at the end of z are those of the hand.
std::vector<ink::Ink> draw_letters(TrainedGenerator& generator, std::span<const int> labels,
                                   const HandOptions& options);

/// How letters stand on the line, by class, and who knows it.
struct HandSizes {
  std::vector<std::optional<data::LetterSize>> of;  ///< none: usual_size
  std::string from;                                 ///< the set that they were measured in; "usual" where in none
};
/// As the set of ink of one's own that a run was trained on has it; none of the sets that have no lines, or are gone.
/// @throws DataError for a damaged file
HandSizes sizes_of(const run::Recipe& recipe, std::span<const std::string> names,
                   const std::vector<data::SearchPlace>& places);

/// How a letter of this name and these strokes stands on the line where nobody knows (LetterSize): between the usual
/// lines of Latin letters, capitals, digits and everything else from the top line to the baseline; it reaches them
/// unless it would become wider than 1.4 times that height.
data::LetterSize usual_size(const std::string& name, const ink::Ink& ink);

/// The pieces of a text as lines are made of them.
std::vector<ink::LinePiece> line_pieces(TrainedGenerator& generator, const HandText& text, const HandSizes& sizes,
                                        const HandOptions& options);

struct WritingStyle {
  double pen = 0;        ///< its width in pixels; 0: a tenth of a capital
  bool smooth = true;    ///< curves through the moves' ends, corners kept; false: the moves as they are
  bool colours = false;  ///< strokes in the colours of S-INK I6; false: all in one ink
};
/// Draws the lines of writing on white.
void draw_lines(picture::Canvas& canvas, const ink::Lines& lines, double capital, const WritingStyle& style);

}  // namespace ganymede::explore
