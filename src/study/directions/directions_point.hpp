#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "study/directions/directions_measures.hpp"

namespace ganymede::study {

/// What was measured of a run, as its folder keeps it ("ganymede.study_directions_point/1") and as results.json has it.
std::string directions_point_json(const DirectionsRun& run, const std::string& protocol);
/// Nothing where the file is missing or of another protocol. @throws DataError for a damaged one.
std::optional<DirectionsRun> read_directions_point(const std::filesystem::path& file, const std::string& protocol);

}  // namespace ganymede::study
