#pragma once

#include "data/dataset.hpp"
#include "picture/image.hpp"

namespace ganymede::data {

struct SheetOptions {
  int columns = 16;
  int rows = 10;         ///< of a data set without classes
  int max_classes = 40;  ///< rows of one with classes: a row a class, the first so many
  int upscale = 0;       ///< 0: cells of about 56 pixels
};

/// One row a class with the first `columns` images of it and its name at the left; without classes the first
/// rows x columns images.
picture::Image contact_sheet(const Dataset& dataset, const SheetOptions& options = {});

/// Image i as a picture, 1 or 3 channels; a symbol in its stroke colours on white.
picture::Image picture_of(const Dataset& dataset, std::int64_t i);

}  // namespace ganymede::data
