#pragma once

#include <string>
#include <vector>

#include "play/backend.hpp"
#include "study/theory/theory_study.hpp"

namespace ganymede::study {

// What shows each failure, as one number of a run.

/// Collapse: modes of the mixture after the last epoch.
double modes_at_end(const RunCurve& curve);
/// Oscillation: how far the share of points near a mode swings over the second half of the epochs, from its tenth to
/// its ninetieth percentile.
double swing_of_quality(const RunCurve& curve);
/// Vanishing: the mean norm of G's gradient over the last quarter of the epochs.
double gradient_at_end(const RunCurve& curve);

/// Entanglement: of each coordinate of G(z), the share of its variance that the best single axis of z explains
/// (squared correlation over samples); the mean over the coordinates. 1: every attribute has an axis of its own. As
/// many samples as z [N, Z] and points [N, D] hold. @throws ShapeError if they differ in number.
double share_of_best_axis(const std::vector<float>& z, int z_dim, const std::vector<float>& points, int dim);
/// All of these shares, [D][Z].
std::vector<std::vector<double>> shares_of_axes(const std::vector<float>& z, int z_dim,
                                                const std::vector<float>& points, int dim);

}  // namespace ganymede::study
