#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "run/run_directory.hpp"

namespace ganymede::serve {

/// Which runs are served: all of a folder, or some that were named. A link in the runs folder is no run of it.
class Catalogue {
 public:
  /// `chosen` empty: every run in `root`. Else these alone, wherever they lie, and what is started from here.
  /// @throws ConfigError if two of them bear the same name.
  Catalogue(std::filesystem::path root, const std::vector<std::filesystem::path>& chosen);

  const std::filesystem::path& root() const { return root_; }
  /// Names of what is there now, sorted.
  std::vector<std::string> names() const;
  /// The folder of a run. @throws HttpError 404 that names the nearest one.
  std::filesystem::path folder_of(const std::string& name) const;
  /// Whether somebody holds the lock of one of them: it trains, or is about to.
  bool somebody_trains() const;
  /// Whether a new run in `root` cannot have this name: something there has it, or a run that is served from elsewhere.
  bool is_taken(const std::string& name) const;
  /// The name that a new run of this recipe gets by itself.
  std::string next_name(const std::string& recipe) const;
  /// A run that was made in `root` just now belongs to those that are served.
  void add(const std::string& name);

 private:
  std::filesystem::path root_;
  bool all_;
  mutable std::mutex mutex_;
  std::map<std::string, std::filesystem::path> chosen_;
};

/// A run as it stands in its folder.
struct RunView {
  std::string state;   ///< as run::RunSummary: "running" ... "interrupted", "damaged"
  bool alive = false;  ///< somebody holds its lock
  std::optional<run::RunInfo> info;
  std::string fault;  ///< of a damaged one
};
RunView look_at(const std::filesystem::path& folder);

/// @throws HttpError 404 without a recipe, DataError for a damaged one.
run::Recipe recipe_of(const std::filesystem::path& folder);

}  // namespace ganymede::serve
