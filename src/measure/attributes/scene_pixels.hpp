#pragma once

#include <span>

namespace ganymede::measure {

// Measures of a picture in colour, [3, H, W] in [-1, 1] (values beyond count as the end): red, green and blue of a
// pixel are r = (v + 1) / 2 ... in [0, 1]; its luma is Y = 0.299 r + 0.587 g + 0.114 b (Rec. 601).
// @throws ShapeError if the count does not fit.

/// Mean Y: 0 black, 1 white.
double scene_brightness(std::span<const float> chw, int height, int width);
/// Standard deviation of Y over the pixels: 0 of one grey, 1/2 of half black and half white.
double scene_contrast(std::span<const float> chw, int height, int width);
/// Mean r - b: above 0 of evening light, below 0 of a blue sky.
double scene_warmth(std::span<const float> chw, int height, int width);
/// Mean (max - min) / max of the three (HSV; 0 of black): 0 of greys, 1 of pure colours.
double scene_saturation(std::span<const float> chw, int height, int width);
/// Where the picture falls into an upper and a lower part of different colours, as its height above the lower edge, a
/// share of H: of all cuts between rows the one with the largest k (H - k) |upper - lower|^2, the two being mean
/// colours and k the rows above (Otsu 1979, on rows); the upper one of equals. 1/2 where all rows are alike.
double scene_horizon(std::span<const float> chw, int height, int width);

}  // namespace ganymede::measure
