#pragma once

#include <nlohmann/json_fwd.hpp>

#include "run/options.hpp"
#include "run/recipe.hpp"

namespace ganymede::serve {

/// {"name", "description", "options": {key: value of every key}}
nlohmann::ordered_json recipe_json(const run::Recipe& recipe);
/// `key=value` for run::apply_sets of a key and what a form gives for it. @throws UserError if it is no value of a key.
std::string assignment_of(const std::string& key, const nlohmann::ordered_json& value);

}  // namespace ganymede::serve
