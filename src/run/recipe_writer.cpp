#include <fmt/format.h>

#include "net/description.hpp"
#include "run/layers.hpp"
#include "run/options.hpp"
#include "run/recipe_file.hpp"
#include "run/toml_text.hpp"

namespace ganymede::run {
namespace {

// "generator.optimizer" of "generator.optimizer.kind".
std::string section_of(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}

std::string layers_text(const Recipe::Player& player) {
  return player.layers ? net::to_json(*player.layers) : "";
}

}  // namespace

std::string to_toml(const Recipe& recipe) {
  std::string text = "schema = 1\n";
  std::string section;
  for (const Option& option : options()) {
    const std::string own_section = section_of(option.key);
    if (own_section != section) {
      section = own_section;
      text += fmt::format("\n[{}]\n", section);
    }
    const std::string name = option.key.substr(section.empty() ? 0 : section.size() + 1);
    text += fmt::format("{:<40}  # {}\n", fmt::format("{} = {}", name, value_text(option, recipe)), option.help);
  }
  if (recipe.generator.layers) text += layers_to_toml("generator", *recipe.generator.layers);
  if (recipe.discriminator.layers) text += layers_to_toml("discriminator", *recipe.discriminator.layers);
  return text;
}

std::vector<Difference> difference(const Recipe& before, const Recipe& after) {
  std::vector<Difference> differences;
  const auto add = [&](const std::string& key, const std::string& a, const std::string& b) {
    if (a != b) {
      differences.push_back({key, a, b});
    }
  };
  for (const Option& option : options()) {
    if (unfulfilled(option, before) != nullptr && unfulfilled(option, after) != nullptr) {
      continue;  // neither can use it
    }
    add(option.key, value_text(option, before), value_text(option, after));
  }
  add("generator.layer", layers_text(before.generator), layers_text(after.generator));
  add("discriminator.layer", layers_text(before.discriminator), layers_text(after.discriminator));
  return differences;
}

std::string to_string(const std::vector<Difference>& differences) {
  std::string text;
  for (const auto& [key, before, after] : differences) {
    const bool layers = key.ends_with(".layer");
    text +=
        layers ? fmt::format("  {}: the layers differ\n", key) : fmt::format("  {}: {} -> {}\n", key, before, after);
  }
  return text;
}

}  // namespace ganymede::run
