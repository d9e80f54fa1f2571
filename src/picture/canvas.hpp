#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "picture/font.hpp"
#include "picture/image.hpp"

namespace ganymede::picture {

/// In pixels, as on a Canvas.
struct CanvasPoint {
  double x = 0, y = 0;
};

/// What plots are drawn on, in pixels: x right, y down, (0, 0) the middle of the top left pixel.
class Canvas {
 public:
  virtual ~Canvas() = default;
  /// A polyline with round ends and joints.
  virtual void line(std::span<const CanvasPoint> points, double width, Colour colour) = 0;
  virtual void dot(CanvasPoint centre, double radius, Colour colour) = 0;
  /// The rectangle from (x0, y0) to (x1, y1), borders on whole pixels.
  virtual void rectangle(double x0, double y0, double x1, double y1, Colour colour) = 0;
  /// One line of text on the baseline y; see font.hpp for `size`.
  virtual void text(CanvasPoint at, std::string_view text, double size, Colour colour, Align align, bool bold) = 0;
  virtual void text_upwards(CanvasPoint at, std::string_view text, double size, Colour colour, Align align) = 0;
};

/// Draws into an image.
class ImageCanvas : public Canvas {
 public:
  ImageCanvas(int height, int width) : image_(height, width, 3, kWhite) {}
  /// Goes on drawing on a picture of three channels.
  explicit ImageCanvas(Image image) : image_(std::move(image)) {}
  void line(std::span<const CanvasPoint> points, double width, Colour colour) override;
  void dot(CanvasPoint centre, double radius, Colour colour) override;
  void rectangle(double x0, double y0, double x1, double y1, Colour colour) override;
  void text(CanvasPoint at, std::string_view text, double size, Colour colour, Align align, bool bold) override;
  void text_upwards(CanvasPoint at, std::string_view text, double size, Colour colour, Align align) override;
  Image image() && { return std::move(image_); }

 private:
  Image image_;
};

/// Writes the same drawing as SVG 1.1.
class SvgCanvas : public Canvas {
 public:
  SvgCanvas(int height, int width);
  void line(std::span<const CanvasPoint> points, double width, Colour colour) override;
  void dot(CanvasPoint centre, double radius, Colour colour) override;
  void rectangle(double x0, double y0, double x1, double y1, Colour colour) override;
  void text(CanvasPoint at, std::string_view text, double size, Colour colour, Align align, bool bold) override;
  void text_upwards(CanvasPoint at, std::string_view text, double size, Colour colour, Align align) override;
  /// The whole document.
  std::string document() const { return out_ + "</svg>\n"; }

 private:
  std::string out_;
};

}  // namespace ganymede::picture
