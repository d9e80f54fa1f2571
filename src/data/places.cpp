#include "data/places.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "data/sources.hpp"

namespace ganymede::data {
namespace {

namespace fs = std::filesystem;

// --data names the folder where sets are looked for, --source (or a run's recipe) the set.
void check_folder(const std::string& option) {
  std::error_code ignored;
  if (fs::is_directory(option, ignored)) return;
  if (fs::exists(option, ignored)) {
    fail<ConfigError>(
        "--data {0} is a file; --data is the folder where data sets are looked for, --source {0} takes it", option);
  }
  if (find_source(option) != nullptr) {
    fail<ConfigError>(
        "--data {0}: there is no such folder; {0} is a data set: --source {0} chooses it, --data is the folder where "
        "sets are looked for",
        option);
  }
  fail<ConfigError>(
      "--data {}: there is no such folder; --data is where data sets are looked for, --source chooses one", option);
}

}  // namespace

std::vector<SearchPlace> search_places(const std::string& data_option) {
  std::vector<SearchPlace> places;
  if (!data_option.empty()) {
    check_folder(data_option);
    places.push_back({data_option, "--data"});
  }
  if (const auto folder = environment("GANYMEDE_DATA")) places.push_back({*folder, "GANYMEDE_DATA"});
  places.push_back({"data", "./data"});
  places.push_back({user_data_folder() / "data", "user's data folder"});
  return places;
}

std::filesystem::path fetch_folder(const std::string& data_option) {
  if (!data_option.empty()) return data_option;
  if (const auto folder = environment("GANYMEDE_DATA")) return *folder;
  return user_data_folder() / "data";
}

}  // namespace ganymede::data
