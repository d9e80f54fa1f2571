#pragma once

#include <optional>
#include <string>

#include "run/options.hpp"
#include "run/toml_tree.hpp"

namespace ganymede::run {

/// Puts a TOML value into the option's field. Returns the fault, such as
/// `train.batch must be an integer from 1 to 65536 (got 0)`, and then leaves the recipe as it was.
std::optional<std::string> assign(const Option& option, Recipe& recipe, const TomlValue& value);

/// `unknown key "train.bach", did you mean "train.batch"?`
std::string unknown_key(const std::string& key);

}  // namespace ganymede::run
