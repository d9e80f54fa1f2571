#include "run_classifier.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "data/catalogue.hpp"
#include "evaluate/known_classifier.hpp"
#include "fit/show_progress.hpp"
#include "usage.hpp"

namespace ganymede::app {

std::optional<fit::Classifier> run_classifier(const run::Recipe& recipe, const MachineArguments& machine,
                                              const Output& output, const std::string& precision) {
  if (image_facts(recipe, machine.data).classes < 2) return {};
  FitProgress fits(output.style());
  evaluate::Reference reference(recipe, {.backend = backend(),
                                         .places = data::search_places(machine.data),
                                         .threads = machine.threads,
                                         .on_classifier = classifier_watch(fits, output),
                                         .say = [](const std::string& line) { tell("{}", line); }});
  fit::Classifier& classifier = reference.classifier();
  fits.end();
  return fit::Classifier(backend(), classifier.record(), machine.threads,
                         play::named<play::Precision>("--precision", precision));
}

SeenBy classifier_if_kept(const explore::TrainedGenerator& generator, const MachineArguments& machine,
                          const Output& output, bool fit) {
  const run::Recipe& recipe = generator.about().recipe;
  try {
    const run::ImageFacts facts = image_facts(recipe, machine.data);  // many sets are known without opening them
    if (facts.classes < 2) return {{}, fmt::format("the data of this run ({}) have no classes", recipe.data.source)};
    explore::check_draws(generator.network(), facts, recipe.data.source);
  } catch (const DataError& fault) {
    if (fit) throw;
    return {{}, fault.what()};
  }
  evaluate::KeptClassifier kept = evaluate::kept_classifier(
      recipe, {.backend = backend(), .places = data::search_places(machine.data), .threads = machine.threads},
      version_line());
  if (kept.classifier) return {std::move(kept.classifier), {}};
  if (fit) return {run_classifier(recipe, machine, output), {}};  // data that are missing are an error now
  if (kept.fittable) kept.why_not += "; --classify fits one, once";
  return {{}, std::move(kept.why_not)};
}

void add_classify(CLI::App& command, bool& classify) {
  command.add_flag("--classify", classify, "Fit a classifier of the run's data first, if none is kept yet");
}

fit::OnProgress FitProgress::begin(const std::string& label, std::int64_t steps) {
  bar_ =
      std::make_unique<Progress>(label, static_cast<double>(steps), ProgressOptions{.style = style_, .unit = "steps"});
  return fit::show_progress(*bar_);
}

ClassifierWatch classifier_watch(FitProgress& fits, const Output& output) {
  return [&fits, quiet = output.quiet](const std::string& data, bool fitted, std::int64_t steps) {
    if (!fitted) return fit::OnProgress();
    install_stop_handlers();
    if (!quiet) tell("first a classifier of {} is fitted, once, and kept: {} steps", data, with_thousands(steps));
    return fits.begin("classifier of " + std::filesystem::path(data).filename().string(), steps);
  };
}

std::string words_of(const fit::Classifier& classifier) {
  return fmt::format("{} of {}, validation error {:.2f} %", classifier.record().protocol, classifier.record().data,
                     100 * classifier.record().validation_error());
}

void add_precision(CLI::App& command, std::string& precision) {
  command.add_option("--precision", precision, "Arithmetic: f32 (the same bits on every machine), mixed or auto")
      ->transform(one_of(play::names_of<play::Precision>()))
      ->capture_default_str();
}

}  // namespace ganymede::app
