#pragma once

#include <vector>

#include "engine/passes/geometry.hpp"
#include "kernels/spectral.hpp"

namespace ganymede::engine {

/// Pixels of the larger image that meet the same taps: at stride 2 those of equal parity. Pixel (u, v) of it lies at
/// position first + u * y_step + v * x_step.
struct Residue {
  kernels::Taps taps;
  int first = 0, y_step = 1, x_step = 1, height = 0, width = 0;
};

std::vector<Residue> make_residues(const Geometry& geometry);

}  // namespace ganymede::engine
