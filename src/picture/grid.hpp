#pragma once

#include <span>
#include <string>
#include <vector>

#include "picture/image.hpp"

namespace ganymede::picture {

struct GridStyle {
  int columns = 0;  ///< 0: as square as can be, ceil(sqrt(N))
  int gap = 2;      ///< pixels between cells and around the grid, after upscaling
  int upscale = 1;  ///< each cell's pixels become squares of this size
  Colour background{40, 40, 40};
  Colour text{220, 220, 220};
  std::vector<std::string> labels;  ///< one under each cell; fewer than cells leaves the rest blank, none takes no room
};

/// N >= 1 images of equal size in row order, left to right, top down; in colour when any of them or the style is.
/// @throws ShapeError if there is none or the sizes differ.
Image make_grid(std::span<const Image> cells, const GridStyle& style = {});

/// The same for float [N, C, H, W] in [-1, 1], N from the count of values.
Image make_grid(std::span<const float> nchw, int channels, int height, int width, const GridStyle& style = {});

}  // namespace ganymede::picture
