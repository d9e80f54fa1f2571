#pragma once

#include <filesystem>
#include <functional>

namespace ganymede::data {

/// Calls use(path relative to `folder`) for all in `folder` and below that is no folder, ascending, until it returns
/// false. Names that begin with a dot are passed over, and the folders @eaDir and __MACOSX, which other systems leave
/// beside pictures. Links are followed, save into a folder that the walk stands in (a loop). @throws DataError naming a
/// folder that cannot be read, or more than a million folders.
void walk_folder(const std::filesystem::path& folder, const std::function<bool(const std::filesystem::path&)>& use);

}  // namespace ganymede::data
