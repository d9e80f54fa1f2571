#pragma once

#include <string_view>
#include <vector>

namespace ganymede::picture {

inline constexpr double kCapitalHeight = 14;  ///< in the font's units
inline constexpr double kSmallHeight = 10;    ///< of x
inline constexpr double kDescent = 4;         ///< of p below the baseline

struct GlyphPoint {
  double x = 0, y = 0;  ///< x right from the glyph's left edge, y up from the baseline
};

/// A letter as polylines in the font's units.
struct Glyph {
  double width = 0;
  std::vector<std::vector<GlyphPoint>> strokes;
};

/// The glyph of a printable ASCII character or of a C, S or Z with caron; a box for any other code point.
const Glyph& glyph_of(char32_t ch);

/// Takes the next code point off the front of UTF-8 text that is not empty; a byte that is none of UTF-8's is U+FFFD.
char32_t take_character(std::string_view& text);

}  // namespace ganymede::picture
