#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {

Recipe find_recipe(const std::string& name_or_path) {
  std::vector<std::string> names;
  for (const ShippedRecipe& shipped : shipped_recipes()) {
    if (shipped.name == name_or_path) {
      return parse_recipe(shipped.text, "recipes/" + shipped.name + ".toml", UselessKeys::refuse);
    }
    names.push_back(shipped.name);
  }
  const std::filesystem::path path = name_or_path;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) {
    return read_recipe(path, UselessKeys::refuse);
  }
  if (path.has_parent_path() || path.extension() == ".toml") {
    fail<ConfigError>("{}: there is no such recipe file; shipped recipes are {}", name_or_path, fmt::join(names, ", "));
  }
  const std::string hint = did_you_mean(name_or_path, names);
  fail<ConfigError>("unknown recipe \"{}\"{} Shipped are {}; a recipe of your own is named by its path", name_or_path,
                    hint.empty() ? "." : hint, fmt::join(names, ", "));
}

}  // namespace ganymede::run
