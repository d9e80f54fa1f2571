#include "picture/canvas.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <vector>

#include "picture/pen.hpp"

namespace ganymede::picture {
namespace {

constexpr double kFontSize = 1.39;  // of SVG's font-size to the height of capitals (0.72 em in common sans-serif fonts)

int whole(double v) {
  return static_cast<int>(std::lround(v));
}

const char* anchor_of(Align align) {
  return align == Align::left ? "start" : align == Align::centre ? "middle" : "end";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char ch : text) {
    switch (ch) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += static_cast<unsigned char>(ch) < 32 ? ' ' : ch;
    }
  }
  return out;
}

}  // namespace

void ImageCanvas::line(std::span<const CanvasPoint> points, double width, Colour colour) {
  std::vector<PenPoint> polyline;
  for (const CanvasPoint& p : points) polyline.push_back({p.x, p.y, width});
  draw_polyline(image_, polyline, colour);
}

void ImageCanvas::dot(CanvasPoint centre, double radius, Colour colour) {
  const PenPoint point{centre.x, centre.y, 2 * radius};
  draw_polyline(image_, {&point, 1}, colour);
}

void ImageCanvas::rectangle(double x0, double y0, double x1, double y1, Colour colour) {
  image_.fill_rectangle(whole(y0), whole(x0), whole(y1) - whole(y0), whole(x1) - whole(x0), colour);
}

void ImageCanvas::text(CanvasPoint at, std::string_view text, double size, Colour colour, Align align, bool bold) {
  draw_text(image_, at.x, at.y, text, size, colour, align, bold);
}

void ImageCanvas::text_upwards(CanvasPoint at, std::string_view text, double size, Colour colour, Align align) {
  draw_text_upwards(image_, at.x, at.y, text, size, colour, align);
}

SvgCanvas::SvgCanvas(int height, int width) {
  out_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"-0.5 -0.5 {0} {1}\" "
      "font-family=\"Helvetica, Arial, sans-serif\">\n<rect x=\"-0.5\" y=\"-0.5\" width=\"{0}\" height=\"{1}\" "
      "fill=\"#ffffff\"/>\n",
      width, height);
}

void SvgCanvas::line(std::span<const CanvasPoint> points, double width, Colour colour) {
  out_ += "<polyline points=\"";
  for (const CanvasPoint& p : points) fmt::format_to(std::back_inserter(out_), "{:.2f},{:.2f} ", p.x, p.y);
  fmt::format_to(
      std::back_inserter(out_),
      "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:g}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n",
      to_hex(colour), width);
}

void SvgCanvas::dot(CanvasPoint centre, double radius, Colour colour) {
  fmt::format_to(std::back_inserter(out_), "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:g}\" fill=\"{}\"/>\n", centre.x,
                 centre.y, radius, to_hex(colour));
}

void SvgCanvas::rectangle(double x0, double y0, double x1, double y1, Colour colour) {
  fmt::format_to(std::back_inserter(out_), "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n",
                 whole(x0) - 0.5, whole(y0) - 0.5, whole(x1) - whole(x0), whole(y1) - whole(y0), to_hex(colour));
}

void SvgCanvas::text(CanvasPoint at, std::string_view text, double size, Colour colour, Align align, bool bold) {
  fmt::format_to(std::back_inserter(out_),
                 "<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.1f}\" fill=\"{}\" text-anchor=\"{}\"{}>{}</text>\n",
                 at.x, at.y, size * kFontSize, to_hex(colour), anchor_of(align), bold ? " font-weight=\"bold\"" : "",
                 escaped(text));
}

void SvgCanvas::text_upwards(CanvasPoint at, std::string_view text, double size, Colour colour, Align align) {
  fmt::format_to(std::back_inserter(out_),
                 "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" font-size=\"{:.1f}\" fill=\"{}\" "
                 "text-anchor=\"{}\">{}</text>\n",
                 at.x, at.y, size * kFontSize, to_hex(colour), anchor_of(align), escaped(text));
}

}  // namespace ganymede::picture
