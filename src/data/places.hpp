#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ganymede::data {

/// A folder that may hold `mnist/` and other sets, and who named it ("--data", "GANYMEDE_DATA", ...).
struct SearchPlace {
  std::filesystem::path folder;
  std::string origin;
};

/// Where data sets are looked for, in this order: `--data DIR` (if not empty), $GANYMEDE_DATA, ./data,
/// <user's data folder>/data. @throws ConfigError if --data is no folder, with the way out.
std::vector<SearchPlace> search_places(const std::string& data_option = "");
/// Where `ganymede data fetch` puts files: `--data DIR`, else $GANYMEDE_DATA, else <user's data folder>/data.
std::filesystem::path fetch_folder(const std::string& data_option = "");

}  // namespace ganymede::data
