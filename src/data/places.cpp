#include "data/places.hpp"

#include "base/environment.hpp"

namespace ganymede::data {

std::vector<SearchPlace> search_places(const std::string& data_option) {
  std::vector<SearchPlace> places;
  if (!data_option.empty()) places.push_back({data_option, "--data"});
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
