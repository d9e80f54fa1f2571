#pragma once

#include "base/progress.hpp"
#include "fit/fit.hpp"

namespace ganymede::fit {

/// Draws a fit's steps on a progress line (whose total is the number of steps) with the last loss and validation error,
/// and stops it when the process is asked to stop (base/signal.hpp). Says once how long it will take, by the pace of
/// its first steps, where that is long. `progress` must outlive the callback.
OnProgress show_progress(Progress& progress);

}  // namespace ganymede::fit
