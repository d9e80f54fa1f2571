#include "usage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include "base/console.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "legal.hpp"
#include "shared.hpp"
#include "version.hpp"

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

/// Of the option that CLI11's words begin with; it throws nothing else that tells.
CLI::Option* option_of(const CLI::App& command, const std::string& words) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (words.starts_with(name + " ") || words.starts_with(name + ": "))
      return const_cast<CLI::App&>(command).get_option(name);
  }
  return nullptr;
}

std::string positional_names(const CLI::App& command) {
  std::string names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) names += (names.empty() ? "" : " ") + option->get_name(true);
  }
  return names;
}

/// What people call a command elsewhere, else the nearest name.
std::string meant_command(const std::string& word, const std::vector<std::string>& known) {
  static const std::map<std::string, std::string> kElsewhere = {
      {"remove", "rm"},      {"delete", "rm"},     {"del", "rm"},      {"ls", "list"},           {"generate", "sample"},
      {"score", "evaluate"}, {"eval", "evaluate"}, {"plot", "report"}, {"version", "--version"}, {"help", "--help"}};
  const auto found = kElsewhere.find(word);
  if (found == kElsewhere.end()) return did_you_mean(word, known);
  const bool there = found->second.starts_with("-") || std::ranges::find(known, found->second) != known.end();
  return there ? fmt::format(", did you mean \"{}\"?", found->second) : did_you_mean(word, known);
}

/// Words that no option and no argument took.
std::string explain_surplus(const CLI::App& command, const std::string& word) {
  if (word.starts_with("-")) {
    const std::string name = word.substr(0, word.find('='));
    return fmt::format("unknown option \"{}\"{}", word, did_you_mean(name, option_names(command)));
  }
  if (const std::vector<std::string> known = command_names(command); !known.empty())
    return fmt::format("unknown command \"{}\"{}", word, meant_command(word, known));
  const std::string wanted = positional_names(command);
  return fmt::format("wants {} and nothing more, found \"{}\" as well", wanted.empty() ? "options" : wanted, word);
}

/// CLI11's words in the style of the other messages: where, what was wanted, what was found.
std::string explain_fault(const CLI::App& command, const CLI::ParseError& error) {
  const std::string words = error.what();
  const std::string kind = error.get_name();
  CLI::Option* option = option_of(command, words);
  if (option == nullptr) {
    const std::vector<std::string> known = command_names(command);
    if (kind == "RequiredError" && !known.empty()) return fmt::format("wants a command: {}", fmt::join(known, ", "));
    return words;
  }
  const std::string name = option->get_name();
  if (kind == "ValidationError") return name + " " + words.substr(name.size() + 2);
  if (kind == "RequiredError") return fmt::format("{} is missing: {}", name, option->get_description());
  if (kind == "ExcludesError") {
    const std::string other = words.substr(words.rfind(' ') + 1);
    return fmt::format("{} and {} exclude each other: give one of them", name, other);
  }
  const bool missing = words.ends_with(" missing");
  if (kind == "ArgumentMismatch" && !missing)
    return fmt::format("{} wants one value, found {}: {}", name, option->count(), fmt::join(option->results(), ", "));
  if (kind == "ArgumentMismatch") {
    const std::string wanted = refusal(*option, "");
    return name + " " + (wanted.empty() ? "wants a value, found nothing: " + option->get_description() : wanted);
  }
  return words;
}

constexpr std::size_t kHelpWidth = 100;
constexpr std::size_t kNameWidth = 30;  // of options, before what they mean

// Breaks before the first word that does not fit into `width`; `column` is where the text begins and goes on.
std::string wrapped(const std::string& text, std::size_t width, std::size_t column = 0) {
  std::string result;
  std::size_t at = column;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto length = static_cast<std::size_t>(display_width(word));
    if (at > column && at + 1 + length > width) {
      result += "\n" + std::string(column, ' ');
      at = column;
    }
    if (at > column) result += " ";
    result += word;
    at += (at > column ? 1 : 0) + length;
  }
  return result;
}

// A line of a footer: what does not fit goes on below the column where its last text began, "  name   meaning".
std::string wrapped_line(const std::string& line) {
  if (static_cast<std::size_t>(display_width(line)) <= kHelpWidth) return line;
  const std::size_t gap = line.rfind("  ");
  const std::size_t column = gap == std::string::npos ? 0 : gap + 2;
  return line.substr(0, column) + wrapped(line.substr(column), kHelpWidth, column);
}

class NarrowHelp : public CLI::Formatter {
 public:
  NarrowHelp() { column_width(kNameWidth); }
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(option->get_description(), kHelpWidth - kNameWidth);  // CLI11 indents what follows a line's end
  }
  std::string make_footer(const CLI::App* app) const override {
    std::istringstream lines(CLI::Formatter::make_footer(app));
    std::string text;
    for (std::string line; std::getline(lines, line);) text += wrapped_line(line) + "\n";
    return text;
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> narrow_help() {
  return std::make_shared<NarrowHelp>();
}

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
  const bool of_value = error.get_name() == "ValidationError";  // which may be why words are left over
  tell("{}: {}\n`{} --help` shows what there is.", name,
       surplus.empty() || of_value ? explain_fault(command, error) : explain_surplus(command, surplus.front()), name);
  return 2;
}

void tidy(CLI::App& app) {
  guard_options(app);
  for (CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    if (type == "INT" || type == "UINT") option->type_name("N");
    if (type == "FLOAT") option->type_name("X");
    if (type == "TEXT") option->type_name("");
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) tidy(*command);
}

std::vector<const CLI::App*> shown_subcommands(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
}

std::string shortest_name(const std::string& called) {
  namespace fs = std::filesystem;
  const std::string name = fs::path(called).filename().string();
  if (name == called) return called;
  std::istringstream folders(environment("PATH").value_or(""));
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
    std::error_code fault;
    if (!fs::is_regular_file(candidate, fault) || access(candidate.c_str(), X_OK) != 0) continue;
    return fs::equivalent(candidate, called, fault) && !fault ? name : called;  // the shell takes the first there is
  }
  return called;
}

std::string version_line() {
  return commit().empty() ? "ganymede " + version() : fmt::format("ganymede {} (commit {})", version(), commit());
}

}  // namespace ganymede::app
