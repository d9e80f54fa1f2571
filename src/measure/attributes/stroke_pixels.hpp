#pragma once

#include <span>
#include <vector>

namespace ganymede::measure {

/// How much ink each pixel of a picture holds, a in [0, 1], row-major [H][W]: x runs right, y runs down.
struct StrokePixels {
  std::vector<double> ink;
  int height = 0, width = 0;

  double at(int y, int x) const { return ink[static_cast<std::size_t>(y) * width + x]; }
  /// A pixel is of the stroke where a >= kInked.
  bool inked(int y, int x) const { return at(y, x) >= kInked; }
  static constexpr double kInked = 0.5;
};
/// Of a picture [C, H, W] in [-1, 1] (values beyond count as the end): a = (mean over channels + 1) / 2, strokes bright
/// on a dark ground as in MNIST. @throws ShapeError if the count does not fit.
StrokePixels stroke_pixels(std::span<const float> chw, int channels, int height, int width);

// Measures of strokes, in pixels where nothing else is said. A picture without ink has 0 of all; moments are of the
// ink's distribution, m_x = sum a x / sum a, mu_xy = sum a (x - m_x)(y - m_y) / sum a.

/// Share of the picture that is ink: sum a / (H W).
double ink_share(const StrokePixels& pixels);
/// Median over the stroke's pixels of the narrowest of four runs through the pixel (along a row, a column and both
/// diagonals). A run is the ink that touches without a gap (a >= 0.1), times sqrt 2 along a diagonal. A bar of 3
/// pixels has thickness 3, at any length above; at angles between those four it is at most 8 % more, but for the steps
/// of the pixels (along a diagonal a run grows by sqrt 2).
double stroke_thickness(const StrokePixels& pixels);
/// How far the ink leans to the right a row upwards: -mu_xy / mu_yy (the shear by which MNIST is deskewed). A bar
/// moved by half a pixel a row has 0.5, the italic of 15 degrees 0.27.
double stroke_slant(const StrokePixels& pixels);
/// Width of the bar whose ink spreads as much: sqrt(12 mu_xx + 1). Of a filled rectangle its width.
double stroke_width(const StrokePixels& pixels);
/// The same of rows: sqrt(12 mu_yy + 1).
double stroke_height(const StrokePixels& pixels);
/// Regions of the ground that the stroke encloses: they meet no border of the picture, neighbours being the four beside
/// a pixel. 0 of a 1, 1 of a 0, 2 of an 8.
double stroke_holes(const StrokePixels& pixels);
/// Share of stroke and holes that is hole, by their pixels: 0 without holes, near 1 of a thin ring.
double stroke_roundness(const StrokePixels& pixels);
/// 1 - sum |a - a'| / (2 sum a), a' mirrored at the column m_x (between pixels linearly): 1 of what equals its mirror
/// image, 0 where the two do not meet.
double stroke_symmetry(const StrokePixels& pixels);

}  // namespace ganymede::measure
