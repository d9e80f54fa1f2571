#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ganymede::explore {

/// Whether letters are looked for as they stand, or changed: all to capitals, all to small ones, or into the other case
/// where the hand lacks them as they stand.
enum class LetterCase { as_is, upper, lower, either };

/// A piece of a text to be written: a letter of a hand, or what lies between letters.
struct TextPiece {
  static constexpr int kSpace = -1, kNewLine = -2;
  int label = kSpace;    ///< the class of a letter
  std::string letter{};  ///< as it stands in the text
};

struct HandText {
  std::vector<TextPiece> pieces;
  std::vector<std::string> unknown;  ///< letters that the hand lacks, each once, in their order; no pieces
};

/// The pieces of a text in UTF-8 for a hand that knows letters of these names. Each character is a letter, blanks and
/// tabs are spaces, line feeds begin a line (a carriage return is passed over); "{name}" is the letter of that name,
/// whatever its length, if there is one. A hand may know the blank as a letter.
/// @throws ConfigError for bytes that are no UTF-8
HandText read_text(std::string_view text, std::span<const std::string> names, LetterCase letter_case);

/// A character (UTF-8) in the other case, of ASCII, Latin-1 and Latin Extended-A ("š" -> "Š"), Greek and Cyrillic
/// without further marks; any other one as it is.
std::string upper_case_letter(std::string_view character);
std::string lower_case_letter(std::string_view character);

}  // namespace ganymede::explore
