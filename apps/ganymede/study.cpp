#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "legal.hpp"
#include "study/studies.hpp"
#include "study_command.hpp"
#include "team.hpp"

namespace ganymede::app {
namespace {

int run_study(StudyArguments common, const study::StudyEntry& entry, cluster::Joined* group) {
  settle_data(common);
  const std::unique_ptr<study::Study> study = entry.make(common.choices);
  const std::filesystem::path folder = study_folder(common, study->folder());
  return carry_out(*study, folder, entry.unit, common, group);
}

Action set_up(CLI::App& command, const study::StudyEntry& entry) {
  const auto a = std::make_shared<StudyArguments>();
  study::Choices& choices = a->choices;
  command.add_option("--source", choices.source, "Data set: " + entry.source)->type_name("NAME|PATH");
  command.add_flag("--quick", choices.quick, "A small version, within 20 minutes on two cores");
  command
      .add_option("--seeds", choices.seeds,
                  fmt::format("Runs of everything, each with a seed of its own (default: {})", entry.seeds))
      ->transform(range(1, 100));
  if (!entry.steps.empty()) {
    command.add_option("--steps", choices.steps, fmt::format("Length of a run (default: {})", entry.steps))
        ->transform(range<std::int64_t>(1, 100'000'000));
  }
  if (!entry.epochs.empty()) {
    auto* epochs =
        command.add_option("--epochs", choices.epochs, fmt::format("Epochs of every run (default: {})", entry.epochs))
            ->transform(range<std::int64_t>(1, 1'000'000));
    if (!entry.own_epochs.empty())
      command.add_flag("--own-epochs", choices.own_epochs, entry.own_epochs)->excludes(epochs);
  }
  if (entry.judge) {
    command.add_option("--judge", choices.judge, "Classifier that tells real from generated: weak, strong, auto")
        ->transform(one_of({"auto", "weak", "strong"}))
        ->capture_default_str();
  }
  add_study(command, *a);
  command.footer(entry.example);
  return [a, &entry] {
    install_stop_handlers();
    return in_team([&](cluster::Joined* group) { return run_study(*a, entry, group); });
  };
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
  return [chosen] { return (*chosen)(); };
}

}  // namespace ganymede::app
