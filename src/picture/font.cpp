#include "picture/font.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "picture/font_glyphs.hpp"
#include "picture/pen.hpp"

namespace ganymede::picture {
namespace {

constexpr double kGap = 3.6, kBoldGap = 3.8;   // between letters, in the font's units
constexpr double kPen = 1.55, kBoldPen = 2.5;  // in the same
constexpr double kThinnest = 1.05;             // of a pen, in pixels

double gap_of(bool bold) {
  return bold ? kBoldGap : kGap;
}

// Lengths in pixels, fitted to the pixel grid: letters stand on whole pixels and their tops and sides fall on such.
class Fit {
 public:
  explicit Fit(double size) : scale_(size / kCapitalHeight) {}

  double width(double units) const { return std::round(units * scale_); }
  double x(double units, double glyph_width) const {
    return glyph_width > 0 ? units * width(glyph_width) / glyph_width : units * scale_;
  }
  double y(double units) const {
    static constexpr double kMarks[] = {-kDescent, 0, kSmallHeight, kCapitalHeight};
    int i = 0;
    while (i < 2 && units > kMarks[i + 1]) ++i;
    const double low = std::round(kMarks[i] * scale_), high = std::round(kMarks[i + 1] * scale_);
    return low + (units - kMarks[i]) * (high - low) / (kMarks[i + 1] - kMarks[i]);
  }
  double pen(bool bold) const { return std::max((bold ? kBoldPen : kPen) * scale_, kThinnest); }
  double advance(const Glyph& glyph, bool bold) const { return width(glyph.width) + std::round(gap_of(bold) * scale_); }

 private:
  double scale_;
};

double start_of(double at, std::string_view text, double size, bool bold, Align align) {
  const int width = text_width(text, size, bold);
  return std::round(at - (align == Align::left ? 0 : align == Align::centre ? width / 2.0 : width));
}

// Draws one letter; place(x, y) maps pixels right of its left edge and above the baseline to the image.
template <class Place>
void draw_glyph(Image& image, const Glyph& glyph, const Fit& fit, bool bold, Colour colour, Place place) {
  const double pen = fit.pen(bold);
  double x0 = 1e9, x1 = -1e9, y0 = 1e9, y1 = -1e9;
  std::vector<std::vector<PenPoint>> strokes;
  for (const auto& stroke : glyph.strokes) {
    strokes.emplace_back();
    for (const GlyphPoint& p : stroke) {
      const PenPoint at = place(fit.x(p.x, glyph.width), fit.y(p.y), pen);
      strokes.back().push_back(at);
      x0 = std::min(x0, at.x), x1 = std::max(x1, at.x), y0 = std::min(y0, at.y), y1 = std::max(y1, at.y);
    }
  }
  if (strokes.empty()) return;
  const int left = static_cast<int>(std::floor(x0 - pen)), top = static_cast<int>(std::floor(y0 - pen));
  Coverage coverage(static_cast<int>(std::ceil(y1 + pen)) - top + 1, static_cast<int>(std::ceil(x1 + pen)) - left + 1);
  for (auto& stroke : strokes) {
    for (PenPoint& p : stroke) p.x -= left, p.y -= top;
    draw_polyline(coverage, stroke);
  }
  blend(image, coverage, top, left, colour);
}

}  // namespace

int text_width(std::string_view text, double size, bool bold) {
  const Fit fit(size);
  double width = 0;
  const bool empty = text.empty();
  while (!text.empty()) width += fit.advance(glyph_of(take_character(text)), bold);
  return empty ? 0 : static_cast<int>(width - fit.width(gap_of(bold)) + 1);
}

void draw_text(Image& image, double x, double y, std::string_view text, double size, Colour colour, Align align,
               bool bold) {
  const Fit fit(size);
  double at = start_of(x, text, size, bold, align);
  const double base = std::round(y);
  while (!text.empty()) {
    const Glyph& glyph = glyph_of(take_character(text));
    draw_glyph(image, glyph, fit, bold, colour, [&](double right, double up, double pen) {
      return PenPoint{at + right, base - up, pen};
    });
    at += fit.advance(glyph, bold);
  }
}

void draw_text_upwards(Image& image, double x, double y, std::string_view text, double size, Colour colour, Align align,
                       bool bold) {
  const Fit fit(size);
  double at = start_of(-y, text, size, bold, align);
  const double base = std::round(x);
  while (!text.empty()) {
    const Glyph& glyph = glyph_of(take_character(text));
    draw_glyph(image, glyph, fit, bold, colour, [&](double right, double up, double pen) {
      return PenPoint{base - up, -(at + right), pen};
    });
    at += fit.advance(glyph, bold);
  }
}

}  // namespace ganymede::picture
