#include "picture/font_glyphs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/text.hpp"

namespace ganymede::picture {
namespace {

struct Letter {
  double width;
  const char* strokes;  // strokes split by |, points "x,y" by spaces; "x,y*" is the control point of an arc between its
                        // neighbours
};

// From the space to the tilde.
constexpr Letter kLetters[] = {
    {3, ""},
    {0, "0,14 0,4.5|0,0 0,0.4"},
    {3.2, "0,14 0,10|3.2,14 3.2,10"},
    {9.4, "2.2,0 4,14|6.2,0 8,14|0.6,9.5 9.4,9.5|0,4.5 8.8,4.5"},
    {9, "8.5,11.3 8,14* 4.5,14 0.5,14* 0.5,10.6 0.5,8.3* 4,7.4 9,6.2* 9,3.6 9,0* 4.5,0 0.5,0* 0,3.2|4.5,16 4.5,-2"},
    {12,
     "10,14 2,0|2.5,14 0,14* 0,10.7 0,7.4* 2.5,7.4 5,7.4* 5,10.7 5,14* 2.5,14|9.5,6.6 7,6.6* 7,3.3 7,0* 9.5,0 12,0* "
     "12,3.3 12,6.6* "
     "9.5,6.6"},
    {10, "10,0 2.2,9.2 1,10.8* 1,11.6 1,14* 4,14 6.8,14* 6.8,11.2 6.8,9.2* 3.6,7.4 0,5.6* 0,3.2 0,0* 4,0 8,0* 9.4,6"},
    {0, "0,14 0,10"},
    {3, "3,16 0,12* 0,6.5 0,1* 3,-3"},
    {3, "0,16 3,12* 3,6.5 3,1* 0,-3"},
    {6, "3,14 3,7.5|0.2,12.4 5.8,9.1|5.8,12.4 0.2,9.1"},
    {9, "4.5,2 4.5,11|0,6.5 9,6.5"},
    {1, "0.8,0.6 0,-3"},
    {5, "0,6 5,6"},
    {0, "0,0 0,0.4"},
    {6, "0,-1.5 6,15"},
    {8, "4,14 0,14* 0,7 0,0* 4,0 8,0* 8,7 8,14* 4,14"},
    {8, "1.2,11.3 4.6,14 4.6,0"},
    {8, "0.3,10.6 0.3,14* 4,14 7.7,14* 7.7,10.5 7.7,8.2* 5,5.4 0,0 8,0"},
    {8, "0.4,11.4 0.8,14* 4,14 7.5,14* 7.5,10.7 7.5,7.5* 3.6,7.5 2.6,7.5|3.6,7.5 8,7.5* 8,3.8 8,0* 4,0 0.4,0* 0,3"},
    {8, "6,0 6,14 0,4.2 8,4.2"},
    {8, "7.2,14 1.2,14 0.6,7.4 2,8.8* 4,8.8 8,8.8* 8,4.4 8,0* 3.9,0 0.5,0* 0,2.8"},
    {8, "7.2,11.8 6.5,14* 4.4,14 0,14* 0,6 0,4.4 0,0* 4,0 8,0* 8,4.4 8,8.6* 4,8.6 0,8.6* 0,4.5"},
    {8, "0,14 8,14 2.8,0"},
    {8,
     "4,7.6 0.5,7.6* 0.5,10.8 0.5,14* 4,14 7.5,14* 7.5,10.8 7.5,7.6* 4,7.6 0,7.6* 0,3.8 0,0* 4,0 8,0* 8,3.8 8,7.6* "
     "4,7.6"},
    {8, "0.8,2.2 1.5,0* 3.6,0 8,0* 8,8 8,9.6 8,14* 4,14 0,14* 0,9.6 0,5.4* 4,5.4 8,5.4* 8,9.5"},
    {0, "0,0 0,0.4|0,8.6 0,9"},
    {1, "0.8,0.6 0,-3|0.8,8.6 0.8,9"},
    {8, "8,11 0,6.5 8,2"},
    {9, "0,9 9,9|0,4.5 9,4.5"},
    {8, "0,11 8,6.5 0,2"},
    {7, "0.2,11 0.5,14* 3.5,14 7,14* 7,10.8 7,8.6* 5,7.2 3.4,6* 3.4,4.2|3.4,0 3.4,0.4"},
    {14,
     "9.8,6.5 9.8,10* 7,10 4,10* 4,6.5 4,3* 6.8,3 9.8,3* 9.8,6.5|9.8,10 9.8,5 9.8,3* 11.6,3 14,3* 14,7 14,14* 7,14 "
     "0,14* 0,5.5 0,-3* "
     "7,-3 9.5,-3* 11.5,-1.8"},
    {10, "0,0 5,14 10,0|1.8,5 8.2,5"},
    {9, "0,0 0,14 5,14 8.5,14* 8.5,10.7 8.5,7.5* 5,7.5 0,7.5|5,7.5 9,7.5* 9,3.75 9,0* 5,0 0,0"},
    {10, "10,11 8.7,14* 5.5,14 0,14* 0,7 0,0* 5.5,0 8.7,0* 10,3"},
    {10, "0,0 0,14 4,14 10,14* 10,7 10,0* 4,0 0,0"},
    {8, "8,14 0,14 0,0 8,0|0,7.5 7,7.5"},
    {8, "8,14 0,14 0,0|0,7.5 7,7.5"},
    {10, "9.7,11.2 8.5,14* 5.3,14 0,14* 0,7 0,0* 5.5,0 8.2,0* 10,1.8 10,6.5 6,6.5"},
    {9.5, "0,0 0,14|9.5,0 9.5,14|0,7.5 9.5,7.5"},
    {0, "0,0 0,14"},
    {6, "6,14 6,4 6,0* 3,0 0,0* 0,3.5"},
    {9, "0,0 0,14|9,14 0,5.5|3.2,8.5 9,0"},
    {7.5, "0,14 0,0 7.5,0"},
    {12, "0,0 0,14 6,3 12,14 12,0"},
    {10, "0,0 0,14 10,0 10,14"},
    {11, "5.5,14 0,14* 0,7 0,0* 5.5,0 11,0* 11,7 11,14* 5.5,14"},
    {9, "0,0 0,14 5,14 9,14* 9,10.3 9,6.5* 5,6.5 0,6.5"},
    {11, "5.5,14 0,14* 0,7 0,0* 5.5,0 11,0* 11,7 11,14* 5.5,14|7,3.5 11,-1.2"},
    {9, "0,0 0,14 5,14 9,14* 9,10.5 9,7* 5,7 0,7|5,7 9,0"},
    {9, "8.5,11.3 8,14* 4.5,14 0.5,14* 0.5,10.6 0.5,8.3* 4,7.4 9,6.2* 9,3.6 9,0* 4.5,0 0.5,0* 0,3.2"},
    {10, "0,14 10,14|5,14 5,0"},
    {9.5, "0,14 0,5 0,0* 4.75,0 9.5,0* 9.5,5 9.5,14"},
    {10, "0,14 5,0 10,14"},
    {14, "0,14 3.5,0 7,13 10.5,0 14,14"},
    {9.5, "0,14 9.5,0|9.5,14 0,0"},
    {10, "0,14 5,7 10,14|5,7 5,0"},
    {9, "0,14 9,14 0,0 9,0"},
    {3, "3,16 0,16 0,-3 3,-3"},
    {6, "0,15 6,-1.5"},
    {3, "0,16 3,16 3,-3 0,-3"},
    {7, "0,9 3.5,14 7,9"},
    {9, "0,-3 9,-3"},
    {2, "0,14.5 2,12"},
    {7.3, "0.6,7.8 1.2,10* 4,10 7.3,10* 7.3,6.8 7.3,0|7.3,5.8 4,5.8 0,5.6* 0,2.8 0,0* 3.2,0 6,0* 7.3,2.5"},
    {8, "0,14.5 0,0|0,5 0,10* 4.1,10 8,10* 8,5 8,0* 4.1,0 0,0* 0,5"},
    {7.2, "7.2,7.8 6.5,10* 4,10 0,10* 0,5 0,0* 4,0 6.5,0* 7.2,2.2"},
    {8, "8,14.5 8,0|8,5 8,10* 3.9,10 0,10* 0,5 0,0* 3.9,0 8,0* 8,5"},
    {7.8, "0,5.2 7.8,5.2 7.8,10* 4,10 0,10* 0,5 0,0* 4,0 6.6,0* 7.5,2.4"},
    {4.8, "4.8,14.4 2,14.8* 2,11.5 2,0|0,10 4.8,10"},
    {8, "8,10 8,-0.5 8,-4* 4,-4 1.2,-4* 0.6,-2.4|8,5 8,10* 3.9,10 0,10* 0,5 0,0* 3.9,0 8,0* 8,5"},
    {7.5, "0,14.5 0,0|0,6 0.3,10* 4,10 7.5,10* 7.5,6.5 7.5,0"},
    {0, "0,10 0,0|0,13.8 0,14.2"},
    {2.5, "2.5,10 2.5,-1 2.5,-4* 0,-4|2.5,13.8 2.5,14.2"},
    {7, "0,14.5 0,0|6.6,10 0,4|2.6,6.3 7,0"},
    {0, "0,14.5 0,0"},
    {12, "0,10 0,0|0,6.5 0.2,10* 3.2,10 6,10* 6,7 6,0|6,6.5 6.2,10* 9.2,10 12,10* 12,7 12,0"},
    {7.5, "0,10 0,0|0,6 0.3,10* 4,10 7.5,10* 7.5,6.5 7.5,0"},
    {8.2, "4.1,10 0,10* 0,5 0,0* 4.1,0 8.2,0* 8.2,5 8.2,10* 4.1,10"},
    {8, "0,10 0,-4|0,5 0,10* 4.1,10 8,10* 8,5 8,0* 4.1,0 0,0* 0,5"},
    {8, "8,10 8,-4|8,5 8,10* 3.9,10 0,10* 0,5 0,0* 3.9,0 8,0* 8,5"},
    {4.5, "0,10 0,0|0,6 0.3,10* 4.5,10"},
    {6.9, "6.5,8 6,10* 3.5,10 0.4,10* 0.4,7.6 0.4,6* 3.2,5.3 6.9,4.4* 6.9,2.6 6.9,0* 3.5,0 0.4,0* 0,2.2"},
    {4.8, "2,13 2,3 2,0* 4.8,0.2|0,10 4.8,10"},
    {7.5, "0,10 0,3.5 0,0* 3.6,0 7.2,0* 7.5,4|7.5,10 7.5,0"},
    {7.6, "0,10 3.8,0 7.6,10"},
    {11.5, "0,10 2.9,0 5.75,9.5 8.6,0 11.5,10"},
    {7.2, "0,10 7.2,0|7.2,10 0,0"},
    {7.6, "0,10 3.9,0|7.6,10 3.6,-1.2 2.6,-4* 0.4,-4"},
    {6.8, "0,10 6.8,10 0,0 6.8,0"},
    {4, "4,16 1.8,16* 1.8,13 1.8,9 1.8,6.5* 0,6.5 1.8,6.5* 1.8,4 1.8,0 1.8,-3* 4,-3"},
    {0, "0,16 0,-3"},
    {4, "0,16 2.2,16* 2.2,13 2.2,9 2.2,6.5* 4,6.5 2.2,6.5* 2.2,4 2.2,0 2.2,-3* 0,-3"},
    {9, "0,5.4 0.5,8* 2.6,8 4,8* 4.8,6.5 5.6,5* 7,5 8.8,5* 9,7.6"},
};
constexpr Letter kUnknown{8, "0,0 0,14 8,14 8,0 0,0"};
constexpr char32_t kFirst = 32;
constexpr int kCount = 95;
static_assert(std::size(kLetters) == kCount);

constexpr int kArcPieces = 6;
constexpr double kArcWeight = 0.70710678118654752;  // of a rational quadratic that is a quarter of an ellipse

void add_arc(std::vector<GlyphPoint>& stroke, GlyphPoint control, GlyphPoint end) {
  const GlyphPoint start = stroke.back();
  for (int i = 1; i <= kArcPieces; ++i) {
    const double t = static_cast<double>(i) / kArcPieces;
    const double a = (1 - t) * (1 - t), b = 2 * kArcWeight * t * (1 - t), c = t * t, sum = a + b + c;
    stroke.push_back(
        {(a * start.x + b * control.x + c * end.x) / sum, (a * start.y + b * control.y + c * end.y) / sum});
  }
}

double read_number(const char*& at, const char* end) {
  double value = 0;
  at = std::from_chars(at, end, value).ptr;
  return value;
}

Glyph parse(const Letter& letter) {
  Glyph glyph{letter.width, {}};
  const std::string_view text = letter.strokes;
  const char* const end = text.data() + text.size();
  if (!text.empty()) glyph.strokes.emplace_back();
  bool arc_pending = false;
  GlyphPoint control;
  for (const char* at = text.data(); at < end;) {
    GlyphPoint p;
    p.x = read_number(at, end);
    ++at;  // the comma
    p.y = read_number(at, end);
    const bool is_control = at < end && *at == '*';
    if (is_control) {
      control = p;
      ++at;
    } else if (arc_pending) {
      add_arc(glyph.strokes.back(), control, p);
    } else {
      glyph.strokes.back().push_back(p);
    }
    arc_pending = is_control;
    if (at < end && *at == '|') glyph.strokes.emplace_back();
    ++at;  // the space or bar
  }
  return glyph;
}

// C, S and Z with a caron.
constexpr std::array<char32_t, 3> kWithCaron{0x010C, 0x0160, 0x017D};
constexpr std::string_view kBare = "CSZ";

std::array<Glyph, kCount + 1> parse_all() {
  std::array<Glyph, kCount + 1> glyphs;
  for (int i = 0; i < kCount; ++i) glyphs[i] = parse(kLetters[i]);
  glyphs[kCount] = parse(kUnknown);
  return glyphs;
}

Glyph with_caron(Glyph glyph) {
  const double middle = glyph.width / 2;
  glyph.strokes.push_back({{middle - 2.6, 19}, {middle, 16.2}, {middle + 2.6, 19}});
  return glyph;
}

std::array<Glyph, kWithCaron.size()> make_carons() {
  std::array<Glyph, kWithCaron.size()> glyphs;
  for (std::size_t i = 0; i < glyphs.size(); ++i) glyphs[i] = with_caron(parse(kLetters[kBare[i] - kFirst]));
  return glyphs;
}

}  // namespace

const Glyph& glyph_of(char32_t ch) {
  static const std::array<Glyph, kCount + 1> kGlyphs = parse_all();
  static const std::array<Glyph, kWithCaron.size()> kCarons = make_carons();
  if (ch >= kFirst && ch < kFirst + kCount) return kGlyphs[ch - kFirst];
  const auto caron = std::find(kWithCaron.begin(), kWithCaron.end(), ch);
  return caron == kWithCaron.end() ? kGlyphs[kCount] : kCarons[static_cast<std::size_t>(caron - kWithCaron.begin())];
}

char32_t take_character(std::string_view& text) {
  const std::size_t length = character_length(text);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  char32_t code = length == 0 ? 0xFFFD : length == 1 ? byte(0) : byte(0) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3Fu);
  text.remove_prefix(length == 0 ? 1 : length);
  return code;
}

}  // namespace ganymede::picture
