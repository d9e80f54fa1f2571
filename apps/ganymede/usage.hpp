#pragma once

#include <CLI/App.hpp>
#include <string>

namespace ganymede::app {

/// Prints help or version where that was asked for (returns 0), else what is wrong with the command line in one line,
/// with the nearest command or option, on stderr (returns 2).
int explain(const CLI::App& app, const CLI::ParseError& error);

/// Shortens what CLI11 calls the types of all options: N a whole number, X any number, nothing for text.
void tidy(CLI::App& app);

/// "ganymede 0.1.0 (commit 1a2b3c4)".
std::string version_line();

}  // namespace ganymede::app
