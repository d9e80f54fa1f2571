#include "run/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "command.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

struct OptionsArguments {
  std::string filter;
  bool json = false;
  bool markdown = false;
};

int list_options(const OptionsArguments& arguments) {
  if (arguments.markdown) {
    print(run::options_markdown());
    return 0;
  }
  const bool any = std::ranges::any_of(run::options(), [&](const run::Option& option) {
    return option.key.find(arguments.filter) != std::string::npos;
  });
  if (!any) {
    const std::string near = run::nearest_option(arguments.filter);
    fail<UserError>("no key holds \"{}\"{}", arguments.filter, near.empty() ? "" : "; the nearest is " + near);
  }
  print(arguments.json ? run::options_json(arguments.filter) + "\n" : run::options_table(arguments.filter));
  return 0;
}

}  // namespace

Action set_up_options(CLI::App& command) {
  const auto a = std::make_shared<OptionsArguments>();
  command.add_option("FILTER", a->filter, "Only keys that hold this text");
  command.add_flag("--json", a->json, "As JSON");
  command.add_flag("--markdown", a->markdown, "As the reference page docs/options.md");
  command.footer("Example: ganymede options optimizer");
  return [a] { return list_options(*a); };
}

}  // namespace ganymede::app
