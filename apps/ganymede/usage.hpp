#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <vector>

namespace ganymede::app {

/// Prints help or version where that was asked for (returns 0), else what is wrong with the command line in one line,
/// with the nearest command or option, on stderr (returns 2).
int explain(const CLI::App& app, const CLI::ParseError& error);

/// Help as CLI11 lays it out, in at most 100 columns.
std::shared_ptr<CLI::FormatterBase> narrow_help();

/// Guards the options of all commands (guard_options), and shortens what CLI11 calls their types: N a whole number, X
/// any number, nothing for text.
void tidy(CLI::App& app);

/// All but those that belong to the build alone.
std::vector<const CLI::App*> shown_subcommands(const CLI::App& command);

/// How the program that was called so is called most shortly: by its name alone where $PATH finds this very file under
/// it, else as it was called.
std::string shortest_name(const std::string& called);

/// "ganymede 0.1.0 (commit 1a2b3c4)".
std::string version_line();

}  // namespace ganymede::app
