#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "study/studies.hpp"
#include "study_command.hpp"

namespace ganymede::app {
namespace {

struct Arguments {
  StudyArguments common;
  study::Choices choices;
};

// A study takes no --set: what the data room advises is said in the words of its options.
std::string in_study_words(std::string message) {
  constexpr std::string_view kThere = "--set data.source=";
  for (std::size_t at = 0; (at = message.find(kThere, at)) != std::string::npos;)
    message.replace(at, kThere.size(), "--source ");
  return message;
}

std::string plan_text(const study::Study& study, const std::vector<train::PlannedRun>& runs,
                      const std::filesystem::path& root, const Arguments& arguments,
                      const train::SessionOptions& session) {
  std::string text = plan_text(runs, root, expected_seconds(runs, root, arguments.common.machine));
  if (const auto effort = study.missing(root, session)) {
    text += fmt::format("\n{} to be measured, {}", counted(effort->points, "point"), human_duration(effort->seconds));
  }
  return text + "\n";
}

int run_study(const Arguments& arguments, const study::StudyEntry& entry) {
  StudyArguments common = arguments.common;
  settle_data(common);
  study::Choices choices = arguments.choices;
  choices.source = common.source;
  const std::unique_ptr<study::Study> study = entry.make(choices);
  const std::filesystem::path folder = study_folder(common, study->folder());
  const std::filesystem::path root = folder / "runs";
  const std::vector<train::PlannedRun> runs = study->runs();
  const train::SessionOptions session = session_options(common.machine, common.output);
  train::check_set(root, runs);
  study->check(session);
  const std::string plan = plan_text(*study, runs, root, arguments, session);
  if (common.dry_run) {
    print(plan);
    return 0;
  }
  if (!common.output.quiet) write_console(plan);
  if (!train_plan(runs, root, common)) return 0;

  Progress progress("measuring", static_cast<double>(study->points()),
                    {.style = common.output.style(), .unit = entry.unit});
  const study::Outcome outcome = study->measure(root, session, [&](double done, const std::string& what) {
    if (stop_requested()) fail<Error>("interrupted; the same command goes on from here");
    progress.update(done, what);
  });
  progress.update(static_cast<double>(study->points()));
  progress.finish();
  write_file_atomically(folder / "results.json", outcome.results);
  write_file_atomically(folder / "report.html", outcome.page);
  if (common.output.json) {
    print(outcome.results);
    return 0;
  }
  print_judgement(outcome.judgement);
  print(fmt::format("report: {}\n", (folder / "report.html").string()));
  return 0;
}

Action set_up(CLI::App& command, const study::StudyEntry& entry) {
  const auto a = std::make_shared<Arguments>();
  study::Choices& choices = a->choices;
  CLI::Option* epochs = nullptr;
  if (!entry.epochs.empty()) {
    epochs = command.add_option("--epochs", choices.epochs,
                                fmt::format("Epochs of every run (default: {})", entry.epochs))
                 ->check(range<std::int64_t>(1, 1'000'000));
  }
  if (!entry.own_epochs.empty()) command.add_flag("--own-epochs", choices.own_epochs, entry.own_epochs)->excludes(epochs);
  if (!entry.steps.empty()) {
    command
        .add_option("--steps", choices.steps, fmt::format("Length of a run (default: {})", entry.steps))
        ->check(range<std::int64_t>(1, 100'000'000));
  }
  if (entry.judge) {
    command.add_option("--judge", choices.judge, "Classifier that tells real from generated: weak, strong, auto")
        ->check(CLI::IsMember({"auto", "weak", "strong"}))
        ->capture_default_str();
  }
  add_study(command, a->common, entry);
  command.footer(entry.example);
  return [a, &entry] { return run_study(*a, entry); };
}

}  // namespace

Action set_up_study(CLI::App& command) {
  command.require_subcommand(1);
  const auto chosen = std::make_shared<Action>();
  for (const study::StudyEntry& entry : study::studies()) {
    CLI::App* one = command.add_subcommand(entry.name, entry.sentence);
    one->callback([chosen, action = set_up(*one, entry)] { *chosen = action; });
  }
  command.footer(
      "A study trains what is missing of its runs, measures them and writes one page, report.html. It can be stopped "
      "with Ctrl-C and called again.\nExample: ganymede study ink --quick");
  return [chosen] {
    try {
      return (*chosen)();
    } catch (const DataError& error) {
      throw DataError(in_study_words(error.what()));
    }
  };
}

}  // namespace ganymede::app
