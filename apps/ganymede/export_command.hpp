#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "export_curves.hpp"
#include "shared.hpp"

namespace ganymede::app {

/// What `export` was asked for: one of `file`, `onnx`, `pytorch` and `curves`.
struct ExportArguments {
  RunArguments run;
  std::optional<std::uint64_t> epoch;
  std::string file;         ///< --html
  std::string onnx;         ///< a file, or a folder for several
  std::string pytorch;      ///< a folder
  CurveExport curves;       ///< for other programs
  std::string network;      ///< of these two; empty: whatever fits there
  bool classify = false;    ///< fit a classifier if none is kept
  bool size_alone = false;  ///< of a page
  MachineArguments machine;
  Output output;
};

int export_onnx(const ExportArguments& arguments);
int export_pytorch(const ExportArguments& arguments);

}  // namespace ganymede::app
