#pragma once

#include <string_view>

#include "picture/image.hpp"

namespace ganymede::picture {

// A small sans-serif font drawn with the round pen, anti-aliased, for printable ASCII and C, S, Z with caron (text
// is UTF-8); any other character shows as a box.
// `size` is the height of capitals in pixels (a line takes about 1.7 of it); 9 is right for labels, 7 the smallest that
// reads well.

enum class Align { left, centre, right };

/// Width in pixels that `text` takes.
int text_width(std::string_view text, double size, bool bold = false);

/// Draws one line with its baseline at y (the pixel row on which letters stand) and its left end, centre or right end
/// at x.
void draw_text(Image& image, double x, double y, std::string_view text, double size, Colour colour,
               Align align = Align::left, bool bold = false);

/// The same turned a quarter to the left (reading upwards); x is the baseline, y the bottom end, centre or top end.
void draw_text_upwards(Image& image, double x, double y, std::string_view text, double size, Colour colour,
                       Align align = Align::left, bool bold = false);

}  // namespace ganymede::picture
