#pragma once

#include <CLI/App.hpp>
#include <string>

#include "shared.hpp"

namespace ganymede::app {

// `ganymede export --tensorboard` and `--csv`: a run's curves for other programs.

struct CurveExport {
  std::string tensorboard, csv;  ///< folders
  bool any() const { return !tensorboard.empty() || !csv.empty(); }
};
void add_curve_export(CLI::App& command, CurveExport& arguments);
int export_curves(const run::RunDirectory& directory, const CurveExport& arguments, const Output& output);

}  // namespace ganymede::app
