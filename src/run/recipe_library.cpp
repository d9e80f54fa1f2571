#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "run/network_error.hpp"
#include "run/recipe_file.hpp"
#include "run/toml_tree.hpp"

namespace ganymede::run {
namespace {

// Text and name of the file of a recipe; none for what find_recipe would not find.
std::optional<std::pair<std::string, std::string>> source_of(const std::string& name_or_path) {
  for (const ShippedRecipe& shipped : shipped_recipes()) {
    if (shipped.name == name_or_path) return std::pair(shipped.text, "recipes/" + shipped.name + ".toml");
  }
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(name_or_path, ignored)) return {};
  return std::pair(read_file(name_or_path, kLargestToml), name_or_path);
}

// The line of a dotted key, or of the layer of a name among its tables; 0: it is not there.
int line_of_key(const TomlValue::Table& table, std::string_view key, const std::string& node) {
  const std::size_t dot = key.find('.');
  const auto found = std::ranges::find(table, key.substr(0, dot), [](const auto& entry) { return entry.first; });
  if (found == table.end()) return 0;
  if (dot != std::string_view::npos) {
    const auto* inner = found->second.as<TomlValue::Table>();
    return inner == nullptr ? 0 : line_of_key(*inner, key.substr(dot + 1), node);
  }
  const auto* layers = found->second.as<TomlValue::Array>();
  for (const TomlValue& layer : layers == nullptr ? TomlValue::Array() : *layers) {
    const auto* entries = layer.as<TomlValue::Table>();
    if (entries == nullptr) continue;
    const auto name = std::ranges::find(*entries, "name", [](const auto& entry) { return entry.first; });
    const auto* text = name == entries->end() ? nullptr : name->second.as<std::string>();
    if (text != nullptr && *text == node) return layer.line;
  }
  return found->second.line;
}

}  // namespace

std::string place_of(const NetworkError& error, const std::string& recipe, const std::vector<std::string>& sets) {
  for (const std::string& set : sets) {
    if (set.substr(0, set.find_first_of(" =")) == error.key()) return "--set: ";
  }
  const auto source = source_of(recipe);
  if (!source) return {};
  const int line = line_of_key(parse_toml(source->first, source->second), error.key(), error.node());
  return fmt::format("{}:{} ", source->second, line > 0 ? fmt::format("{}:", line) : "");
}

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
    if (!is_utf8(name_or_path)) {
      fail<ConfigError>("{}: a recipe's name goes into its runs, so it must be UTF-8: give the file another name",
                        printable(name_or_path));
    }
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
