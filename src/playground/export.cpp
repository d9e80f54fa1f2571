#include "playground/export.hpp"

#include <fmt/format.h>

#include "playground/drawn.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::playground {

std::string command_of(const LiveGame& game, const std::string& preset) {
  if (game.is_drawn()) return "";
  std::string words = "ganymede train " + preset;
  for (const run::Difference& change : run::difference(run::find_recipe(preset), game.recipe())) {
    if (change.key == "description") continue;
    std::string value = change.after;
    if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);  // needs no quotes
    const std::string assignment = fmt::format("{}={}", change.key, value);
    const bool plain = assignment.find_first_of(" []'\"") == std::string::npos;
    words += plain ? " --set " + assignment : fmt::format(" --set '{}'", assignment);
  }
  return words;
}

std::string recipe_file(const LiveGame& game, const std::string& preset) {
  std::string text =
      fmt::format("# A game of the playground, begun with the recipe {}.\n#     ganymede train FILE.toml\n", preset);
  if (game.is_drawn()) {
    text += fmt::format(
        "# Its data are points that were drawn by hand: put {} beside this file, and run it in that folder.\n",
        kDrawnFile);
  } else {
    text += "# The same: " + command_of(game, preset) + "\n";
  }
  if (game.turned().empty()) {
    text += "# No knob was turned on the way: training it makes the same steps, bit for bit.\n";
  } else {
    text += "# Knobs that were turned on the way; this file has them turned from the start:\n";
    for (const Turned& one : game.turned())
      text += fmt::format("#     step {}: {} {} -> {}\n", one.step, one.key, one.before, one.after);
  }
  return text + "\n" + run::to_toml(game.recipe());
}

}  // namespace ganymede::playground
