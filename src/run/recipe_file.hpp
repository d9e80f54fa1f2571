#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "run/recipe.hpp"

namespace ganymede::run {

// A recipe as TOML: `schema = 1`, `description`, then the sections of options(). A network node by node stands as
// [[generator.layer]] tables with name, kind, inputs and the layer's attributes, and sets generator.family to "layers".

/// What to do with keys that have no meaning beside the others (Option::use). A recipe that somebody wrote is refused,
/// since what they wrote would be ignored; stored ones, which hold every key, are read as they are. A resolved recipe
/// in a file of its own (--dry-run, recipe.toml) is told by all three lengths being in it: there keys without a meaning
/// may stand at their defaults.
enum class UselessKeys { allow, refuse };

/// Reads a recipe and checks it. `origin` stands in messages (the file's path) and its stem is the name unless the text
/// gives one. Throws ConfigError with every fault, one a line: `FILE:LINE: train.batch must be an integer from 1 to
/// 65536 (got 0)`.
Recipe parse_recipe(std::string_view text, const std::string& origin, UselessKeys useless = UselessKeys::allow);
Recipe read_recipe(const std::filesystem::path& path, UselessKeys useless = UselessKeys::allow);

/// A name without path or ending is a shipped recipe, embedded in the program; anything else is the path of a file.
/// Throws ConfigError that lists the names (and the nearest) if there is none.
Recipe find_recipe(const std::string& name_or_path);

struct ShippedRecipe {
  std::string name;  ///< "dcgan"
  std::string text;  ///< the file recipes/<name>.toml
};
/// Sorted by name.
const std::vector<ShippedRecipe>& shipped_recipes();

/// The resolved recipe: every key with its value and its help as a comment. parse_recipe gives an equal recipe.
std::string to_toml(const Recipe& recipe);

/// What `--set` does, for all of them: each assignment, then whether the keys have a meaning. A key that an assignment
/// of another one makes useless (the slope of an activation that is no longer there) goes back to its default. Throws
/// ConfigError with every fault, one a line, and then leaves the recipe as it was.
void apply_sets(Recipe& recipe, const std::vector<std::string>& assignments);

/// `key=value`, the value as in TOML; a text may stand without quotes. Setting one of train.epochs, steps, images
/// clears the other two. Checks type and range of this key only: call check() after the last one. Returns
/// the key. Throws ConfigError.
std::string apply_set(Recipe& recipe, const std::string& assignment);

/// What no single key can see: exactly one of train.epochs | steps | images, condition and class head of both players,
/// layers present ... Throws ConfigError with every fault, one a line; `origin` stands before each.
void check(const Recipe& recipe, const std::string& origin = "recipe");

/// A key whose value differs, both values as TOML text; generator.layer and discriminator.layer count as one key each,
/// their networks as JSON.
struct Difference {
  std::string key;
  std::string before;
  std::string after;
};
std::vector<Difference> difference(const Recipe& before, const Recipe& after);
/// "  train.batch: 256 -> 64", one line each.
std::string to_string(const std::vector<Difference>& differences);

}  // namespace ganymede::run
