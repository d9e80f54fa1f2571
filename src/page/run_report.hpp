#pragma once

#include <string>
#include <vector>

#include "measure/score.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page {

/// In RUN/samples: points with what `ganymede report` was asked to draw besides.
inline constexpr const char* kPointsPicture = "points.png";

/// In RUN/samples: what each code of InfoGAN does, sweep-1.png, sweep-2.png ... of the newest weights.
inline constexpr const char* kSweepPictures = "sweep-";

/// One self-contained HTML page of a run, from what its folder holds: how it stands, losses, D's accuracies and
/// gradient norms, the weak classifier's errors where it watched, samples of the last epoch and of earlier ones, as
/// a film and as stills, what codes do, the curves of the classifiers that told real from generated beside D's, the
/// scores of the newest weights after a warning if they say that it collapsed, a film of the maps of one grid, pictures
/// in measures/, all settings. Parts that the folder lacks are left out.
/// @throws DataError for a damaged file, naming it.
std::string run_report(const run::RunDirectory& run);

/// What among the scores says that a model has collapsed, a sentence each: at most 80 % of the reals' classes (modes),
/// a tenth of their coverage or recall, a quarter of their spread within a class (nrmsd). Empty: nothing does.
std::vector<std::string> signs_of_collapse(const std::vector<measure::Score>& scores);

}  // namespace ganymede::page
