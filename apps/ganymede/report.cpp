#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command.hpp"
#include "page/pages.hpp"
#include "shared.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  RunArguments run;
  Output output;
  std::string file;
};

/// A folder and the page that is wanted of it.
struct Wanted {
  fs::path folder;
  const page::PageKind* kind;
};

bool holds(const fs::path& folder, const char* kind) {
  const page::PageKind* found = page::page_kind_of(folder);
  return found != nullptr && found->name == kind;
}

/// RUN is a run's name or path, or the path of a study.
Wanted find_wanted(const RunArguments& arguments) {
  const fs::path path = arguments.run;
  const bool named = !path.has_parent_path() && holds(run::runs_root(arguments.runs) / path, "run");
  if (!named && holds(path, "study")) return {path, page::page_kind_of(path)};
  std::error_code ignored;
  if (!named && !path.empty() && !holds(path, "run") && fs::is_directory(path / "runs", ignored)) {
    fail<DataError>("{}: neither a run (run.json) nor a study that was measured (results.json, by `ganymede study`)",
                    path.string());
  }
  return {arguments.find().path(), &page::pages().front()};
}

int write_report(const ReportArguments& arguments) {
  const auto [folder, kind] = find_wanted(arguments.run);
  const fs::path file = arguments.file.empty() ? folder / "report.html" : fs::path(arguments.file);
  check_writable(file);
  const std::string html = kind->make(folder);
  write_file_atomically(file, html);
  if (arguments.output.json) {
    const std::string name = fs::absolute(folder / ".").lexically_normal().parent_path().filename().string();
    print(nlohmann::json{
        {"schema", "ganymede.report/1"}, {kind->name, name}, {"file", file.string()}, {"bytes", html.size()}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}\n", file.string()));
  }
  return 0;
}

}  // namespace

Action set_up_report(CLI::App& command) {
  const auto a = std::make_shared<ReportArguments>();
  add_run(command, a->run);
  command.add_option("-o,--output", a->file, "The page (default: report.html in the folder)")
      ->type_name("FILE.html")
      ->transform(through_links());
  add_output(command, a->output);
  command.footer(
      "In the place of a run, the folder of a study makes the study's page again from its results and figures.\n"
      "Example: ganymede evaluate dcgan-001 && ganymede report dcgan-001\n"
      "         ganymede report studies/dims-quick");
  return [a] { return write_report(*a); };
}

}  // namespace ganymede::app
