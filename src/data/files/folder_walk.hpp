#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ganymede::data {

/// Whether a file or a folder is no part of a set: its name begins with a dot, or is @eaDir or __MACOSX, which other
/// systems leave beside pictures.
bool is_passed_over(const std::string& name);

/// Calls use(path relative to `folder`) for all in `folder` and below that is no folder, ascending, until it returns
/// false. What is_passed_over says is no part of it. Links are followed, save into a folder that the walk stands in (a
/// loop). @throws DataError naming a folder that cannot be read, or more than a million folders.
void walk_folder(const std::filesystem::path& folder, const std::function<bool(const std::filesystem::path&)>& use);

}  // namespace ganymede::data
