#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ganymede::page {

/// Schemas of results that have such a page: "ganymede.study_ink/1" ...
const std::vector<std::string>& study_schemas();

/// The page of a study, one self-contained HTML text, from FOLDER/results.json and the figures that it lists, and from
/// nothing else: no model is loaded. The same files give the same bytes.
/// @throws DataError naming the file and what to do: missing, damaged, of another schema or of an older version, which
/// kept no page; a figure that is missing, damaged or of another call.
std::string study_page(const std::filesystem::path& folder);

}  // namespace ganymede::page
