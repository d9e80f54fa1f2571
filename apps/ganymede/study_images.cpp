#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/console.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "study/image_effort.hpp"
#include "study/image_report.hpp"
#include "study_command.hpp"

namespace ganymede::app {
namespace {

struct Arguments {
  StudyArguments study;
  study::ImageChoices choices;
};

using Planner = study::ImagePlan (*)(const study::ImageChoices&);

int study_images(const Arguments& arguments, Planner planner) {
  StudyArguments common = arguments.study;
  settle_data(common, {"mnist"});
  study::ImageChoices choices = arguments.choices;
  choices.source = common.source;
  choices.quick = common.quick;
  choices.seeds = common.seeds;
  const study::ImagePlan plan = planner(choices);
  const std::filesystem::path folder = study_folder(common, plan.study + (common.quick ? "-quick" : ""));
  const std::filesystem::path runs = folder / "runs";
  const auto all = plan.all_runs();
  const train::SessionOptions session = session_options(common.machine, common.output);
  train::check_set(runs, all);
  study::check_measurable(plan, session);
  const std::string text = plan_text(all, runs, expected_seconds(all, runs, common.machine)) +
                           fmt::format("\n{} to be measured, {}\n",
                                       counted(static_cast<std::int64_t>(study::missing_points(plan, runs)), "point"),
                                       human_duration(study::expected_measuring_seconds(plan, runs, session)));
  if (common.dry_run) {
    print(text);
    return 0;
  }
  if (!common.output.quiet) write_console(text);
  if (!train_plan(all, runs, common)) return 0;

  Progress progress("measuring", static_cast<double>(plan.points()),
                    {.style = common.output.style(), .unit = "points"});
  const study::ImageResults results =
      study::measure_images(plan, runs, session, [&](double done, const std::string& what) {
        if (stop_requested()) fail<Error>("interrupted; the same command goes on from here");
        progress.update(done, what);
      });
  progress.finish();
  const std::string json = study::image_json(results);
  write_file_atomically(folder / "results.json", json);
  write_file_atomically(folder / "report.html", study::image_report(results, runs, session.threads));
  if (common.output.json) {
    print(json);
    return 0;
  }
  print_judgement(study::judge_images(results));
  print(fmt::format("report: {}\n", (folder / "report.html").string()));
  return 0;
}

Action set_up(CLI::App& command, Planner planner, const char* source, const char* length) {
  const auto a = std::make_shared<Arguments>();
  study::ImageChoices& choices = a->choices;
  auto* epochs =
      command.add_option("--epochs", choices.epochs, fmt::format("Epochs of every run (default: {})", length))
          ->transform(range<std::int64_t>(1, 1'000'000));
  if (planner == study::plan_dims) {
    command
        .add_flag("--own-epochs", choices.own_epochs,
                  "Each model as long as the study trained it: 5000, 2000, 1000 epochs, the conditional one 256")
        ->excludes(epochs);
  }
  command.add_option("--judge", choices.judge, "Classifier that tells real from generated: weak, strong, auto")
      ->transform(one_of({"auto", "weak", "strong"}))
      ->capture_default_str();
  add_study(command, a->study,
            {.source = fmt::format("as data.source takes it: a name, or a path (default: {})", source),
             .seeds = "3",
             .steps = {}});
  return [a, planner] { return study_images(*a, planner); };
}

}  // namespace

Action set_up_study_dims(CLI::App& command) {
  return set_up(command, study::plan_dims, "mnist", "50, quick 10");
}
Action set_up_study_activations(CLI::App& command) {
  return set_up(command, study::plan_activations, "mnist", "the study's 500, quick 10");
}
Action set_up_study_landscapes(CLI::App& command) {
  return set_up(command, study::plan_landscapes, "builtin-landscapes", "the study's 1,000, quick 18");
}
Action set_up_study_dcgan(CLI::App& command) {
  return set_up(command, study::plan_dcgan, "mnist", "the study's 50, quick 4");
}

}  // namespace ganymede::app
