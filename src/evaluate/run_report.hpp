#pragma once

#include <string>

#include "run/run_directory.hpp"

namespace ganymede::evaluate {

/// One self-contained HTML page of a run, from what its folder holds: how it stands, losses, D's accuracies and
/// gradient norms, the weak classifier's errors where it watched, samples of the last epoch and of earlier ones, as
/// a film and as stills, the curves of the classifiers that told real from generated beside D's, the scores of the
/// newest weights, pictures in measures/ and maps/, all settings. Parts that the folder lacks are left out.
/// @throws DataError for a damaged file, naming it.
std::string run_report(const run::RunDirectory& run);

}  // namespace ganymede::evaluate
