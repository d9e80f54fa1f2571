#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "command.hpp"
#include "page/run_report.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

struct ReportArguments {
  RunArguments run;
  Output output;
  std::string file;
};

int write_report(const ReportArguments& arguments) {
  const run::RunDirectory directory = arguments.run.find();
  const std::filesystem::path file =
      arguments.file.empty() ? directory.path() / "report.html" : std::filesystem::path(arguments.file);
  check_writable(file);
  const std::string page = page::run_report(directory);
  write_file_atomically(file, page);
  if (arguments.output.json) {
    print(nlohmann::json{
        {"schema", "ganymede.report/1"}, {"run", directory.name()}, {"file", file.string()}, {"bytes", page.size()}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}\n", file.string()));
  }
  return 0;
}

}  // namespace

Action set_up_report(CLI::App& command) {
  const auto a = std::make_shared<ReportArguments>();
  add_run(command, a->run);
  command.add_option("-o,--output", a->file, "The page (default: RUN/report.html)")
      ->type_name("FILE.html")
      ->transform(through_links());
  add_output(command, a->output);
  command.footer("Example: ganymede evaluate dcgan-001 && ganymede report dcgan-001");
  return [a] { return write_report(*a); };
}

}  // namespace ganymede::app
