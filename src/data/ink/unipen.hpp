#pragma once

#include <filesystem>

#include "data/ink/symbols.hpp"

namespace ganymede::data {

inline constexpr std::uint64_t kUnipenOrderSeed = 1;

/// The archive or folder of UniPen data in `folder`: itself, if it holds `data/1a` or `data/1b` and `include` (also one
/// level down), else the first archive in it whose name holds "unipen"; empty if there is neither.
std::filesystem::path find_unipen(const std::filesystem::path& folder);

/// Reads the isolated digits (category 1a) and upper case letters (1b) of UniPen train_r01_v07 from a folder or
/// straight out of an archive: label files `data/1a/...` and the files of `include/` that they name. Contributors
/// differ:
/// - components are numbered from 0 over every .PEN_DOWN and .PEN_UP that holds points: so lifts count for those
///   contributors alone who recorded the pen in the air;
/// - y points up, as UniPen's rule has it, with all 18 contributors of this edition, and is turned;
/// - a component of the single point (0, 0) stands for ink that was left out, and is no ink.
/// Writers are called "contributor/writer". Symbols stand in the order of the label files' names. A segment that
/// cannot be read is counted in `skipped` with its reason; a damaged line is in `faults`, and the rest is still read.
/// @throws DataError if the path cannot be opened or holds no label file.
InkSet read_unipen(const std::filesystem::path& path);

}  // namespace ganymede::data
