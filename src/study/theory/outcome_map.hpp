#pragma once

#include <vector>

#include "picture/image.hpp"
#include "study/theory/theory_study.hpp"

namespace ganymede::study {

/// Whether a run on the ring of 8 has learnt it: 7 modes or more after the last epoch, and half of its points near one.
bool has_learnt(const RunCurve& curve);

/// A map of who learnt: rates down, batches across, in each cell a box a seed with the modes that it covered; green
/// where it learnt. `cells`: curves of the sweep's cells, in their order.
picture::Image outcome_map(const RateSweep& sweep, const std::vector<std::vector<RunCurve>>& cells);

}  // namespace ganymede::study
