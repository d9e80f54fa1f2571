#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ganymede::page {

/// A kind of page: a pure function of the files of a folder.
struct PageKind {
  std::string name;                  ///< of what the folder holds: "run", "study"
  std::string sentence;              ///< what the page shows
  std::string file;                  ///< by which such a folder is known
  std::vector<std::string> schemas;  ///< that this file may name
  /// One self-contained HTML text. @throws DataError for a damaged file, naming it.
  std::string (*make)(const std::filesystem::path& folder) = nullptr;
};
/// All of them, runs first; a folder's kind is the first whose file it holds.
const std::vector<PageKind>& pages();

/// nullptr: the folder holds no file of any.
const PageKind* page_kind_of(const std::filesystem::path& folder);

}  // namespace ganymede::page
