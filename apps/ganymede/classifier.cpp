#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "evaluate/known_classifier.hpp"
#include "explore/trained_generator.hpp"
#include "run_classifier.hpp"
#include "shared.hpp"
#include "usage.hpp"

namespace ganymede::app {
namespace {

struct ClassifierArguments {
  RunArguments run;
  MachineArguments machine;
  Output output;
};

int fit_classifier(const ClassifierArguments& arguments) {
  const run::RunDirectory directory = arguments.run.find();
  const run::Recipe recipe = directory.recipe();
  const run::ImageFacts facts = image_facts(recipe, arguments.machine.data);
  if (facts.classes < 2) {
    fail<DataError>("{}: its data ({}) have {}, so there is nothing to tell apart", directory.path().string(),
                    recipe.data.source, facts.classes == 0 ? "no classes" : "one class");
  }
  FitProgress fits(arguments.output.style());
  bool was_fitted = false;
  const ClassifierWatch watch = classifier_watch(fits, arguments.output);
  const evaluate::ReferenceOptions options{.backend = backend(),
                                           .places = data::search_places(arguments.machine.data),
                                           .threads = arguments.machine.threads,
                                           .on_classifier =
                                               [&](const std::string& data, bool fitted, std::int64_t steps) {
                                                 was_fitted = fitted;
                                                 return watch(data, fitted, steps);
                                               },
                                           .say = [](const std::string& line) { tell("{}", line); }};
  evaluate::Reference reference(recipe, options);
  const fit::Classifier& classifier = reference.classifier();
  fits.end();
  const fit::ClassifierRecord& record = classifier.record();
  const std::filesystem::path file =
      reference.stacked() == 1
          ? fit::classifier_file(backend(), reference.train(), reference.test(), evaluate::classifier_options(options))
          : evaluate::known_classifier(recipe, options, version_line()).file;
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.classifier_command/1"},
                         {"run", directory.name()},
                         {"data", record.data},
                         {"protocol", record.protocol},
                         {"class_names", record.class_names},
                         {"validation_error", record.validation_error()},
                         {"steps", record.steps},
                         {"seconds", record.seconds},
                         {"fitted", was_fitted},
                         {"file", file.string()}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}\n{} classes, {} steps in {}, {}\n{}\n", app::words_of(classifier), record.class_names.size(),
                      with_thousands(record.steps), human_duration(record.seconds),
                      was_fitted ? "fitted just now" : "fitted before", file.string()));
  }
  return 0;
}

}  // namespace

Action set_up_classifier(CLI::App& command) {
  const auto a = std::make_shared<ClassifierArguments>();
  add_run(command, a->run);
  add_data(command, a->machine.data);
  add_threads(command, a->machine.threads);
  add_output(command, a->output);
  command.footer(
      "Scores, maps and the explorer tell the classes of pictures by it. It is kept for all runs on the same data.\n"
      "Example: ganymede classifier digits-2d-001");
  return [a] { return fit_classifier(*a); };
}

}  // namespace ganymede::app
