#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::page {

/// A table.
struct Table {
  std::vector<std::string> head;               ///< empty: facts, a word and its value a row
  std::vector<std::vector<std::string>> rows;  ///< text, escaped by the page
  std::string caption;
};

/// One self-contained HTML page: style inside, pictures as SVG text or data URIs, no script, nothing loaded from
/// elsewhere.
class Page {
 public:
  explicit Page(std::string title);

  void heading(std::string_view text);
  void subheading(std::string_view text);
  void paragraph(std::string_view text);
  /// "confirmed", "refuted", "cannot tell" or "collapsed" in its colour, then a sentence.
  void verdict(std::string_view word, std::string_view text);
  /// What a verdict rests on, point by point.
  void evidence(const std::vector<std::string>& points);
  /// In a box that scrolls sideways where the page is narrower. Columns of words stand left, of numbers right.
  void table(const Table& table);
  /// SVG text as picture::to_svg makes it here: it becomes part of the page itself.
  void svg(std::string_view svg, std::string_view caption);
  /// A picture as PNG within the page.
  void image(const picture::Image& image, std::string_view caption);
  /// An SVG document of a file, as a picture: whatever stands in it, a browser runs and loads nothing.
  void drawing(std::string_view svg, std::string_view caption);
  /// The bytes of an animated GIF.
  void animation(std::string_view gif, std::string_view caption);
  /// Text behind a line that opens it.
  void details(std::string_view summary, std::string_view text);

  std::string html() const;

 private:
  /// A picture inside the page; its caption is spoken without the marks of code.
  void embed(std::string_view type, std::string_view bytes, std::string_view caption, std::string_view size);

  std::string title_, body_;
};

}  // namespace ganymede::page
