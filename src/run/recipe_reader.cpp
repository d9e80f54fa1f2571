#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "run/layers.hpp"
#include "run/option_value.hpp"
#include "run/recipe_check.hpp"
#include "run/recipe_file.hpp"
#include "run/toml_text.hpp"

namespace ganymede::run {
namespace {

bool is_section(const std::string& path) {
  return std::ranges::any_of(options(), [&](const Option& option) { return option.key.starts_with(path + "."); });
}

constexpr const char* kLengths[] = {"train.epochs", "train.steps", "train.images"};

class Reader {
 public:
  Recipe read(const TomlValue::Table& root, UselessKeys useless) {
    check_schema(root);
    visit(root, "");
    if (faults_.empty() && useless == UselessKeys::refuse) {
      check_use();
    }
    if (faults_.empty()) {
      for (const Fault& fault : cross_check(recipe_)) {
        const auto line = lines_.find(fault.key);
        faults_.push_back({line == lines_.end() ? 0 : line->second, fault.text});
      }
    }
    return recipe_;
  }

  /// Throws if anything was wrong.
  void finish(const std::string& origin) {
    std::ranges::stable_sort(faults_, {}, &LineFault::line);
    std::string message;
    for (const LineFault& fault : faults_) {
      message += fmt::format("{}{}:{} {}", message.empty() ? "" : "\n", origin,
                             fault.line > 0 ? fmt::format("{}:", fault.line) : "", fault.text);
    }
    if (!message.empty()) {
      throw ConfigError(message);
    }
  }

 private:
  void check_schema(const TomlValue::Table& root) {
    const auto found = std::ranges::find(root, "schema", [](const auto& entry) { return entry.first; });
    if (found == root.end()) {
      faults_.push_back({1, "schema = 1 is missing: it says which form of recipe this is"});
    } else if (const auto* number = found->second.as<std::int64_t>(); number == nullptr || *number != 1) {
      faults_.push_back({found->second.line, fmt::format("schema must be 1 (got {})", shown(found->second))});
    }
  }

  void visit(const TomlValue::Table& table, const std::string& section) {
    for (const auto& [name, value] : table) {
      const std::string key = fmt::format("{}{}{}", section, section.empty() ? "" : ".", name);
      if (key == "schema") {
        continue;
      }
      lines_[key] = value.line;
      const auto* inner = value.as<TomlValue::Table>();
      if (key == "generator.layer") {
        take_layers(recipe_.generator, "generator", value);
      } else if (key == "discriminator.layer") {
        take_layers(recipe_.discriminator, "discriminator", value);
      } else if (const Option* option = find_option(key)) {
        if (const auto fault = assign(*option, recipe_, value)) {
          faults_.push_back({value.line, *fault});
        }
      } else if (inner != nullptr && (is_section(key) || !inner->empty())) {
        visit(*inner, key);  // of an unknown section, each key is reported
      } else if (is_section(key)) {
        faults_.push_back({value.line, fmt::format("{0} must be a section [{0}] (got {1})", key, shown(value))});
      } else {
        faults_.push_back({value.line, unknown_key(key)});
      }
    }
  }

  void check_use() {
    const bool resolved = std::ranges::all_of(kLengths, [&](const char* key) { return lines_.contains(key); });
    const Recipe defaults;
    for (const Option& option : options()) {
      const auto line = lines_.find(option.key);
      if (line == lines_.end() || (resolved && value_text(option, recipe_) == value_text(option, defaults))) {
        continue;
      }
      if (const Condition* condition = unfulfilled(option, recipe_)) {
        faults_.push_back({line->second, useless_text(option, *condition, recipe_)});
      }
    }
    if (!recipe_.generator.layers) return;
    if (const std::string name = unbounded_output(*recipe_.generator.layers); !name.empty()) {
      faults_.push_back(
          {lines_["generator.layer"],
           fmt::format("generator.layer \"{}\" ends the network, and nothing bounds its values, but images "
                       "lie in [-1, 1]: end with an activation of function \"tanh\", or \"linear\" where "
                       "that is meant",
                       name)});
    }
  }

  void take_layers(Recipe::Player& player, const std::string& name, const TomlValue& layers) {
    player.layers = read_layers(name, layers, faults_);
    if (!lines_.contains(name + ".family")) {
      player.family = "layers";
    }
  }

  Recipe recipe_;
  std::vector<LineFault> faults_;
  std::map<std::string, int> lines_;
};

// The value of --set as TOML, alone in its document.
TomlValue parse_value(const Option& option, const std::string& text) {
  try {
    TomlValue::Table table = parse_toml("v = " + text, "--set");
    if (table.size() == 1) {
      return table[0].second;
    }
  } catch (const ConfigError&) {
  }
  fail<ConfigError>("--set: {} must be {} (got {})", option.key, wanted_text(option), text);
}

}  // namespace

Recipe parse_recipe(std::string_view text, const std::string& origin, UselessKeys useless) {
  const TomlValue::Table root = parse_toml(text, origin);
  Reader reader;
  Recipe recipe = reader.read(root, useless);
  reader.finish(origin);
  if (recipe.name.empty()) {
    recipe.name = std::filesystem::path(origin).stem().string();
  }
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& path, UselessKeys useless) {
  return parse_recipe(read_file(path, kLargestToml), path.string(), useless);
}

std::string apply_set(Recipe& recipe, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    fail<ConfigError>("--set {}: wanted key=value, such as train.batch=64", assignment);
  }
  const auto trimmed = [](std::string text) {
    const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
    text.erase(std::find_if_not(text.rbegin(), text.rend(), blank).base(), text.end());
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
    return text;
  };
  const std::string key = trimmed(assignment.substr(0, equals));
  std::string value = trimmed(assignment.substr(equals + 1));
  const Option* option = find_option(key);
  if (option == nullptr) {
    fail<ConfigError>("--set: {}", unknown_key(key));
  }
  const bool text = is_text(option->field(recipe));
  if (text && !value.starts_with('"') && !value.starts_with('\'')) {
    value = toml_text(value);
  }
  if (key == "train.epochs" || key == "train.steps" || key == "train.images") {
    Recipe::Train train = recipe.train;
    recipe.train.epochs = recipe.train.steps = recipe.train.images = 0;
    if (const auto fault = assign(*option, recipe, parse_value(*option, value))) {
      recipe.train = train;
      fail<ConfigError>("--set: {}", *fault);
    }
    return key;
  }
  if (const auto fault = assign(*option, recipe, parse_value(*option, value))) {
    fail<ConfigError>("--set: {}", *fault);
  }
  return key;
}

void apply_sets(Recipe& recipe, const std::vector<std::string>& assignments) {
  const Recipe before = recipe;
  std::vector<std::string> keys;
  std::string message;
  const auto add = [&](const std::string& fault) { message += (message.empty() ? "" : "\n") + fault; };
  for (const std::string& assignment : assignments) {
    try {
      keys.push_back(apply_set(recipe, assignment));
    } catch (const ConfigError& error) {
      add(error.what());
    }
  }
  Recipe defaults;
  for (const Option& option : options()) {
    const Condition* condition = unfulfilled(option, recipe);
    if (condition == nullptr) {
      continue;
    }
    if (std::ranges::find(keys, option.key) != keys.end()) {
      add("--set: " + useless_text(option, *condition, recipe));
    } else if (unfulfilled(option, before) == nullptr) {  // what belonged to the old choice goes with it
      std::visit([&](auto* field) { *field = *std::get<decltype(field)>(option.field(defaults)); },
                 option.field(recipe));
    }
  }
  if (!message.empty()) {
    recipe = before;
    throw ConfigError(message);
  }
}

}  // namespace ganymede::run
