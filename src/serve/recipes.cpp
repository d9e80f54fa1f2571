#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "run/options.hpp"
#include "run/recipe_file.hpp"
#include "serve/api.hpp"
#include "serve/recipe_json.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostCompared = 8;

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    if (end > start) names.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

}  // namespace

Response list_recipes(const Request&, const Parts&, Api&) {
  static const Json kRecipes = [] {
    Json recipes = Json::array();
    for (const run::ShippedRecipe& shipped : run::shipped_recipes())
      recipes.push_back(recipe_json(run::find_recipe(shipped.name)));
    return recipes;
  }();
  return json_response("recipes", {{"recipes", kRecipes}});
}

Response list_options(const Request&, const Parts&, Api&) {
  static const Json kOptions = [] {
    Json options = Json::parse(run::options_json()).at("options");  // as `ganymede options --json` gives them
    for (Json& entry : options) {
      const run::Option& option = *run::find_option(entry.at("key").get<std::string>());
      entry["legal"] = run::wanted_text(option);
      entry["conditions"] = Json::array();
      for (const run::Condition& condition : option.use.conditions()) {
        entry["conditions"].push_back(
            {{"key", condition.key}, {"values", condition.values}, {"other", condition.other}});
      }
    }
    return options;
  }();
  return json_response("options", {{"options", kOptions}});
}

Response compare_recipes(const Request& request, const Parts&, Api& api) {
  const std::string* list = request.parameter("runs");
  const std::vector<std::string> names = list == nullptr ? std::vector<std::string>{} : names_in(*list);
  if (names.size() < 2 || names.size() > kMostCompared)
    throw HttpError(400, fmt::format("compare wants two to {} runs: ?runs=first,second", kMostCompared));
  std::vector<run::Recipe> recipes;
  for (const std::string& name : names) recipes.push_back(recipe_of(api.runs.folder_of(name)));
  std::map<std::string, std::vector<std::string>> values;  // of keys that differ somewhere, a value a run
  std::vector<std::string> order;
  for (std::size_t i = 1; i < recipes.size(); ++i) {
    for (const run::Difference& difference : run::difference(recipes[0], recipes[i])) {
      const auto [at, is_new] =
          values.try_emplace(difference.key, std::vector<std::string>(names.size(), difference.before));
      if (is_new) order.push_back(difference.key);
      at->second[i] = difference.after;
    }
  }
  Json differences = Json::array();
  for (const std::string& key : order) differences.push_back({{"key", key}, {"values", values.at(key)}});
  return json_response("compare", {{"runs", names}, {"differences", std::move(differences)}});
}

}  // namespace ganymede::serve
