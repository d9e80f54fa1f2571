#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command.hpp"
#include "shared.hpp"
#include "usage.hpp"
#include "version.hpp"

// The pages are made from the declared commands and options, as the help is, so they cannot fall behind. A page is text
// for `man`: lines that begin with a dot are requests (.SH a heading, .TP a hanging paragraph, .nf lines as they are).

namespace ganymede::app {
namespace {

/// Text as troff takes it: a hyphen would be drawn as one; a backslash, and a dot or quote at a line's start, mean
/// something.
std::string roff(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool begins = result.empty() || result.back() == '\n';
    if (begins && (c == '.' || c == '\'')) result += "\\&";
    result += c == '-' ? "\\-" : c == '\\' ? "\\e" : std::string(1, c);
  }
  return result;
}

/// What the formatter says behind an option's name, such as "N", "FILE REQUIRED", "X [0.5]".
struct OptionWords : CLI::Formatter {
  std::string name(const CLI::Option* option) const { return make_option_name(option, option->get_positional()); }
  std::string rest(const CLI::Option* option) const { return make_option_opts(option); }
};

bool is_shown(const CLI::Option* option) {
  return !option->get_group().empty();
}

void write_options(const CLI::App& command, std::string& page) {
  const OptionWords words;
  for (const CLI::Option* option : command.get_options()) {
    if (!is_shown(option)) continue;
    page += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(words.name(option)), roff(words.rest(option)),
                        roff(option->get_description()));
  }
}

std::string synopsis_of(const CLI::App& command, const std::string& name) {
  std::string line = fmt::format("\\fB{}\\fR", roff(name));
  for (const CLI::Option* option : command.get_options())
    if (option->get_positional()) line += fmt::format(" \\fI{}\\fR", roff(option->get_name(true)));
  if (!shown_subcommands(command).empty()) line += " \\fICOMMAND\\fR";
  return line + " [\\fIoptions\\fR]\n";
}

/// "ganymede-data" is called so by `man`, "ganymede data" by the shell.
std::string page_name(const std::string& command) {
  return command.empty() ? "ganymede" : "ganymede-" + command;
}

std::string heading(const std::string& page, const std::string& sentence) {
  std::string upper = page;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format(".TH {} 1 \"\" \"Ganymede {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n", roff(upper), version(),
                     roff(page), roff(sentence));
}

std::string footer_of(const CLI::App& command) {
  return command.get_footer().empty() ? "" : fmt::format(".SH NOTES\n.nf\n{}\n.fi\n", roff(command.get_footer()));
}

std::string page_of(const CLI::App& command) {
  const std::string& name = command.get_name();
  std::string page = heading(page_name(name), command.get_description());
  page += ".SH SYNOPSIS\n" + synopsis_of(command, "ganymede " + name) + ".SH OPTIONS\n";
  write_options(command, page);
  for (const CLI::App* sub : shown_subcommands(command)) {
    page += fmt::format(".SH \"{} {}\"\n{}.PP\n{}\n", roff(name), roff(sub->get_name()),
                        synopsis_of(*sub, "ganymede " + name + " " + sub->get_name()), roff(sub->get_description()));
    write_options(*sub, page);
    if (!sub->get_footer().empty()) page += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(sub->get_footer()));
  }
  return page + footer_of(command) +
         ".SH \"EXIT STATUS\"\n0 done or paused, 2 your input or data, 3 stopped by a guard (NaN, full disk, no "
         "memory), "
         "1 a mistake of the program.\n.SH \"SEE ALSO\"\n\\fBganymede\\fR(1)\n";
}

std::string first_page(const CLI::App& root) {
  std::string page = heading("ganymede", "train, look into and measure generative adversarial networks");
  page += ".SH SYNOPSIS\n" + synopsis_of(root, "ganymede") + ".SH DESCRIPTION\n" + roff(root.get_description()) + "\n";
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : shown_subcommands(root)) {
    page +=
        fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n", roff(page_name(command->get_name())), roff(command->get_description()));
  }
  page += ".SH OPTIONS\n";
  write_options(root, page);
  return page + footer_of(root) +
         ".SH FILES\n.TP\n\\fI./runs\\fR\nthe runs, unless $GANYMEDE_RUNS or \\-\\-runs names another folder\n"
         ".TP\n\\fI~/.local/share/ganymede/data\\fR\ndata sets, beside ./data and $GANYMEDE_DATA\n";
}

}  // namespace

Action set_up_man_pages(CLI::App& command) {
  const auto folder = std::make_shared<std::string>();
  command.group("");  // of the build: nobody else needs it
  command.add_option("DIR", *folder, "Folder for ganymede.1 and a page for every command")->required();
  return [folder, &command] {
    const CLI::App& root = *command.get_parent();
    make_folder(*folder);
    const auto write = [&](const std::string& name, const std::string& page) {
      write_file_atomically(std::filesystem::path(*folder) / (name + ".1"), page);
    };
    write("ganymede", first_page(root));
    for (const CLI::App* sub : shown_subcommands(root)) write(page_name(sub->get_name()), page_of(*sub));
    return 0;
  };
}

}  // namespace ganymede::app
