#pragma once

#include <string>
#include <vector>

#include "explore/dissection.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

/// What one generator made of a z: a row of the pictures below.
struct DissectedRun {
  std::string name;
  Dissection dissection;
};

/// Values [H, W] from `least` (dark blue) to `most` (yellow) by picture::sequential_colour, each as a square of whole
/// pixels so that the longer side is about `side`; NaN is mid grey.
picture::Image draw_values(const Tensor& values, double least, double most, int side);

/// A row a run: its picture of sample `i`, then of each layer the mean over channels (each between its own least and
/// most value), with the layer's name, shape and share of values near zero under it. Runs may have different layers.
picture::Image draw_overview(const std::vector<DissectedRun>& runs, std::int64_t i = 0);

/// Layer number `layer` of each run: the mean over channels, then every feature map of sample `i` (the first
/// `most_maps`), between the layer's least and most value.
picture::Image draw_layer(const std::vector<DissectedRun>& runs, std::size_t layer, std::int64_t i = 0,
                          int most_maps = 256);

/// For each run three rows: its pictures, those after the ablation, and how much each pixel changed (0 to the largest
/// change).
struct Ablated {
  std::string name;
  Tensor before, after;  ///< [N, C, H, W]
};
picture::Image draw_ablation(const std::vector<Ablated>& runs);

}  // namespace ganymede::explore
