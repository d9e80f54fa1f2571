#pragma once

#include <vector>

#include "measure/features.hpp"

namespace ganymede::measure {

/// How much of each number of a sample each axis of its noise explains: squared correlation over samples, [D][Z].
/// `z` [N, Z] and `samples` [N, D]. 0 where either does not vary. @throws ShapeError if they differ in number
std::vector<std::vector<double>> shares_of_axes(const Features& z, const Features& samples);

/// Entanglement: of each number of a sample, the share of its variance that the best single axis explains; the mean
/// over the numbers. 1: every attribute has an axis of its own.
double share_of_best_axis(const Features& z, const Features& samples);

}  // namespace ganymede::measure
