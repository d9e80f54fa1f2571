#include "serve/recipe_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "run/toml_text.hpp"

namespace ganymede::serve {

using Json = nlohmann::ordered_json;

Json recipe_json(const run::Recipe& recipe) {
  Json values = Json::object();
  for (const run::Option& option : run::options()) values[option.key] = run::value_json(option, recipe);
  return {{"name", recipe.name}, {"description", recipe.description}, {"options", std::move(values)}};
}

std::string assignment_of(const std::string& key, const Json& value) {
  if (run::find_option(key) == nullptr) {
    const std::string near = run::nearest_option(key);
    fail<ConfigError>("there is no key \"{}\"{}", key, near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near));
  }
  if (value.is_string()) return key + "=" + run::toml_text(value.get<std::string>());
  if (value.is_boolean() || value.is_number()) return key + "=" + value.dump();
  if (value.is_array()) {
    for (const Json& element : value) {
      if (!element.is_number_integer()) fail<ConfigError>("{}: a list holds whole numbers", key);
    }
    return key + "=" + value.dump();
  }
  fail<ConfigError>("{}: wanted a number, a text, true, false or a list of whole numbers", key);
}

}  // namespace ganymede::serve
