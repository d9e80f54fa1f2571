#pragma once

#include <nlohmann/json_fwd.hpp>

#include "run/options.hpp"
#include "run/recipe.hpp"

namespace ganymede::serve {

/// The option's value in the recipe: 256, 0.0001, "adam", true, [10, 50].
nlohmann::ordered_json option_value(const run::Option& option, const run::Recipe& recipe);
/// {"name", "description", "options": {key: value of every key}}
nlohmann::ordered_json recipe_json(const run::Recipe& recipe);
/// `key=value` for run::apply_sets of a key and what a form gives for it. @throws UserError if it is no value of a key.
std::string assignment_of(const std::string& key, const nlohmann::ordered_json& value);

}  // namespace ganymede::serve
