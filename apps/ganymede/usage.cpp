#include "usage.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <vector>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

/// The command that was being parsed, and its whole name.
const CLI::App& innermost(const CLI::App& app, std::string& name) {
  const CLI::App* command = &app;
  name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  return *command;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

}  // namespace

int explain(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    const int code = app.exit(error);
    if (!std::cout.flush()) throw GuardError("cannot write the help to stdout");
    return code;
  }
  if (app.get_subcommands().empty() && app.remaining().empty()) {
    write_console(app.help());
    return 2;
  }
  std::string name;
  const CLI::App& command = innermost(app, name);
  const std::vector<std::string> surplus = command.remaining();
  std::string message = error.what();
  if (!surplus.empty()) {
    const std::string& word = surplus.front();
    const bool option = word.starts_with("-");
    const std::vector<std::string> known = option ? option_names(command) : command_names(command);
    const char* kind = option ? "option" : known.empty() ? "argument" : "command";
    message = fmt::format("unknown {} \"{}\"{}", kind, word, did_you_mean(word.substr(0, word.find('=')), known));
  }
  tell("{}: {}\n`{} --help` shows what there is.", name, message, name);
  return 2;
}

void tidy(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    if (type == "INT" || type == "UINT") option->type_name("N");
    if (type == "FLOAT") option->type_name("X");
    if (type == "TEXT") option->type_name("");
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) tidy(*command);
}

std::string version_line() {
  return commit().empty() ? "ganymede " + version() : fmt::format("ganymede {} (commit {})", version(), commit());
}

}  // namespace ganymede::app
