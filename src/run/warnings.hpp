#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ganymede::run {

/// Reasons of the warnings of a run that are not over: its events "warning" without a later "recovered" of the same
/// reason, each once, in the order of their first. Lines that cannot be read are passed over. No file: none.
std::vector<std::string> open_warnings(const std::filesystem::path& events);

}  // namespace ganymede::run
