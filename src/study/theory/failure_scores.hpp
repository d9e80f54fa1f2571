#pragma once

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

}  // namespace ganymede::study
