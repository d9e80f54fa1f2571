#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "run/recipe_file.hpp"
#include "shared.hpp"
#include "usage.hpp"

namespace ganymede::app {
namespace {

// The scripts are made from the declared commands and options, so they cannot fall behind.

/// "--run --runs ..."
std::string options_of(const CLI::App& command) {
  std::string words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;  // an old name, which still works
    for (const std::string& name : option->get_lnames()) words += (words.empty() ? "--" : " --") + name;
  }
  return words;
}

/// What may stand where no option stands: subcommands, recipes, or a shell expression that lists the runs.
std::string choices_of(const CLI::App& command) {
  std::string words;
  for (const CLI::App* sub : shown_subcommands(command)) words += sub->get_name() + " ";
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const std::string name = option->get_name(true);
    if (name == "RECIPE") {
      for (const run::ShippedRecipe& recipe : run::shipped_recipes()) words += recipe.name + " ";
    } else if (name == "RUN") {
      words += "$(ls -- \"${GANYMEDE_RUNS:-runs}\" 2>/dev/null) ";
    } else if (name == "SHELL") {
      words += "bash zsh fish ";
    }
  }
  return words;
}

std::string case_lines(const CLI::App& command, const std::string& path) {
  std::string lines =
      fmt::format("    \"{}\") options=\"{}\"; choices=\"{}\" ;;\n", path, options_of(command), choices_of(command));
  for (const CLI::App* sub : shown_subcommands(command)) lines += case_lines(*sub, path + " " + sub->get_name());
  return lines;
}

std::string path_patterns(const CLI::App& command, const std::string& path) {
  std::string patterns;
  for (const CLI::App* sub : shown_subcommands(command)) {
    const std::string name = path + " " + sub->get_name();
    patterns += (patterns.empty() ? "" : "|") + fmt::format("\"{}\"", name);
    if (const std::string below = path_patterns(*sub, name); !below.empty()) patterns += "|" + below;
  }
  return patterns;
}

/// Both shells find the command that is being typed and set `options` and `choices`.
std::string find_command(const CLI::App& root, const char* typed_words) {
  return fmt::format(
      "  local options choices word typed=\"{0}\"\n"
      "  for word in {1}; do\n"
      "    case \"$typed $word\" in {2}) typed=\"$typed $word\" ;; esac\n"
      "  done\n"
      "  case \"$typed\" in\n{3}  esac\n",
      root.get_name(), typed_words, path_patterns(root, root.get_name()), case_lines(root, root.get_name()));
}

std::string bash_script(const CLI::App& root) {
  return "# bash completion for ganymede\n_ganymede() {\n" + find_command(root, "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"") +
         "  if [[ ${COMP_WORDS[COMP_CWORD]} == -* ]]; then choices=$options; fi\n"
         "  COMPREPLY=($(compgen -W \"$choices\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -o default -F _ganymede ganymede\n";
}

std::string zsh_script(const CLI::App& root) {
  std::string text = "#compdef ganymede\n_ganymede() {\n" + find_command(root, "\"${(@)words[2,CURRENT-1]}\"");
  return text +
         "  if [[ $PREFIX == -* ]]; then compadd -- ${=options}; else compadd -- ${=choices}; _files; fi\n"
         "}\n"
         // found in fpath, the file runs as the function itself at the first use; else it is sourced
         "if [[ ${funcstack[1]} == _ganymede ]]; then _ganymede \"$@\"; else compdef _ganymede ganymede; fi\n";
}

std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted + "'";
}

void fish_lines(const CLI::App& command, const std::string& seen, std::string& script) {
  const std::string begin = "complete -c ganymede" + (seen.empty() ? "" : " -n '" + seen + "'");
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) {
      script += fmt::format("{} -l {} -d {}\n", begin, name, fish_quoted(option->get_description()));
    }
    if (!option->get_positional()) continue;
    if (option->get_name(true) == "RECIPE") {
      for (const run::ShippedRecipe& recipe : run::shipped_recipes()) script += begin + " -a " + recipe.name + "\n";
    } else if (option->get_name(true) == "RUN") {
      script += begin + " -a '(set -q GANYMEDE_RUNS; and ls $GANYMEDE_RUNS 2>/dev/null; or ls runs 2>/dev/null)'\n";
    } else if (option->get_name(true) == "SHELL") {
      script += begin + " -a 'bash zsh fish'\n";
    }
  }
}

std::string fish_script(const CLI::App& root) {
  std::string script = "# fish completion for ganymede\n";
  for (const CLI::App* command : shown_subcommands(root)) {
    const std::string name = command->get_name();
    script += fmt::format("complete -c ganymede -f -n __fish_use_subcommand -a {} -d {}\n", name,
                          fish_quoted(command->get_description()));
    const std::string seen = "__fish_seen_subcommand_from " + name;
    fish_lines(*command, seen, script);
    for (const CLI::App* sub : shown_subcommands(*command)) {
      script += fmt::format("complete -c ganymede -n '{}' -a {} -d {}\n", seen, sub->get_name(),
                            fish_quoted(sub->get_description()));
      fish_lines(*sub, seen + "; and __fish_seen_subcommand_from " + sub->get_name(), script);
    }
  }
  return script;
}

}  // namespace

Action set_up_completion(CLI::App& command) {
  const auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "bash, zsh or fish")->required()->transform(one_of({"bash", "zsh", "fish"}));
  command.footer(
      "Example: ganymede completion bash > ~/.local/share/bash-completion/completions/ganymede\n"
      "An installed Ganymede has them already.");
  return [shell, &command] {
    const CLI::App& root = *command.get_parent();
    print(*shell == "bash" ? bash_script(root) : *shell == "zsh" ? zsh_script(root) : fish_script(root));
    return 0;
  };
}

}  // namespace ganymede::app
