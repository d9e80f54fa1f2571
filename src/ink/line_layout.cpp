#include "ink/line_layout.hpp"

#include <algorithm>
#include <utility>

namespace ganymede::ink {
namespace {

/// A letter in pixels, its box's left edge at x = 0 and the baseline at y = 0.
struct Scaled {
  Ink ink;
  double width = 0, top = 0, bottom = 0;
};

Scaled scaled(const LinePiece& piece, double capital) {
  const Box box = bounding_box(piece.ink);
  const double longest = std::max(box.width(), box.height());
  const double scale = longest > 0 ? piece.longer * capital / longest : 0;
  const double bottom = piece.drop * capital;
  Scaled out{.ink = piece.ink, .width = scale * box.width(), .top = bottom - scale * box.height(), .bottom = bottom};
  ink::apply({scale, 0, 0, scale, -scale * box.x0, bottom - scale * box.y1}, out.ink);
  return out;
}

/// Puts letters on lines; y is relative to the baseline until all are known.
class Setter {
 public:
  explicit Setter(const LineStyle& style)
      : style_(style), left_(style.margin * style.capital), right_(style.width - left_), x_(left_) {}

  void set(std::span<const LinePiece> pieces) {
    for (std::size_t i = 0; i < pieces.size();) {
      if (pieces[i].kind == LinePiece::Kind::new_line) {
        begin_line();
        ++i;
      } else if (pieces[i].kind == LinePiece::Kind::space) {
        x_ += style_.space * style_.capital;
        ++i;
      } else {
        std::size_t end = i;
        while (end < pieces.size() && pieces[end].kind == LinePiece::Kind::letter) ++end;
        set_word(pieces, i, end);
        i = end;
      }
    }
  }

  Lines finish() && {
    double rise = style_.capital, fall = 0;
    for (const PlacedLetter& letter : lines_.letters) {
      if (letter.line == 0) rise = std::max(rise, -letter.box.y0);
      if (letter.line == line_) fall = std::max(fall, letter.box.y1);
    }
    for (int line = 0; line <= line_; ++line)
      lines_.baselines.push_back(left_ + rise + line * style_.pitch * style_.capital);
    double reach = left_;
    for (PlacedLetter& letter : lines_.letters) {
      const double y = lines_.baselines[static_cast<std::size_t>(letter.line)];
      ink::apply(Affine::translation(0, y), letter.ink);
      letter.box.y0 += y, letter.box.y1 += y;
      reach = std::max(reach, letter.box.x1);
    }
    lines_.width = std::max(style_.width, reach + left_);
    lines_.height = lines_.baselines.back() + fall + left_;
    return std::move(lines_);
  }

 private:
  void begin_line() {
    ++line_;
    x_ = left_;
    is_empty_ = true;
  }
  bool is_full(double reach) const { return style_.width > 0 && reach > right_; }

  void set_word(std::span<const LinePiece> pieces, std::size_t begin, std::size_t end) {
    std::vector<Scaled> word;
    double width = -style_.gap * style_.capital;
    for (std::size_t i = begin; i < end; ++i) {
      word.push_back(scaled(pieces[i], style_.capital));
      width += word.back().width + style_.gap * style_.capital;
    }
    if (is_full(x_ + width) && !is_empty_) begin_line();
    for (std::size_t i = begin; i < end; ++i) {
      Scaled& letter = word[i - begin];
      if (i > begin && is_full(x_ + letter.width)) begin_line();
      ink::apply(Affine::translation(x_, 0), letter.ink);
      lines_.letters.push_back({.piece = i,
                                .line = line_,
                                .box = {x_, letter.top, x_ + letter.width, letter.bottom},
                                .ink = std::move(letter.ink)});
      x_ += letter.width + style_.gap * style_.capital;
      is_empty_ = false;
    }
  }

  const LineStyle& style_;
  double left_, right_, x_;
  int line_ = 0;
  bool is_empty_ = true;  ///< the line has no letter yet
  Lines lines_;
};

}  // namespace

Lines lay_out(std::span<const LinePiece> pieces, const LineStyle& style) {
  Setter setter(style);
  setter.set(pieces);
  return std::move(setter).finish();
}

}  // namespace ganymede::ink
