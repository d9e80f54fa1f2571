#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/console.hpp"
#include "base/file.hpp"
#include "evaluate/reference.hpp"
#include "study/ink_report.hpp"
#include "study_command.hpp"

namespace ganymede::app {
namespace {

struct Arguments {
  StudyArguments study;
};

int study_ink(const Arguments& arguments) {
  StudyArguments common = arguments.study;
  settle_data(common, {"builtin", "unipen", "mnist"});
  if (common.source.empty()) common.source = "builtin";
  const study::InkPlan plan =
      study::plan_ink({.source = common.source, .quick = common.quick, .seeds = common.seeds, .steps = common.steps});
  const std::filesystem::path folder =
      study_folder(common, fmt::format("ink-{}{}", evaluate::slug(common.source), common.quick ? "-quick" : ""));
  const std::filesystem::path runs = folder / "runs";
  const auto all = plan.all_runs();
  train::check_set(runs, all);
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
  print_judgement(study::judge_ink(results));
  print(fmt::format("report: {}\n", (folder / "report.html").string()));
  return 0;
}

}  // namespace

Action set_up_study_ink(CLI::App& command) {
  const auto a = std::make_shared<Arguments>();
  add_study(command, a->study,
            {.source = "builtin (made-up symbols, nothing to download), unipen (real ones), or a file of ink",
             .seeds = "3, quick 2",
             .steps = "30,000, quick 6,000"});
  command.footer("Example: ganymede study ink --quick\n         ganymede study ink --source unipen --seeds 5");
  return [a] { return study_ink(*a); };
}

}  // namespace ganymede::app
