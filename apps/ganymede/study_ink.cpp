#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/console.hpp"
#include "base/file.hpp"
#include "study/ink_report.hpp"
#include "study_command.hpp"

namespace ganymede::app {
namespace {

struct Arguments {
  StudyArguments study;
  std::string data = "builtin";
};

int study_ink(const Arguments& arguments) {
  const StudyArguments& common = arguments.study;
  const study::InkPlan plan =
      study::plan_ink({.data = arguments.data, .quick = common.quick, .seeds = common.seeds, .steps = common.steps});
  const std::filesystem::path folder =
      study_folder(common, fmt::format("ink-{}{}", arguments.data, common.quick ? "-quick" : ""));
  const std::filesystem::path runs = folder / "runs";
  const auto all = plan.all_runs();
  const std::string text = plan_text(all, runs, expected_seconds(all, runs, common.machine)) + "\n";
  if (common.dry_run) {
    print(text);
    return 0;
  }
  if (!common.output.quiet) write_console(text);
  if (!train_plan(all, runs, common)) return 0;

  const train::SessionOptions session = session_options(common.machine, common.output);
  Progress progress("measuring", static_cast<double>(all.size()), {.style = common.output.style(), .unit = "runs"});
  const study::InkResults results = study::measure_plan(
      plan, runs, session,
      [&](std::size_t done, const std::string& what) { progress.update(static_cast<double>(done), what); });
  progress.update(static_cast<double>(all.size()));
  progress.finish();
  const std::string json = study::ink_json(results);
  write_file_atomically(folder / "results.json", json);
  write_file_atomically(folder / "report.html", study::ink_report(results, runs, session));
  if (common.output.json) {
    print(json);
    return 0;
  }
  print_findings(study::judge_ink(results));
  print(fmt::format("report: {}\n", (folder / "report.html").string()));
  return 0;
}

}  // namespace

Action set_up_study_ink(CLI::App& command) {
  const auto a = std::make_shared<Arguments>();
  command.add_option("--data", a->data, "builtin: made-up symbols, nothing to download; unipen: real ones")
      ->check(CLI::IsMember({"builtin", "unipen"}))
      ->capture_default_str();
  add_study(command, a->study);
  command.footer("Example: ganymede study ink --quick\n         ganymede study ink --data unipen --seeds 5");
  return [a] { return study_ink(*a); };
}

}  // namespace ganymede::app
