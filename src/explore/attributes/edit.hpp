#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "explore/directions.hpp"
#include "picture/image.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {

/// Samples moved along one direction, or along two at once.
struct Edit {
  std::vector<float> at;        ///< [S], where they stand along a direction, in units of z
  bool grid = false;            ///< of two: S x S, the first to the right, the second upwards; else S for each sample
  train::NamedSamples samples;  ///< row by row
  std::int64_t columns() const { return std::ssize(at); }
};
/// z + t v (+ s w) with t (and s) even from `from` to `to`, in `steps`. `along`: one or two directions of length 1;
/// `start`: one sample, or of one direction several, a row each. @throws ConfigError for another number of either, or a
/// direction of another dimension.
Edit edit_of(const train::NamedSamples& start, std::span<const Direction> along, float from, float to, int steps);

/// Its pictures [N, C, H, W] as a table: under each column where it stands, of a grid besides it where a row does, and
/// the names of the directions. Of points one plot of all.
picture::Image draw_edit(const Edit& edit, std::span<const Direction> along, const Tensor& pictures);

/// "-1.5", "0", "3".
std::string step_text(float at);

}  // namespace ganymede::explore
